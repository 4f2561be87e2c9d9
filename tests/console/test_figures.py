"""An agent's own figures (CON-7): each from stored intervals, with its definition (SUP-4)."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.models import Agent, StatusInterval
from apps.console.figures.period import Period
from apps.console.figures.selectors import DEFINITIONS, Stays, figures_for
from apps.conversations.actions import conversation_end
from apps.conversations.choices import SegmentKind, Side, State
from apps.conversations.models import Conversation, ConversationEvent, Segment
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import Choice, Code, CodeSet
from apps.queues.choices import AcwMode
from apps.routing.actions import offer_reject
from apps.routing.models import ChannelRules, Offer
from apps.snooze.models import Snooze
from tests.support.pages import HTMX, browser_of, elements
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = {"since": datetime(2026, 3, 10, tzinfo=UTC), "until": datetime(2026, 3, 11, tzinfo=UTC)}
NOTHING = Stays(0, 0, 0, 0, None, None, None, None, None, None)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


class Past:
    """Stays of one agent, at moments that a test chooses: in seconds after noon."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def stay(
        self,
        start: float,
        end: float,
        *,
        first: float | None = None,
        wrap_up: float | None = None,
        then: str = "ended",
        side: str = "agent",
        cause: str = "ended",
    ) -> Conversation:
        at = NOON + seconds(end)
        conversation = Conversation.objects.create(
            channel="chat",
            state=State.CLOSED,
            contact=ContactFactory(),
            queue=default_queue(),
            agent=self.agent.user,
            first_arrived_at=NOON + seconds(start),
            ended_at=at,
            closed_at=at,
        )
        self.segment(conversation, SegmentKind.AGENT, start, end, first=first, wrap_up=wrap_up)
        if then == "ended":
            over = NOON + seconds(end if wrap_up is None else wrap_up)
            self.event(conversation, "ended", over, side=side, data={"cause": cause})
        else:
            self.segment(conversation, SegmentKind.QUEUE, end, end + 5)
            actor = None if then == "returned" else self.agent.user
            self.event(conversation, then, at, actor=actor)
        return conversation

    def segment(
        self,
        conversation: Conversation,
        kind: str,
        start: float,
        end: float,
        *,
        first: float | None = None,
        wrap_up: float | None = None,
    ) -> None:
        Segment.objects.create(
            conversation=conversation,
            kind=kind,
            queue=conversation.queue,
            agent=self.agent.user if kind == SegmentKind.AGENT else None,
            started_at=NOON + seconds(start),
            first_response_at=None if first is None else NOON + seconds(first),
            wrap_up_at=None if wrap_up is None else NOON + seconds(wrap_up),
            ended_at=NOON + seconds(end),
        )

    def event(self, conversation: Conversation, kind: str, at: datetime, **more: Any) -> None:
        ConversationEvent.objects.create(conversation=conversation, kind=kind, at=at, **more)


# --- Stays


def test_nothing_at_all(acme: Any) -> None:
    agent = make_agent()
    found = figures_for(agent.pk, **DAY)
    assert found.stays == NOTHING
    assert [(part.kind, part.amount) for part in found.offers] == [
        ("accepted", 0),
        ("timed_out", 0),
        ("rejected", 0),
        ("withdrawn", 0),
    ]
    assert (found.statuses, found.outcomes, found.signed_in) == ([], [], timedelta())


def test_how_stays_ended_and_how_long_they_took(acme: Any) -> None:
    agent, other = make_agent(), make_agent()
    past = Past(agent)
    past.stay(0, 100, first=10, wrap_up=60)
    past.stay(10, 210, first=40, wrap_up=200, side="customer")
    past.stay(20, 60, side="customer")
    past.stay(30, 330, first=50, wrap_up=300, side="system", cause="inactivity")
    past.stay(40, 45, first=44, then="transferred")
    past.stay(50, 55, then="returned")
    Past(other).stay(0, 999, first=1, wrap_up=2)
    spam = past.stay(0, 500, first=1, wrap_up=2)
    Conversation.objects.filter(pk=spam.pk).update(is_spam=True)
    assert figures_for(agent.pk, **DAY).stays == Stays(
        handled=4,
        transferred=1,
        returned=1,
        abandoned=2,
        first_response_mean=seconds((10 + 30 + 20 + 4) / 4),
        first_response_median=seconds(15),
        handle_mean=seconds((100 + 200 + 40 + 300 + 5 + 5) / 6),
        handle_median=seconds((40 + 100) / 2),
        wrap_up_mean=seconds((40 + 10 + 30) / 3),
        wrap_up_median=seconds(30),
    )


