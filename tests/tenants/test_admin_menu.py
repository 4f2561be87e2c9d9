"""The menu of the admin pages is what the apps put into it."""

import pytest

from apps.tenants.admin_menu import menu_sections, register_section
from apps.tenants.admin_sites import operator_site, tenant_site


def test_every_page_of_the_menu_is_an_admin_page_and_stands_in_it_once() -> None:
    there = {model._meta.label_lower for site in (tenant_site, operator_site) for model in site._registry}
    named = [page.model for _title, pages in menu_sections() for page in pages]
    assert set(named) <= there
    assert len(named) == len(set(named))


def test_sections_and_pages_stand_in_the_order_of_their_positions() -> None:
    menu = dict(menu_sections())
    assert list(menu)[:3] == ["People", "Routing", "Channels"]
    assert [page.model for page in menu["Routing"]][:6] == [
        "queues.queue",
        "queues.hoursprofile",
        "queues.skill",
        "queues.skillgroup",
        "routing.channelrules",
        "routing.flow",
    ]


def test_a_section_has_one_place() -> None:
    with pytest.raises(ValueError, match="Routing"):
        register_section("Routing", position=1)
