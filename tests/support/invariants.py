"""What must hold after whatever happened."""

from collections import Counter
from datetime import datetime
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import F

from apps.agents.models import Capacity, StatusInterval
from apps.conversations.choices import ENDED_STATES, TRANSITIONS, EventKind, State
from apps.conversations.models import Conversation, Message, Segment
from apps.forms.models import SentForm
from apps.routing.choices import OfferState
from apps.routing.models import Offer, SlotHold
from apps.snooze.choices import Kind
from apps.snooze.intervals import intervals_of
from apps.snooze.models import Snooze
from apps.surveys.models import SurveyRequest


def check_all() -> None:
    """Every invariant of conversations, offers and slots in the current tenant, all at one moment."""
    if connection.in_atomic_block:
        _check_now()
        return
    # Elsewhere timers go on: one snapshot for all, or a change between two reads would look like a fault.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _check_now()


def _check_now() -> None:
    check_slots()
    check_offers()
    check_numbers()
    check_segments()
    check_intervals()
    check_timeline()
    check_snoozes()
    check_surveys()
    check_forms()
    check_lives()


def check_slots() -> None:
    """A slot is held for each conversation that is offered or active, by its agent, and the counters agree.

    One that is being transferred holds a second one, of whom it rings at.
    """
    receivers = dict(
        Offer.objects.filter(state=OfferState.RINGING, sender__isnull=False).values_list("conversation", "agent")
    )
    held = Counter(SlotHold.objects.filter(forced=False).values_list("agent", "family"))
    for capacity in Capacity.objects.all():
        assert capacity.used == held.pop((capacity.agent_id, capacity.family), 0), capacity
        assert capacity.used <= capacity.limit
    assert not held
    for conversation in Conversation.objects.prefetch_related("holds", "offers"):
        holders = {hold.agent_id for hold in conversation.holds.all()}
        if conversation.state == State.ACTIVE:
            receiver = receivers.get(conversation.pk)
            assert holders == {conversation.agent_id} | ({receiver} if receiver else set()), conversation
        elif conversation.state == State.ARRIVED:
            assert len(holders) == 1, conversation  # Of who begins it, as soon as their mail leaves (EML-7).
        elif conversation.state == State.WRAP_UP and conversation.wrap_up_seconds is not None:
            # Kept until it closes (WRP-3), but for one that ended while it held none (SNZ-5).
            assert holders <= {conversation.agent_id}, conversation
        elif conversation.state == State.OFFERED:
            assert holders == {o.agent_id for o in conversation.offers.all() if o.state == OfferState.RINGING}
        else:
            assert not holders, (conversation, conversation.state)


def check_offers() -> None:
    """A conversation rings at exactly one agent while it is offered, else at a colleague of its agent or at nobody."""
    rings = Offer.objects.filter(state=OfferState.RINGING)
    for offer in rings.filter(sender__isnull=False).select_related("conversation"):
        assert (offer.conversation.state, offer.conversation.agent_id) == (State.ACTIVE, offer.sender_id)
        assert offer.agent_id != offer.sender_id
    ringing = Counter(rings.filter(sender=None).values_list("conversation", flat=True))
    offered = set(Conversation.objects.filter(state=State.OFFERED).values_list("pk", flat=True))
    assert set(ringing) == offered
    assert all(count == 1 for count in ringing.values())


def check_numbers() -> None:
    """Messages of each conversation are numbered 1 to n."""
    for conversation in Conversation.objects.all():
        numbers = list(Message.objects.filter(conversation=conversation).values_list("number", flat=True))
        assert numbers == list(range(1, conversation.last_number + 1))


def check_segments() -> None:
    """Stays follow one another without gap or overlap, and the last is open exactly while something is to be done."""
    for conversation in Conversation.objects.exclude(state=State.ARRIVED):
        stays = list(
            Segment.objects.filter(conversation=conversation).order_by("started_at", F("ended_at").asc(nulls_last=True))
        )
        assert stays[0].started_at == conversation.first_arrived_at
        again = reopened(conversation)
        for before, after in pairwise(stays):
            assert before.ended_at == after.started_at or after.started_at in again
        assert (stays[-1].ended_at is None) == (conversation.state != State.CLOSED)


def reopened(conversation: Conversation) -> set[datetime]:
    """When it went on after its closing (WRP-8): till then nobody had it."""
    return set(conversation.timeline.filter(kind=EventKind.REOPENED).values_list("at", flat=True))