def test_a_transfer_counts_for_who_asked_for_it_and_not_for_who_did_not_answer(acme: Any) -> None:
    """XFR-4, AGT-7: it opened by itself at a colleague, who said nothing, and went back to its sender."""
    sender, receiver = make_agent(), make_agent()
    past, theirs = Past(sender), Past(receiver)
    conversation = past.stay(0, 100, first=10, then="transfer_asked")
    past.event(conversation, "transferred", NOON + seconds(100), actor=receiver.user)
    theirs.segment(conversation, SegmentKind.AGENT, 100, 160)
    past.event(conversation, "transferred", NOON + seconds(160), actor=sender.user)
    past.segment(conversation, SegmentKind.AGENT, 160, 300, first=200)
    past.event(conversation, "ended", NOON + seconds(300), side="agent", data={"cause": "ended"})
    mine, other = figures_for(sender.pk, **DAY).stays, figures_for(receiver.pk, **DAY).stays
    assert (mine.handled, mine.transferred, mine.returned) == (1, 1, 0)
    assert (other.handled, other.transferred, other.returned) == (0, 0, 1)


def test_snoozed_time_is_no_handle_time(acme: Any) -> None:
    agent = make_agent()
    conversation = Past(agent).stay(0, 1000, first=10, wrap_up=900)
    segment = Segment.objects.get(conversation=conversation)
    for start, end in ((100, 200), (300, 600)):
        Snooze.objects.create(
            conversation=conversation,
            segment=segment,
            agent=agent.user,
            started_at=NOON + seconds(start),
            until=NOON + seconds(end),
            ended_at=NOON + seconds(end),
            cause="time",
        )
    stays = figures_for(agent.pk, **DAY).stays
    assert (stays.handled, stays.handle_mean, stays.wrap_up_mean) == (1, seconds(600), seconds(100))


def test_a_stay_over_midnight_counts_where_it_ends_and_an_open_one_not_yet(acme: Any) -> None:
    agent = make_agent()
    Past(agent).stay(0, 86_400 / 2, first=1)
    talk(agent)
    assert figures_for(agent.pk, **DAY).stays == NOTHING
    following = figures_for(agent.pk, since=DAY["until"], until=DAY["until"] + timedelta(days=1)).stays
    assert (following.handled, following.handle_mean) == (1, timedelta(hours=12))


def test_the_actions_write_what_the_figures_read(acme: Any) -> None:
    """Ended by hand with a wrap-up, left before a word, without after-call work, put back by a rejected offer."""
    agent = make_agent(chat=5)
    began = timezone.now()
    resolved = CodeSet.objects.get(name="Resolution")
    chosen = [CodeChoice(resolved.pk, resolved.codes.get(name="Resolved").pk)]
    wrapped, left = talk(agent), talk(agent)
    conversation_end(conversation_id=wrapped.pk, by=Side.AGENT, actor=agent.user)
    wrap_up_close(conversation_id=wrapped.pk, chosen=chosen, description="", actor=agent.user)
    queue = default_queue()
    queue.acw_mode = AcwMode.OFF
    queue.save(update_fields=["acw_mode"])
    conversation_end(conversation_id=left.pk, by=Side.CUSTOMER, actor=None)
    ChannelRules.objects.update_or_create(family="chat", defaults={"may_reject": True})
    offer = ringing(arrive())
    assert offer is not None
    offer_reject(offer_id=offer.pk, actor=agent.user)
    found = figures_for(agent.pk, since=began, until=timezone.now())
    stays = found.stays
    assert (stays.handled, stays.transferred, stays.returned, stays.abandoned) == (2, 0, 0, 1)
    assert {part.kind: part.amount for part in found.offers}["rejected"] == 1
    assert {part.kind: part.amount for part in found.offers}["accepted"] == 2
    assert [(part.name, part.amount, part.kind) for part in found.outcomes] == [("Resolved", 1, "Resolution")]


# --- Offers, statuses, outcomes


def test_offers_by_what_became_of_them(acme: Any) -> None:
    agent = make_agent()
    conversation = Past(agent).stay(0, 10)
    for number, state in enumerate(["accepted", "accepted", "timed_out", "rejected", "withdrawn", "withdrawn"]):
        at = NOON + seconds(number)
        Offer.objects.create(
            conversation=conversation, agent=agent.user, state=state, created_at=at, expires_at=at, ended_at=at
        )
    late = DAY["until"]
    Offer.objects.create(
        conversation=conversation, agent=agent.user, state="rejected", created_at=late, expires_at=late, ended_at=late
    )
    offers = figures_for(agent.pk, **DAY).offers
    assert [(part.kind, part.amount) for part in offers] == [
        ("accepted", 2),
        ("timed_out", 1),
        ("rejected", 1),
        ("withdrawn", 2),
    ]
    assert sum(part.share for part in offers) == pytest.approx(100, abs=0.01)


def test_time_in_each_status_is_cut_at_both_midnights_and_leaves_offline_out(acme: Any) -> None:
    agent = make_agent()
    StatusInterval.objects.filter(agent=agent).delete()
    edges = [
        ("offline", "Offline", -90_000),
        ("available", "Available", -50_000),
        ("away", "Lunch", 0),
        ("available", "Available", 3_600),
        ("busy", "Meeting", 7_200),
        ("offline", "Offline", 9_000),
        ("away", "Night shift", 42_000),
    ]
    ends = [start for _base, _label, start in edges[1:]] + [50_000]
    for (base, label, start), end in zip(edges, ends, strict=True):
        StatusInterval.objects.create(
            agent=agent,
            base=base,
            label=label,
            cause="chosen",
            started_at=NOON + seconds(start),
            ended_at=NOON + seconds(end),
        )
    statuses = figures_for(agent.pk, **DAY).statuses
    assert [(part.name, part.amount, part.kind) for part in statuses] == [
        ("Available", seconds(43_200 + 3_600), "available"),
        ("Lunch", seconds(3_600), "away"),
        ("Night shift", seconds(1_200), "away"),
        ("Meeting", seconds(1_800), "busy"),
    ]


