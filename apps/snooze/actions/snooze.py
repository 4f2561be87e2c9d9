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
from apps.agents.models import Agent
from apps.agents.selectors import has_live_console, is_ready
from apps.agents.steps import agent_lock, notice_add
from apps.clocks.actions import clock_pause, clock_resume
from apps.clocks.models import ReplyClock
from apps.conversations.choices import ReturnCause, State
from apps.conversations.events import ConversationSnoozing
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps import (
    conversation_lock,
    conversation_mark_snoozed,
    conversation_mark_waking,
    conversation_mark_woken,
    conversation_return,
    wrap_up_begin,
)
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import Family
from apps.routing.actions import agent_dispatch
from apps.routing.steps import slot_await, slot_reserve, slots_release
from apps.snooze import selectors
from apps.snooze.choices import CUSTOM, LONGEST_DAYS, Cause, Refusal
from apps.snooze.models import Snooze, SnoozeSettings
from apps.timers.steps import wakeup_clear, wakeup_set

SNOOZE_DEADLINE = "snooze.wake"


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
    for agent_id in slots_release(conversation):
        after_commit(agent_dispatch, agent_id=agent_id)
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
def snooze_end_by_agent(*, conversation: Conversation, cause: Cause) -> Conversation:
    """Its agent wakes a locked conversation, by a click or by writing into it (SNZ-4).

    Whoever acts is there: any free slot of theirs will do, whatever their status.

    Raises:
        DomainError: ``not_snoozed``, ``no_free_slot``.
    """
    snooze = selectors.open_snooze(conversation)
    if snooze is None or conversation.agent_id is None:
        raise DomainError(Refusal.NOT_SNOOZED, _("This conversation is not snoozed."))
    agent = agent_lock(conversation.agent_id)
    if not slot_reserve(conversation, agent, own=True):
        family = conversation.get_channel_display().lower()
        message = _("All your %(family)s slots are taken: end or snooze another conversation first.")
        raise DomainError(Refusal.NO_FREE_SLOT, message % {"family": family})
    _awake(conversation, snooze, agent, cause)
    return conversation


@transaction.atomic
def snooze_end_by_customer(*, conversation: Conversation) -> None:
    """The customer has written into a locked, snoozed conversation: it wakes where the tenant wants it so (SNZ-4)."""
    snooze = selectors.open_snooze(conversation)
    settings: SnoozeSettings = SnoozeSettings.load()
    if snooze is not None and snooze.waking_at is None and settings.wakes_on_message:
        _wake(conversation, snooze, settings, Cause.CUSTOMER)


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
        _wake(conversation, snooze, SnoozeSettings.load(), Cause.TIME)
    elif not _awake_if_ready(conversation, snooze):
        _give_up(conversation, snooze)


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
    return snooze.ended_at is None and _awake_if_ready(conversation, snooze)


def _wake(conversation: Conversation, snooze: Snooze, settings: SnoozeSettings, cause: Cause) -> None:
    """Not its agent wakes a locked conversation: at once if they can have it, else they get a grace."""
    agent = agent_lock(snooze.agent_id)
    if is_ready(agent) and slot_reserve(conversation, agent):
        _awake(conversation, snooze, agent, cause)
        return
    now = timezone.now()
    snooze.cause, snooze.waking_at, snooze.due_at = cause, now, now + settings.grace
    snooze.save(update_fields=["cause", "waking_at", "due_at"])
    slot_await(agent, Family(conversation.channel))
    if not settings.grace_seconds:
        _give_up(conversation, snooze)
        return
    conversation_mark_waking(conversation=conversation, at=now, until=snooze.due_at, cause=cause)
    wakeup_set(kind=SNOOZE_DEADLINE, object_id=snooze.pk, due_at=snooze.due_at)


def _awake_if_ready(conversation: Conversation, snooze: Snooze) -> bool:
    """Wake a locked conversation that waits for its agent, if they can have it now."""
    agent = agent_lock(snooze.agent_id)
    if not is_ready(agent) or not slot_reserve(conversation, agent, own=True):
        return False
    _awake(conversation, snooze, agent, Cause(snooze.cause))
    return True


def _give_up(conversation: Conversation, snooze: Snooze) -> None:
    """Its agent can't have it again: a locked conversation goes to the front of its queue, and they are told."""
    words = _("%(customer)s woke up, could not come back to you, and is at the front of %(queue)s now.")
    values = {"customer": conversation.contact.display_name, "queue": conversation.queue.name}
    conversation_return(conversation=conversation, cause=ReturnCause.SNOOZE_OVER)
    notice_add(agent_id=snooze.agent_id, text=words % values, about=conversation.pk)


def _awake(conversation: Conversation, snooze: Snooze, agent: Agent, cause: Cause) -> None:
    """A slot has been taken: the conversation goes on with its agent, and so do its clocks."""
    now = timezone.now()
    _finish(conversation, snooze, agent, at=now, cause=cause)
    actor = agent.user if cause in {Cause.AGENT, Cause.REPLY} else None
    conversation_mark_woken(conversation=conversation, at=now, cause=cause, actor=actor)
    clock_resume(conversation=conversation)


# --- What ends it otherwise


@transaction.atomic
def snooze_close(*, conversation: Conversation, at: datetime, cause: Cause) -> None:
    """A locked conversation is snoozed no longer: it went back to its queue, or ended. Nothing happens to others.

    Args:
        conversation: it, in its new state.
        at: when that was.
        cause: why; what was to wake it counts before somebody's putting it back.
    """
    snooze = selectors.open_snooze(conversation)
    if snooze is None:
        return
    woken = snooze.waking_at is not None and cause == Cause.REQUEUED
    _finish(conversation, snooze, None, at=at, cause=Cause(snooze.cause) if woken else cause)


@transaction.atomic
def wrap_up_timer_start(*, conversation: Conversation) -> None:
    """A locked conversation ended while it was snoozed: its timer starts now if its agent is connected (SNZ-5)."""
    if conversation.agent_id is not None and has_live_console(agent_lock(conversation.agent_id)):
        wrap_up_begin(conversation=conversation)


def wrap_up_timers_start(*, agent_id: UUID) -> None:
    """An agent is connected: timers of wrap-ups that waited for them start now (SNZ-5)."""
    waiting = Conversation.objects.filter(agent=agent_id, state=State.WRAP_UP, wrap_up_seconds__isnull=False)
    for conversation_id in list(waiting.values_list("pk", flat=True)):
        with transaction.atomic():
            wrap_up_begin(conversation=conversation_lock(conversation_id))


def _finish(conversation: Conversation, snooze: Snooze, agent: Agent | None, *, at: datetime, cause: Cause) -> None:
    if snooze.waking_at is not None:
        slot_await(agent or agent_lock(snooze.agent_id), Family(conversation.channel), by=-1)
    snooze.ended_at, snooze.due_at, snooze.cause = at, None, cause
    snooze.save(update_fields=["ended_at", "due_at", "cause"])
    wakeup_clear(kind=SNOOZE_DEADLINE, object_id=snooze.pk)
