"""Snoozing and waking (SNZ-1 to SNZ-5).

A snoozed conversation keeps its agent and gives its slot back. To wake it takes a slot of that agent again. What wakes
without one at hand waits for the agent's next free slot (`Snooze.waking_at`; that slot is nobody else's, see
`Capacity.awaited`), for the grace that the tenant allows, and then goes to the front of its queue.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.clocks.models import ReplyClock
from apps.clocks.steps import clock_pause
from apps.conversations.choices import State
from apps.conversations.events import ConversationSnoozing
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps import (
    conversation_lock,
    conversation_mark_snoozed,
    wrap_up_begin,
)
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.routing.steps import slots_release_and_dispatch
from apps.snooze import selectors
from apps.snooze.choices import CUSTOM, LONGEST_DAYS, Cause, Refusal
from apps.snooze.models import Snooze, SnoozeSettings
from apps.snooze.steps import (
    SNOOZE_DEADLINE,
    snooze_end_by_agent,
    snooze_return_to_queue,
    snooze_wake,
    snooze_wake_if_ready,
)
from apps.timers.steps import wakeup_set

# --- Snoozing


@transaction.atomic
def conversation_snooze(*, conversation_id: UUID, option: str, until: datetime | None = None, actor: User) -> Snooze:
    """Put a conversation aside: its slot is free, its clocks stand still, its agent keeps it (SNZ-1 to SNZ-3).

    Args:
        conversation_id: an active conversation of the actor's.
        option: the key of an offered length, or ``custom``.
        until: the end, with ``custom`` alone.
        actor: its agent.

    Raises:
        DomainError: ``not_yours``; ``snooze_off``, ``conversation_ended``, ``snoozed_already``, ``overdue``,
            ``reply_owed``, ``reply_first`` (see `selectors.snooze_refusal`); ``snooze_not_offered``,
            ``snooze_until_past``, ``snooze_too_long``; or what an app beside has against it, such as a transfer
            under way.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    settings: SnoozeSettings = SnoozeSettings.load()
    clock = ReplyClock.objects.filter(pk=conversation.pk).first()
    if refused := selectors.snooze_refusal(conversation, clock, settings):
        raise refused
    announce(ConversationSnoozing(conversation))
    now = timezone.now()
    end = _end_of(settings, option, until, actor, now)
    snooze = Snooze.objects.create(
        conversation=conversation,
        segment=Segment.objects.get(conversation=conversation, ended_at=None),
        agent=actor,
        started_at=now,
        until=end,
        due_at=end,
    )
    conversation_mark_snoozed(conversation=conversation, at=now, until=end, actor=actor)
    clock_pause(conversation=conversation)
    slots_release_and_dispatch(conversation)
    wakeup_set(kind=SNOOZE_DEADLINE, object_id=snooze.pk, due_at=end)
    return snooze


def _end_of(settings: SnoozeSettings, option: str, until: datetime | None, agent: User, now: datetime) -> datetime:
    if option != CUSTOM:
        offered = {each.key: each.until for each in selectors.options_for(settings, agent, now)}
        if option not in offered:
            raise DomainError(Refusal.SNOOZE_NOT_OFFERED, _("This length is not offered any more. Choose another one."))
        return offered[option]
    if not settings.allows_custom:
        raise DomainError(Refusal.SNOOZE_NOT_OFFERED, _("Choose one of the lengths that are offered."))
    if until is None or until <= now:
        raise DomainError(Refusal.SNOOZE_UNTIL_PAST, _("Choose a date and time that is still to come."))
    if until > now + timedelta(days=LONGEST_DAYS):
        raise DomainError(Refusal.SNOOZE_TOO_LONG, _("A conversation can be snoozed for 30 days at most."))
    return until


# --- Waking


@transaction.atomic
def conversation_wake(*, conversation_id: UUID, actor: User) -> Conversation:
    """The agent wakes a conversation now. Waking one that is awake changes nothing.

    Raises:
        DomainError: ``not_yours``, ``not_snoozed``, ``no_free_slot``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state == State.ACTIVE:
        return conversation
    return snooze_end_by_agent(conversation=conversation, cause=Cause.AGENT)


@transaction.atomic
def snooze_expire(*, snooze_id: UUID, due_at: datetime) -> None:
    """A snooze's end is due, or the wait for its agent's next free slot is over (SNZ-4, EDG-7).

    Args:
        snooze_id: the snooze.
        due_at: the deadline that is due; one that ended or moved meanwhile makes it void.
    """
    conversation_id = Snooze.objects.filter(pk=snooze_id, due_at=due_at).values_list("conversation", flat=True).first()
    if conversation_id is None:
        return
    conversation = conversation_lock(conversation_id)
    snooze = Snooze.objects.get(pk=snooze_id)
    if snooze.due_at != due_at:
        return
    if snooze.waking_at is None:
        snooze_wake(conversation, snooze, SnoozeSettings.load(), Cause.TIME)
    elif not snooze_wake_if_ready(conversation, snooze):
        snooze_return_to_queue(conversation, snooze)


def snoozes_wake_waiting(*, agent_id: UUID) -> int:
    """An agent has room, or is ready again: what waits for them wakes, the oldest first (SNZ-4).

    Returns:
        How many woke.
    """
    waiting = selectors.waking_of(agent_id).values_list("pk", flat=True)
    return sum(_wake_waiting(snooze_id) for snooze_id in list(waiting))


@transaction.atomic
def _wake_waiting(snooze_id: UUID) -> bool:
    conversation = conversation_lock(Snooze.objects.values_list("conversation", flat=True).get(pk=snooze_id))
    snooze = Snooze.objects.get(pk=snooze_id)
    return snooze.ended_at is None and snooze_wake_if_ready(conversation, snooze)


def wrap_up_timers_start(*, agent_id: UUID) -> None:
    """An agent is connected: timers of wrap-ups that waited for them start now (SNZ-5)."""
    waiting = Conversation.objects.filter(agent=agent_id, state=State.WRAP_UP, wrap_up_seconds__isnull=False)
    for conversation_id in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            wrap_up_begin(conversation=conversation_lock(conversation_id))
