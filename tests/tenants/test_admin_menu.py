"""The menu of the admin pages is what the apps put into it, by what one wants to do."""

from typing import Any

import pytest
from django.test import RequestFactory

from apps.core.models import Singleton
from apps.tenants.admin_menu import (
    SETTINGS,
    menu_sections,
    page_tabs,
    register_section,
    settings_address,
    settings_parts,
    sidebar_sections,
)
from apps.tenants.admin_sites import operator_site, tenant_site
from tests.support.browser import signed_in, user_as


def test_every_page_of_the_menu_is_an_admin_page_and_stands_in_it_once() -> None:
    there = {model._meta.label_lower for site in (tenant_site, operator_site) for model in site._registry}
    named = [page.model for _title, pages in menu_sections() for page in pages]
    parts = [
        part.model for name in named if name.startswith(SETTINGS) for part in settings_parts(name[len(SETTINGS) :])
    ]
    assert {name for name in named if not name.startswith(SETTINGS)} | set(parts) <= there
    assert len(named) == len(set(named))
    assert len(parts) == len(set(parts))
    assert not set(parts) & set(named)


def test_every_page_of_a_tenant_can_be_reached_from_the_menu() -> None:
    named = {page.model for _title, pages in menu_sections() for page in pages}
    models = {model._meta.label_lower for model in tenant_site._registry}
    assert {name for name in models - named if not settings_address(name)} == set()


def test_a_tab_stands_in_the_section_of_its_page() -> None:
    for _title, pages in menu_sections():
        heads = {page.model for page in pages if not page.under}
        assert {page.under for page in pages if page.under} <= heads


def test_a_table_of_one_row_has_no_list_of_its_own() -> None:
    settings = [model for model in tenant_site._registry if issubclass(model, Singleton)]
    assert len(settings) >= 7
    assert [model for model in settings if not settings_address(model._meta.label_lower)] == []


def test_sections_and_pages_stand_in_the_order_of_their_positions() -> None:
    menu = dict(menu_sections())
    assert list(menu)[:4] == ["People", "Routing", "Channels", "Conversations"]
    assert [page.model for page in menu["Routing"]][:5] == [
        "queues.queue",
        "queues.hoursprofile",
        "queues.skill",
        "queues.skillgroup",
        "routing.flow",
    ]


def test_a_section_has_one_place() -> None:
    with pytest.raises(ValueError, match="Routing"):
        register_section("Routing", position=1)


@pytest.fixture
def request_of_owner(acme: Any) -> Any:
    request = RequestFactory().get("/admin/queues/skillgroup/")
    request.user, request.tenant = user_as("owner"), acme
    return request


@pytest.mark.django_db
def test_an_owners_menu_has_25_entries_at_most(request_of_owner: Any) -> None:
    entries = [item["title"] for section in sidebar_sections(request_of_owner) for item in section["items"]]
    assert len(entries) <= 25, entries
    assert len(entries) == len(set(entries))


@pytest.mark.django_db
def test_the_entry_of_a_tab_is_marked_and_the_tab_too(request_of_owner: Any) -> None:
    active = [
        item["title"] for section in sidebar_sections(request_of_owner) for item in section["items"] if item["active"]
    ]
    assert active == ["Skills"]
    tabs = next(tab for tab in page_tabs(request_of_owner) if "queues.skillgroup" in tab["models"])
    assert [(each["title"], each["active"]) for each in tabs["items"]] == [("Skills", False), ("Skill groups", True)]


@pytest.mark.django_db
def test_the_way_to_a_row_is_told_in_the_menus_words(acme: Any) -> None:
    page = signed_in(user_as("owner")).get("/admin/queues/skillgroup/add/").content.decode()
    head = page[page.index("<h1") : page.index("</h1")]
    assert head.index("Routing") < head.index("Skill groups")
    assert 'href="/admin/queues/' not in head or "Queues</a>" not in head


@pytest.mark.django_db
def test_a_list_says_how_to_add_and_an_empty_one_what_for(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    assert "Add queue" in " ".join(browser.get("/admin/queues/queue/").content.decode().split())
    empty = " ".join(browser.get("/admin/contacts/contactfield/").content.decode().split())
    assert "No contact fields yet" in empty
    assert "Add contact field" in empty
