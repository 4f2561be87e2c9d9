"""A supervisor of one queue: theirs and nothing else, in every list, search, filter, count and history (TEN-5)."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.agents.models import Agent, AgentGroup, AgentSkill, GroupMembership, Membership
from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversations_readable_by
from apps.dispositions.models import CodeSet
from apps.queues.models import HoursProfile, Queue, QueueSkill, Skill
from tests.support.admin_pages import errors, fields, user_page
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import arrive, make_agent


@pytest.fixture(params=["by themselves", "through their group"])
def queues(request: pytest.FixtureRequest, acme: Any) -> dict[str, Any]:
    """Two queues with all that serves them, a supervisor of the first, a customer in each."""
    mine, theirs = (Queue.objects.create(name=name) for name in ("Mine", "Theirs"))
    supervisor = user_as("supervisor", first_name="Sue")
    if request.param == "by themselves":
        Membership.objects.create(agent=supervisor.agent, queue=mine)
    else:
        group = AgentGroup.objects.create(name="Leads")
        GroupMembership.objects.create(group=group, queue=mine)
        Agent.objects.filter(pk=supervisor.pk).update(group=group)
    found = {"mine": mine, "theirs": theirs, "supervisor": supervisor}
    for name, served in (("mine", [mine]), ("theirs", [theirs]), ("both", [mine, theirs])):
        found[f"agent of {name}"] = make_agent(queues=served, available=False, first_name=f"Anna{name}")
        hours = HoursProfile.objects.create(name=f"Hours{name}")
        skill = Skill.objects.create(name=f"Skill{name}", group=Skill.objects.first().group)
        outcomes = CodeSet.objects.create(name=f"Set{name}")
        outcomes.queues.set(served)
        for queue in served:
            QueueSkill.objects.create(queue=queue, skill=skill)
        AgentSkill.objects.create(agent=found[f"agent of {name}"], skill=skill, level=1)
        Queue.objects.filter(pk__in=[queue.pk for queue in served], hours=None).update(hours=hours)
    for name, queue in (("mine", mine), ("theirs", theirs)):
        found[f"talk in {name}"] = arrive(queue=queue, contact=Contact.objects.create(name=f"Carla{name}"))
    return found


@pytest.fixture
def browser(queues: dict[str, Any]) -> Browser:
    return signed_in(queues["supervisor"])


def listed(browser: Browser, page: str) -> set[str]:
    """What a list shows, and how many it says there are."""
    answer: Any = browser.get(f"/admin/{page}")
    changes = answer.context["cl"]
    assert changes.result_count == len(changes.result_list)
    return {str(row) for row in changes.result_list}


@pytest.mark.slow
def test_lists_hold_what_serves_their_queues(queues: dict[str, Any], browser: Browser) -> None:
    assert listed(browser, "queues/queue/") == {"Mine"}
    people = {str(queues[name]) for name in ("agent of mine", "agent of both", "supervisor")}
    assert listed(browser, "accounts/user/") == people
    assert listed(browser, "queues/skill/") == {"Skillmine", "Skillboth"}
    assert listed(browser, "queues/hoursprofile/") == {"Hoursmine"}
    assert {"Setmine", "Setboth"} <= listed(browser, "dispositions/codeset/")
    assert "Settheirs" not in listed(browser, "dispositions/codeset/")
    assert listed(browser, "contacts/contact/") == {"Carlamine"}
    assert listed(browser, "conversations/conversation/") == {str(queues["talk in mine"])}


@pytest.mark.slow
def test_a_search_and_a_filter_find_no_more(queues: dict[str, Any], browser: Browser) -> None:
    assert listed(browser, "conversations/conversation/?q=Carla") == {str(queues["talk in mine"])}
    assert listed(browser, "contacts/contact/?q=Carlatheirs") == set()
    filtered = listed(browser, f"conversations/conversation/?queue__id__exact={queues['theirs'].pk}")
    assert str(queues["talk in theirs"]) not in filtered
    page = browser.get("/admin/conversations/conversation/").content.decode()
    assert str(queues["theirs"].pk) not in page


@pytest.mark.slow
def test_others_rows_have_no_page_and_no_history(queues: dict[str, Any], browser: Browser) -> None:
    rows = (
        queues["theirs"],
        queues["agent of theirs"].user,
        queues["talk in theirs"],
        queues["talk in theirs"].contact,
    )
    for row in rows:
        for end in ("change", "history"):
            answer = browser.get(f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{end}/")
            assert answer["Location"] == "/admin/", (row, end)


@pytest.mark.slow
def test_who_serves_other_queues_too_is_seen_and_not_changed(queues: dict[str, Any], browser: Browser) -> None:
    page = user_page(queues["agent of both"].user)
    assert browser.get(page).status_code == 200
    assert browser.post(page, {}).status_code == 403
    assert browser.get(user_page(queues["agent of mine"].user)).status_code == 200


@pytest.mark.slow
def test_nobody_comes_into_other_queues_by_a_group(queues: dict[str, Any], browser: Browser) -> None:
    """Neither an agent of theirs nor the supervisor themself."""
    group = AgentGroup.objects.create(name="Of theirs")
    GroupMembership.objects.create(group=group, queue=queues["theirs"])
    for user in (queues["agent of mine"].user, queues["supervisor"]):
        page = user_page(user)
        answer = browser.post(page, fields(browser.get(page)) | {"group": str(group.pk)})
        assert "beyond the queues" in errors(answer)
        assert Agent.objects.get(pk=user.pk).group_id != group.pk


@pytest.mark.slow
def test_a_set_stays_with_their_queues(queues: dict[str, Any], browser: Browser) -> None:
    own = CodeSet.objects.get(name="Setmine")
    page = f"/admin/dispositions/codeset/{own.pk}/change/"
    data = fields(browser.get(page))
    for served in ([str(queues["theirs"].pk)], []):
        answer = browser.post(page, data | {"queues": served})
        assert answer.status_code == 200
        assert [queue.name for queue in own.queues.all()] == ["Mine"]
    assert browser.post(page, data | {"description": "Ours"}).status_code == 302


def test_the_deactivated_reach_nothing(queues: dict[str, Any]) -> None:
    supervisor = User.objects.get(pk=queues["supervisor"].pk)
    assert list(conversations_readable_by(supervisor)) == [queues["talk in mine"]]
    supervisor.is_active = False
    assert list(conversations_readable_by(supervisor)) == []
    assert Conversation.objects.count() == 2