def check_intervals() -> None:
    """Each agent is in one status at a time."""
    assert not StatusInterval.objects.filter(ended_at__lt=F("started_at")).exists()
    open_ones = Counter(StatusInterval.objects.filter(ended_at=None).values_list("agent", flat=True))
    assert all(count == 1 for count in open_ones.values())


MOVES = {
    EventKind.QUEUED: State.WAITING,
    EventKind.OFFERED: State.OFFERED,
    EventKind.ACCEPTED: State.ACTIVE,
    EventKind.RETURNED: State.WAITING,
    EventKind.CLOSED: State.CLOSED,
    EventKind.SNOOZED: State.SNOOZED,
    EventKind.WOKEN: State.ACTIVE,
}
WITH_AGENT = {State.ACTIVE, State.SNOOZED}


def check_timeline() -> None:
    """Replaying the timeline makes only legal moves and ends in the state that is stored."""
    for conversation in Conversation.objects.all():
        state = State.ARRIVED
        for event in conversation.timeline.order_by("pk"):
            to = MOVES.get(event.kind)
            if event.kind == EventKind.TRANSFERRED and "queue" in event.data:
                to = State.WAITING
            if event.kind == EventKind.REOPENED:
                to = State(event.data["state"])
            if event.kind == EventKind.ENDED and state in WITH_AGENT:
                to = State.WRAP_UP if conversation.queue.acw_mode != "off" else None
            if to is not None:
                assert to in TRANSITIONS[state], (state, to)
                state = to
        assert state == conversation.state


def check_snoozes() -> None:
    """A snooze goes on exactly while its conversation is snoozed, by its agent; who waits for a slot is counted."""
    open_ones = list(Snooze.objects.filter(ended_at=None).select_related("conversation", "segment"))
    snoozed = set(Conversation.objects.filter(state=State.SNOOZED).values_list("pk", flat=True))
    assert {snooze.conversation_id for snooze in open_ones} == snoozed
    for snooze in open_ones:
        assert snooze.agent_id == snooze.conversation.agent_id == snooze.segment.agent_id
    waiting = Counter((each.agent_id, each.conversation.channel) for each in open_ones if each.waking_at)
    for capacity in Capacity.objects.all():
        assert capacity.awaited == waiting.pop((capacity.agent_id, capacity.family), 0), capacity
    assert not waiting


def check_forms() -> None:
    """What was sent stands in its conversation by its line; values are there once it is filled in, and not before."""
    for sent in SentForm.objects.select_related("message").prefetch_related("values"):
        assert (sent.message.conversation_id, sent.message.kind) == (sent.conversation_id, "form"), sent
        if not sent.is_filled or sent.erased_at:
            assert not sent.values.all(), sent


def check_surveys() -> None:
    """Only after an end is anybody asked, and nobody for spam; an agent is rated who had the conversation."""
    for request in SurveyRequest.objects.select_related("conversation"):
        conversation = request.conversation
        assert conversation.state in ENDED_STATES, conversation.state
        assert conversation.ended_at is not None
        assert request.asked_at >= conversation.ended_at
        assert request.is_answered or not conversation.is_spam
        stays = Segment.objects.filter(conversation=conversation, agent=request.agent_id)
        assert request.agent_id is None or stays.exists()


def check_lives() -> None:
    """Waiting, handling, snoozed and wrap-up tile each conversation's life, and every one has an owner or a queue."""
    begun = Conversation.objects.exclude(state=State.ARRIVED)
    conversations = {conversation.pk: conversation for conversation in begun}
    for pk, intervals in intervals_of(conversations).items():
        conversation = conversations[pk]
        if not intervals:
            assert conversation.first_arrived_at == conversation.closed_at
            continue
        assert intervals[0].started_at == conversation.first_arrived_at
        assert intervals[-1].ended_at == conversation.closed_at
        again = reopened(conversation)
        for before, after in pairwise(intervals):
            assert before.ended_at == after.started_at or after.started_at in again
        for interval in intervals:
            assert interval.ended_at is None or interval.started_at < interval.ended_at
            assert (interval.agent_id is None) == (interval.kind == Kind.WAITING)
        if conversation.state != State.CLOSED:
            assert intervals[-1].kind == LIVING[State(conversation.state)], conversation.state


LIVING = {
    State.WAITING: Kind.WAITING,
    State.OFFERED: Kind.WAITING,
    State.ACTIVE: Kind.HANDLING,
    State.SNOOZED: Kind.SNOOZED,
    State.WRAP_UP: Kind.WRAP_UP,
}
