"""The search of the admin pages: pages, settings and names, of what the viewer may see there."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.accounts.models import Role
from apps.accounts.permissions import Permission
from apps.agents.models import AgentSettings, Membership
from apps.queues.models import Queue, Skill, SkillGroup
from apps.responses.models import Response, ResponseGroup
from apps.tenants.admin_base import ReadOnlyAdmin
from apps.tenants.admin_search import MOST_HITS
from apps.tenants.admin_sites import tenant_site
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import UserFactory, make_operator

pytestmark = pytest.mark.django_db


def found(browser: Browser, term: str) -> dict[str, list[str]]:
    """What is found, by the kind: titles."""
    groups = browser.get("/admin/search/", data={"s": term}).context["groups"]
    return {group.title: [hit.title for hit in group.hits] for group in groups}


def test_a_page_is_found_by_what_the_menu_calls_it(acme: Any) -> None:
    assert found(signed_in(user_as("owner")), "hours")["Pages"] == ["Hours"]


def test_a_field_of_a_settings_page_is_found_and_its_link_leads_into_it(acme: Any) -> None:
    browser = signed_in(user_as("administrator"))
    groups = browser.get("/admin/search/", data={"s": "PREParation"}).context["groups"]
    hits = [hit for group in groups if group.title == "Settings" for hit in group.hits]
    field = next(hit for hit in hits if hit.link.endswith("-login_prep_seconds"))
    address, anchor = field.link.split("#")
    assert address == "/admin/settings/routing/"
    assert f'id="{anchor}"' in browser.get(address).content.decode()
    assert field.where == "Routing settings › Login preparation"


def test_every_link_of_a_setting_names_something_on_its_page(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    pages: dict[str, str] = {}
    for term in "abcdefghijklmnopqrstuvwxyz":
        for group in browser.get("/admin/search/", data={"s": term}).context["groups"]:
            for hit in group.hits:
                address, _hash, anchor = hit.link.partition("#")
                if address not in pages:
                    pages[address] = browser.get(address, follow=True).content.decode()
                assert not anchor or f'id="{anchor}"' in pages[address], hit


def test_a_field_is_found_by_its_help_text_after_those_that_are_called_so(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    titles = found(browser, "snooze")["Settings"]
    assert titles[0] == "Snooze"
    assert any("snooze" not in title.casefold() for title in titles)


def test_words_are_looked_for_in_the_viewers_language(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AgentSettings._meta.get_field("login_prep_seconds"), "verbose_name", "Vorbereitung")
    assert "Vorbereitung" in found(signed_in(user_as("owner")), "vorbereitung")["Settings"]


def test_rows_are_found_by_name_and_lead_to_their_pages(acme: Any) -> None:
    queue = Queue.objects.create(name="Billing Lyon")
    Skill.objects.create(name="Lyon wine", group=SkillGroup.objects.create(name="Drinks"))
    group = ResponseGroup.objects.create(name="Times")
    Response.objects.create(name="Opening hours Lyon", shortcut="times", chat_body="Hello", group=group)
    browser = signed_in(user_as("owner"))
    groups = found(browser, "lyon")
    assert groups == {"Queues": ["Billing Lyon"], "Skills": ["Lyon wine"], "Standard responses": ["Opening hours Lyon"]}
    hit = browser.get("/admin/search/", data={"s": "billing lyon"}).context["groups"][0].hits[0]
    assert hit.link == f"/admin/queues/queue/{queue.pk}/change/"


def test_a_person_is_found_by_parts_of_both_names(acme: Any) -> None:
    person = UserFactory(first_name="Nora", last_name="Lindqvist")
    assert found(signed_in(user_as("owner")), "lind nora")["Users"] == [str(person)]


def test_few_of_many_are_shown_with_a_link_to_all(acme: Any) -> None:
    for number in range(MOST_HITS["rows"] + 2):
        Queue.objects.create(name=f"Overflow {number}")
    browser = signed_in(user_as("owner"))
    group = browser.get("/admin/search/", data={"s": "overflow"}).context["groups"][0]
    assert len(group.hits) == MOST_HITS["rows"]
    assert group.more == "/admin/queues/queue/?q=overflow"
    assert "All in Queues" in browser.get("/admin/search/", data={"s": "overflow"}).content.decode()


def test_the_number_of_queries_does_not_depend_on_what_is_there(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    found(browser, "warm")  # Rows of settings are made when they are first asked for.

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(browser, "needle")
        return len(asked)

    before = queries()
    group = SkillGroup.objects.create(name="Needles")
    for number in range(4):
        Queue.objects.create(name=f"Needle {number}")
        Skill.objects.create(name=f"Needle {number}", group=group)
        UserFactory(last_name="Needle")
    assert queries() == before


def test_ten_5_a_supervisor_finds_what_serves_their_queues_alone(acme: Any) -> None:
    user = user_as("supervisor")
    mine, theirs = Queue.objects.create(name="Depot North"), Queue.objects.create(name="Depot South")
    Membership.objects.create(agent=user.agent, queue=mine)
    group = ResponseGroup.objects.create(name="Depots")
    for queue in (mine, theirs):
        name = f"Words of {queue.name}"
        response = Response.objects.create(
            name=name, shortcut=queue.name[6:].casefold(), chat_body="Hello", queues_only=True, group=group
        )
        response.queues.add(queue)
    groups = found(signed_in(user), "depot")
    assert groups == {
        "Queues": ["Depot North"],
        "Standard responses": ["Words of Depot North"],
        "Response groups": ["Depots"],
    }


def test_ten_5_an_own_role_finds_what_it_may_alone(acme: Any) -> None:
    Queue.objects.create(name="Depot")
    role = Role.objects.create(code="auditor", name="Auditor", scope="all", permissions=[Permission.AUDIT])
    browser = signed_in(UserFactory(role=role))
    assert found(browser, "depot") == {}
    assert found(browser, "snooze") == {}
    assert found(browser, "audit") == {"Pages": ["Audit log"]}


def test_an_agent_and_a_stranger_find_nothing(acme: Any) -> None:
    for browser in (signed_in(user_as("agent")), Browser("acme.localhost")):
        answer = browser.get("/admin/search/", data={"s": "queue"})
        assert answer.status_code in {302, 403}


def test_ten_1_nothing_of_another_tenant_is_found(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        Queue.objects.create(name="Elsewhere")
    assert found(signed_in(user_as("owner")), "elsewhere") == {}


def test_operators_find_tenants_and_no_settings_of_one(acme: Any) -> None:
    operator = signed_in(make_operator(), "localhost")
    assert found(operator, acme.name.casefold())["Tenants"] == [acme.name]
    assert not any("snooze" in hit.casefold() for hits in found(operator, "snooze").values() for hit in hits)


@pytest.mark.parametrize("term", ["", "   ", "%", "_", "\\", "'\"; --", "x" * 10_000, "🦆"])
def test_odd_words_are_no_error(acme: Any, term: str) -> None:
    answer = signed_in(user_as("owner")).get("/admin/search/", data={"s": term})
    assert answer.status_code == 200


def test_markup_in_names_is_text(acme: Any) -> None:
    Queue.objects.create(name="<b>Depot</b>")
    text = signed_in(user_as("owner")).get("/admin/search/", data={"s": "depot"}).content.decode()
    assert "&lt;b&gt;Depot" in text


def test_who_finds_nothing_is_told_so_and_who_asks_nothing_is_told_nothing(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    assert "Nothing that you may see" in browser.get("/admin/search/", data={"s": "xyzzy"}).content.decode()
    assert not browser.get("/admin/search/").content.decode().strip()


def test_every_page_offers_the_search(acme: Any) -> None:
    text = signed_in(user_as("owner")).get("/admin/queues/queue/").content.decode()
    assert "data-search-open" in text
    assert re.search(r'<dialog id="search"', text)


def test_every_list_that_is_set_up_and_has_names_says_by_what_it_is_found() -> None:
    nameless = {
        page.model._meta.label
        for page in tenant_site._registry.values()
        if not isinstance(page, ReadOnlyAdmin) and not page.found_by and page.search_fields
    }
    assert nameless == {"dispositions.Outcome", "email.Mailbox", "email.MailHook"}