def test_the_status_of_now_counts_up_to_now(acme: Any) -> None:
    agent = make_agent()
    since = timezone.now() - timedelta(hours=1)
    StatusInterval.objects.filter(agent=agent).delete()
    StatusInterval.objects.create(agent=agent, base="away", label="Away", cause="chosen", started_at=since)
    (part,) = figures_for(agent.pk, since=since, until=since + timedelta(days=1)).statuses
    assert timedelta(hours=1) <= part.amount < timedelta(hours=1, minutes=2)


def test_outcomes_of_what_was_handled(acme: Any) -> None:
    agent = make_agent()
    past = Past(agent)
    code = Code.objects.get(name="Resolved")
    for conversation in (past.stay(0, 10), past.stay(20, 30), past.stay(40, 50, then="transferred")):
        Choice.objects.create(conversation=conversation, code=code, set_name="Resolution", code_name="Resolved")
    (part,) = figures_for(agent.pk, **DAY).outcomes
    assert (part.name, part.amount, part.share) == ("Resolved", 2, 100)


def test_codes_of_one_name_stand_below_their_sets(acme: Any) -> None:
    """The system's own code is in each set that nobody chose from."""
    agent = make_agent()
    past = Past(agent)
    conversation = past.stay(0, 10)
    system = Code.objects.filter(is_system=True).first()
    Choice.objects.create(conversation=conversation, code=system, set_name="Resolution", code_name="System")
    Choice.objects.create(conversation=conversation, code=system, set_name="Product", code_name="System")
    figures = figures_for(agent.pk, **DAY)
    page = render_to_string(
        "console/figures/_bars.html", {"parts": figures.outcomes, "grouped": figures.has_outcome_sets}
    )
    rows = re.findall(r'<(?:h3|span)[^>]*class="(?:edge|bars-name edge)"[^>]*>(.*?)<', page)
    assert rows == ["Product", "System", "Resolution", "System"]
    shown = render_to_string(
        "console/wrap_up/_outcome.html", {"choices": conversation.dispositions.order_by("set_name")}
    )
    assert re.findall(r'"tag">(.*?)<', shown) == ["Product: System", "Resolution: System"]


# --- Days


def test_a_day_is_the_readers_and_a_week_begins_on_monday() -> None:
    with timezone.override(ZoneInfo("Europe/Madrid")):
        short = Period.of({"day": "2026-03-29"})
        assert (short.since, short.until) == (
            datetime(2026, 3, 28, 23, tzinfo=UTC),
            datetime(2026, 3, 29, 22, tzinfo=UTC),
        )
        week = Period.of({"day": "2026-03-29", "length": "week"})
        assert (week.first, week.last) == (date(2026, 3, 23), date(2026, 3, 29))
        assert (week.before, week.after) == (date(2026, 3, 22), date(2026, 3, 30))


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_what_is_no_day_is_today(day: str) -> None:
    span = Period.of({"day": day, "length": "year"})
    assert (span.day, span.length, span.after) == (timezone.localdate(), "day", None)


# --- The page


def test_the_page_shows_ones_own_figures_with_their_definitions_in_a_fixed_number_of_queries(acme: Any) -> None:
    agent, other = make_agent(), make_agent()
    Past(other).stay(0, 100)
    browser = browser_of(agent.user)
    assert handled(browser.get("/console/me/?day=2026-03-10")) == "0"
    counts = []
    for _more in range(2):
        for number in range(3):
            Past(agent).stay(number, 100 + number, first=50, wrap_up=80)
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get("/console/me/?day=2026-03-10", headers=HTMX)
        counts.append(len(queries))
    assert handled(answer) == "6"
    assert counts[0] == counts[1]
    text = answer.content.decode()
    for definition in DEFINITIONS.values():
        assert str(definition) in text
    assert [each["id"] for each in elements(answer, "main")] == ["dashboard"]


def test_the_page_speaks_the_agents_time_zone(acme: Any) -> None:
    agent = make_agent()
    Past(agent).stay(0, 43_200 - 60)
    User.objects.filter(pk=agent.pk).update(time_zone="Asia/Tokyo")
    browser = browser_of(agent.user)
    assert handled(browser.get("/console/me/?day=2026-03-10")) == "0"
    assert handled(browser.get("/console/me/?day=2026-03-11")) == "1"
    assert handled(browser.get("/console/me/?day=2026-03-09&length=week")) == "1"


def handled(answer: Any) -> str:
    """What the page says under "Handled"."""
    after = answer.content.decode().split('data-figure="handled"', 1)[1].split('class="figure-value">', 1)[1]
    return str(after.split("<", 1)[0])
