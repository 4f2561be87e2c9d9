"""What waiting customers see: their place, about how long, and the message of the moment (RTE-5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.conversations.actions import conversation_end
from apps.conversations.choices import SegmentKind, Side, State
from apps.conversations.models import Conversation, Segment
from apps.core.errors import DomainError
from apps.queues.models import HoursProfile, Queue
from apps.routing import actions, waiting_view
from apps.routing.actions import offer_expire
from apps.routing.models import WaitingExperience
from apps.routing.waiting_view import queue_position, recent_pickups, wait_estimate, waiting_message
from apps.routing.waiting_view import waiting_view as view_of
from tests.support.people import arrive, default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.get_default_timezone())


def place(conversation: Conversation) -> int | None:
    return queue_position(Conversation.objects.get(pk=conversation.pk))


def pick_ups(count: int, *, queue: Queue | None = None, minutes_ago: float = 5) -> None:
    """Stays with an agent that began then, of conversations that are over."""
    agent = make_agent(available=False)
    at = timezone.now() - timedelta(minutes=minutes_ago)
    for _each in range(count):
        conversation = arrive(queue=queue)
        conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
        stay = {"kind": SegmentKind.AGENT, "agent": agent.user, "started_at": at, "ended_at": at}
        Segment.objects.create(conversation=conversation, queue=conversation.queue, **stay)


def test_places_follow_the_order_of_the_line(acme: Any) -> None:
    """RTE-7: priority, then returned ones, then first arrival."""
    first, second, third = arrive(), arrive(), arrive()
    assert [place(each) for each in (first, second, third)] == [1, 2, 3]
    Conversation.objects.filter(pk=third.pk).update(returned=True)
    assert [place(each) for each in (first, second, third)] == [2, 3, 1]
    Conversation.objects.filter(pk=second.pk).update(priority=4)
    assert [place(each) for each in (first, second, third)] == [3, 1, 2]


def test_those_who_came_in_the_same_moment_have_places_of_their_own(acme: Any) -> None:
    with time_machine.travel(NOON, tick=False):
        line = [arrive() for _each in range(3)]
    line.sort(key=lambda each: each.pk)
    assert [place(each) for each in line] == [1, 2, 3]


def test_who_rings_still_stands_before_those_who_wait(acme: Any) -> None:
    make_agent(chat=1)
    ringing, waiting = arrive(), arrive()
    assert Conversation.objects.get(pk=ringing.pk).state == State.OFFERED
    assert (place(ringing), place(waiting)) == (1, 2)


def test_other_queues_and_tenants_do_not_count(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        theirs = arrive()
        arrive()
    other = Queue.objects.create(name="Other", priority=1)
    arrive(queue=other)
    mine = arrive()
    assert place(mine) == 1
    with tenant_context(globex):
        assert place(theirs) == 1


def test_far_back_in_line_there_is_no_number(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_view, "COUNTED", 2)
    line = [arrive() for _each in range(4)]
    assert [place(each) for each in line] == [1, 2, None, None]
    assert view_of(line[3]).minutes is None


def test_the_place_is_counted_by_indexes(acme: Any) -> None:
    # Enough of a past for the planner to know which index is the narrow one, without pages that earlier tests emptied.
    pick_ups(60, minutes_ago=600)
    arrive()
    mine = arrive()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (FULL, ANALYZE) conversations_conversation, conversations_segment")
    with CaptureQueriesContext(connection) as asked:
        assert queue_position(mine) == 2
        assert recent_pickups(mine.queue_id, timezone.now()) == 0
    used = set()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        for query in (each["sql"] for each in asked if each["sql"].startswith("SELECT")):
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
            used |= {word for word in plan.split() if word.startswith("conversations_")}
        cursor.execute("RESET enable_seqscan")
    assert {"conversations_line", "conversations_offered", "conversations_picked_up"} <= used


@pytest.mark.parametrize(
    ("position", "picks", "minutes"),
    [(1, 0, None), (5, 2, None), (1, 3, 10), (2, 3, 20), (1, 30, 1), (1, 60, 1), (3, 60, 2), (7, 13, 17)],
)
def test_the_estimate_is_the_place_by_the_pace_rounded_up(position: int, picks: int, minutes: int | None) -> None:
    assert wait_estimate(position, picks) == minutes


def test_only_pick_ups_of_this_queue_and_of_the_last_half_hour_count(acme: Any) -> None:
    other = Queue.objects.create(name="Other")
    pick_ups(2, minutes_ago=29)
    pick_ups(4, minutes_ago=31)
    pick_ups(4, queue=other)
    mine = arrive()
    assert view_of(mine).minutes is None
    pick_ups(1)
    shown = view_of(mine)
    assert (shown.position, shown.minutes) == (1, 10)


def test_outside_its_hours_a_queue_promises_nothing(acme: Any) -> None:
    pick_ups(3)
    mine = arrive()
    assert view_of(mine).minutes == 10
    never = HoursProfile.objects.create(name="Never")
    Queue.objects.filter(pk=mine.queue_id).update(hours=never)
    shown = view_of(Conversation.objects.get(pk=mine.pk))
    assert (shown.position, shown.minutes) == (1, None)


def test_who_does_not_wait_sees_nothing(acme: Any) -> None:
    assert view_of(talk(make_agent())) is None
    waiting = arrive()
    conversation_end(conversation_id=waiting.pk, by=Side.CUSTOMER, actor=None)
    assert view_of(Conversation.objects.get(pk=waiting.pk)) is None


def test_while_an_agent_is_asked_no_wait_is_promised(acme: Any) -> None:
    """RTE-5: neither a place nor minutes, but that somebody is asked; back in line, both again."""
    pick_ups(3)
    make_agent(chat=1)
    rings, behind = arrive(), arrive()
    shown = view_of(Conversation.objects.get(pk=rings.pk))
    assert (shown.position, shown.minutes, shown.is_asked) == (None, None, True)
    assert shown.message.startswith("An agent will be with you")
    assert (view_of(behind).position, view_of(behind).minutes, view_of(behind).is_asked) == (2, 20, False)
    offer = rings.offers.get()
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    shown = view_of(Conversation.objects.get(pk=rings.pk))
    assert (shown.position, shown.minutes, shown.is_asked) == (1, 10, False)


def test_the_first_message_then_the_repeats_over_and_over() -> None:
    shown = WaitingExperience(first_message="Hello", repeats=["One", "Two"], repeat_seconds=60)
    seconds = (0, 59, 60, 119, 120, 180, 240)
    assert [waiting_message(shown, timedelta(seconds=each)) for each in seconds] == [
        "Hello", "Hello", "One", "One", "Two", "One", "Two",
    ]  # fmt: skip
    assert waiting_message(WaitingExperience(first_message="Hello"), timedelta(hours=1)) == "Hello"


def test_a_queue_shows_its_own_and_else_the_default(acme: Any) -> None:
    other = Queue.objects.create(name="Other")
    own = WaitingExperience(name="Own", first_message="Own words", shows_position=False, shows_estimate=False)
    actions.waiting_experience_save(experience=own, queues=[other])
    shown = view_of(arrive(queue=other))
    assert (shown.position, shown.minutes, shown.message) == (None, None, "Own words")
    shown = view_of(arrive())
    assert shown.position == 1
    assert shown.message.startswith("An agent will be with you as soon as one is free.")


def test_each_may_be_left_out_by_itself(acme: Any) -> None:
    pick_ups(3)
    mine = arrive()
    WaitingExperience.objects.update(shows_position=False)
    assert (view_of(mine).position, view_of(mine).minutes) == (None, 10)
    WaitingExperience.objects.update(shows_position=True, shows_estimate=False)
    assert (view_of(mine).position, view_of(mine).minutes) == (1, None)


def test_a_queue_has_one_experience_and_the_default_none_of_the_queues(acme: Any) -> None:
    queue, default = default_queue(), WaitingExperience.objects.get()
    for experience, queues in ((default, [queue]), (WaitingExperience(name="Nobody's"), [])):
        with pytest.raises(DomainError) as refused:
            actions.waiting_experience_save(experience=experience, queues=queues)
        assert refused.value.code == "waiting_queues"
    own = actions.waiting_experience_save(experience=WaitingExperience(name="Own"), queues=[queue])
    actions.waiting_experience_save(experience=own, queues=[queue])
    with pytest.raises(DomainError) as refused:
        actions.waiting_experience_save(experience=WaitingExperience(name="Second"), queues=[queue])
    assert refused.value.code == "waiting_queue_taken"
    with pytest.raises(DomainError) as refused:
        actions.waiting_experience_delete(experience=default)
    assert refused.value.code == "waiting_default"
    actions.waiting_experience_delete(experience=own)
    assert list(WaitingExperience.objects.all()) == [default]
