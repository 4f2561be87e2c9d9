"""The agent's queues at a glance, and picking from them (RTE-12)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from apps.accounts.actions import user_set_picture
from apps.agents.models import Agent, Capacity, Status
from apps.console.selectors.own import agent_of
from apps.console.tray.selectors import queues
from apps.conversations.models import Conversation
from apps.queues.models import Queue
from apps.routing.models import ChannelRules
from tests.support.pages import HTMX, browser_of, card_ids, elements
from tests.support.people import arrive, default_queue, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def may_pick(acme: Any) -> None:
    ChannelRules.objects.filter(family="chat").update(may_pick=True)


def picks(answer: Any) -> list[str | None]:
    return [each["action"] for each in elements(answer, "form") if str(each.get("action")).startswith("/console/pick/")]


def unrung(**arrival: Any) -> Conversation:
    """A conversation that waits and rings nowhere."""
    conversation = arrive(**arrival)
    assert ringing(conversation) is None
    return conversation


def test_the_agents_queues_with_who_waits_and_since_when(acme: Any) -> None:
    other, foreign = Queue.objects.create(name="Returns"), Queue.objects.create(name="Not mine")
    agent = make_agent(available=False, queues=[default_queue(), other])
    first, _second = unrung(), unrung()
    unrung(queue=foreign)
    found = {row.queue.name: (row.waiting, row.since) for row in queues.queues_for(agent).rows}
    assert found == {default_queue().name: (2, first.first_arrived_at), "Returns": (0, None)}
    page = browser_of(agent.user).get("/console/")
    assert elements(page, "li", id=f"queue-{other.pk}")
    assert b"Not mine" not in page.content
    assert picks(page) == []


def test_the_list_is_fetched_alone(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).get("/console/queues/", headers=HTMX)
    (section,) = elements(answer, "section", id="queues")
    assert section["data-digest"] == queues.queues_for(agent).digest
    assert not elements(answer, "aside")


def test_its_digest_changes_with_who_waits(acme: Any) -> None:
    agent = make_agent(available=False)
    before = queues.queues_for(agent).digest
    unrung()
    assert queues.queues_for(agent).digest != before


@pytest.mark.usefixtures("may_pick")
def test_picking_opens_the_conversation(acme: Any) -> None:
    agent = make_agent(available=False)
    waiting = [unrung() for _ in range(2)]
    browser = browser_of(agent.user)
    assert picks(browser.get("/console/")) == [f"/console/pick/{each.pk}/" for each in waiting]
    # By hand, so that none of them rings: the second one is picked out of turn.
    Agent.objects.filter(pk=agent.pk).update(status=Status.objects.get(code="available"), base="available")
    free = waiting[1]
    answer = browser.post(f"/console/pick/{free.pk}/", headers=HTMX)
    assert answer["HX-Push-Url"] == f"/console/c/{free.pk}/"
    assert elements(answer, "main", id="pane", data_state="active")
    assert card_ids(answer) == [str(free.pk)]


@pytest.mark.usefixtures("may_pick")
@pytest.mark.parametrize(
    ("status", "used", "why"),
    [
        ("away", 0, "Choose Available first."),
        ("system_away", 0, "Choose Available first."),
        ("available", 3, "All your slots of this channel are taken."),
        ("system_busy", 3, "All your slots of this channel are taken."),
        ("available", 2, ""),
    ],
)
def test_who_can_be_given_none_reads_why_beside_each(acme: Any, status: str, used: int, why: str) -> None:
    """AGT-2, RTE-12: the button says beforehand what the server would say."""
    agent = make_agent(available=False)
    waiting = unrung()
    found = Status.objects.get(code=status)
    before = queues.queues_for(agent_of(agent.pk)).digest
    Agent.objects.filter(pk=agent.pk).update(status=found, base=found.base)
    Capacity.objects.filter(agent=agent, family="chat").update(used=used)
    shown = queues.queues_for(agent_of(agent.pk))
    assert [pick.why_not for pick in shown.rows[0].picks] == [why]
    assert (shown.digest == before) == (status in {"away", "system_away"})
    browser = browser_of(agent.user)
    buttons = [each for each in elements(browser.get("/console/queues/"), "button") if "disabled" in each]
    assert [each["title"] for each in buttons] == ([why] if why else [])
    answer = browser.post(f"/console/pick/{waiting.pk}/", headers=HTMX)
    assert answer.status_code == (409 if why else 200)
    assert why in answer.content.decode()


@pytest.mark.usefixtures("may_pick")
def test_the_wait_is_the_one_in_this_queue_with_the_whole_beside_it(acme: Any) -> None:
    """RTE-12: one meaning of waiting everywhere."""
    agent = make_agent(available=False)
    waiting = unrung()
    long_ago = waiting.queue_entered_at - timedelta(minutes=12)
    browser = browser_of(agent.user)
    assert "in all" not in browser.get("/console/queues/").content.decode()
    Conversation.objects.filter(pk=waiting.pk).update(first_arrived_at=long_ago)
    (row,) = queues.queues_for(agent).rows
    assert (row.since, row.picks[0].conversation.in_all_since) == (waiting.queue_entered_at, long_ago)
    assert "in all" in browser.get("/console/queues/").content.decode()


@pytest.mark.usefixtures("may_pick")
def test_what_is_refused_is_said(acme: Any) -> None:
    agent = make_agent(available=False)
    waiting = unrung()
    browser = browser_of(agent.user)
    toast = browser.post(f"/console/pick/{waiting.pk}/", headers=HTMX)
    assert (toast.status_code, toast["HX-Retarget"]) == (409, "#toasts")
    assert b"Choose Available first." in toast.content
    assert browser.post(f"/console/pick/{waiting.pk}/").status_code == 409


def test_nobody_picks_where_it_is_not_allowed(acme: Any) -> None:
    agent = make_agent(available=False)
    answer = browser_of(agent.user).post(f"/console/pick/{unrung().pk}/")
    assert b"Conversations of this channel come by themselves." in answer.content


@pytest.mark.usefixtures("may_pick")
def test_the_list_costs_the_same_however_many_wait(acme: Any) -> None:
    agent = make_agent(available=False)
    counts = []
    for _ in range(2):
        for _more in range(4):
            unrung()
        one = agent_of(agent.pk)
        with CaptureQueriesContext(connection) as queries:
            found = queues.queues_for(one)
        counts.append(len(queries))
    assert counts == [3, 3]
    assert [len(row.picks) for row in found.rows] == [queues.PICKS]
    assert found.waiting == 8


def test_ones_own_picture_or_initials(acme: Any, settings: Any, tmp_path: Any) -> None:
    """TEN-4."""
    settings.MEDIA_ROOT = tmp_path
    agent = make_agent(available=False, first_name="Ida", last_name="Noor")
    browser = browser_of(agent.user)
    assert not [each for each in elements(browser.get("/console/"), "img") if each.get("src")]
    path = tmp_path / "x.png"
    Image.new("RGB", (8, 8)).save(path)
    user = user_set_picture(user=agent.user, upload=ContentFile(path.read_bytes(), "x.png"), actor=None)
    assert elements(browser.get("/console/"), "img", src=f"/{user.picture}")
