"""What wakes or ends a snooze, under the lock of its conversation (SNZ-4, SNZ-5, EDG-7)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.models import Agent
from apps.agents.selectors import has_live_console, is_ready
from apps.agents.steps import agent_lock, notice_add
from apps.clocks.steps import clock_resume
from apps.conversations.choices import ReturnCause
from apps.conversations.models import Conversation
from apps.conversations.steps import (
    conversation_mark_waking,
    conversation_mark_woken,
    conversation_return,
    wrap_up_begin,
)
from apps.core.errors import DomainError
from apps.queues.choices import Family
from apps.routing.steps import slot_await, slot_reserve
from apps.snooze.choices import Cause, Refusal
from apps.snooze.models import Snooze, SnoozeSettings
from apps.timers.steps import wakeup_clear, wakeup_set

SNOOZE_DEADLINE = "snooze.wake"


@transaction.atomic
def snooze_end_by_agent(*, conversation: Conversation, cause: Cause) -> Conversation:
    """Its agent wakes a locked conversation, by a click or by writing into it (SNZ-4).

    Whoever acts is there: any free slot of theirs will do, whatever their status.

    Raises:
        DomainError: ``not_snoozed``, ``no_free_slot``.
    """
    snooze = _open_snooze(conversation)
    if snooze is None or conversation.agent_id is None:
        raise DomainError(Refusal.NOT_SNOOZED, _("This conversation is not snoozed."))
    agent = agent_lock(conversation.agent_id)
    if not slot_reserve(conversation, agent, own=True):
        family = conversation.get_channel_display().lower()
        message = _("All your %(family)s slots are taken: end or snooze another conversation first.")
        raise DomainError(Refusal.NO_FREE_SLOT, message % {"family": family})
    _resume_with_slot(conversation, snooze, agent, cause)
    return conversation


@transaction.atomic
def snooze_end_by_customer(*, conversation: Conversation) -> None:
    """The customer has written into a locked, snoozed conversation: it wakes where the tenant wants it so (SNZ-4)."""
    snooze = _open_snooze(conversation)
    settings: SnoozeSettings = SnoozeSettings.load()
    if snooze is not None and snooze.waking_at is None and settings.wakes_on_message:
        snooze_wake(conversation, snooze, settings, Cause.CUSTOMER)


@transaction.atomic
def snooze_close(*, conversation: Conversation, at: datetime, cause: Cause) -> None:
    """A locked conversation is snoozed no longer: it went back to its queue, or ended. Nothing happens to others.

    Args:
        conversation: it, in its new state.
        at: when that was.
        cause: why; what was to wake it counts before somebody's putting it back.
    """
    snooze = _open_snooze(conversation)
    if snooze is None:
        return
    woken = snooze.waking_at is not None and cause == Cause.REQUEUED
    _close(conversation, snooze, None, at=at, cause=Cause(snooze.cause) if woken else cause)


@transaction.atomic
def wrap_up_timer_start(*, conversation: Conversation) -> None:
    """A locked conversation ended while it was snoozed: its timer starts now if its agent is connected (SNZ-5)."""
    if conversation.agent_id is not None and has_live_console(agent_lock(conversation.agent_id)):
        wrap_up_begin(conversation=conversation)


def snooze_wake(conversation: Conversation, snooze: Snooze, settings: SnoozeSettings, cause: Cause) -> None:
    """Not its agent wakes a locked conversation: at once if they can have it, else they get a grace."""
    agent = agent_lock(snooze.agent_id)
    if is_ready(agent) and slot_reserve(conversation, agent):
        _resume_with_slot(conversation, snooze, agent, cause)
        return
    now = timezone.now()
    snooze.cause, snooze.waking_at, snooze.due_at = cause, now, now + settings.grace
    snooze.save(update_fields=["cause", "waking_at", "due_at"])
    slot_await(agent, Family(conversation.channel))
    if not settings.grace_seconds:
        snooze_return_to_queue(conversation, snooze)
        return
    conversation_mark_waking(conversation=conversation, at=now, until=snooze.due_at, cause=cause)
    wakeup_set(kind=SNOOZE_DEADLINE, object_id=snooze.pk, due_at=snooze.due_at)


def snooze_wake_if_ready(conversation: Conversation, snooze: Snooze) -> bool:
    """Wake a locked conversation that waits for its agent, if they can have it now."""
    agent = agent_lock(snooze.agent_id)
    if not is_ready(agent) or not slot_reserve(conversation, agent, own=True):
        return False
    _resume_with_slot(conversation, snooze, agent, Cause(snooze.cause))
    return True


def snooze_return_to_queue(conversation: Conversation, snooze: Snooze) -> None:
    """Its agent can't have it again: a locked conversation goes to the front of its queue, and they are told."""
    words = _("%(customer)s woke up, could not come back to you, and is at the front of %(queue)s now.")
    values = {"customer": conversation.contact.display_name, "queue": conversation.queue.name}
    conversation_return(conversation=conversation, cause=ReturnCause.SNOOZE_OVER)
    notice_add(agent_id=snooze.agent_id, text=words % values, about=conversation.pk)


def _open_snooze(conversation: Conversation) -> Snooze | None:
    """The snooze that goes on."""
    return Snooze.objects.filter(conversation=conversation, ended_at=None).first()


def _resume_with_slot(conversation: Conversation, snooze: Snooze, agent: Agent, cause: Cause) -> None:
    """A slot has been taken: the conversation goes on with its agent, and so do its clocks."""
    now = timezone.now()
    _close(conversation, snooze, agent, at=now, cause=cause)
    actor = agent.user if cause in {Cause.AGENT, Cause.REPLY} else None
    conversation_mark_woken(conversation=conversation, at=now, cause=cause, actor=actor)
    clock_resume(conversation=conversation)


def _close(conversation: Conversation, snooze: Snooze, agent: Agent | None, *, at: datetime, cause: Cause) -> None:
    if snooze.waking_at is not None:
        slot_await(agent or agent_lock(snooze.agent_id), Family(conversation.channel), by=-1)
    snooze.ended_at, snooze.due_at, snooze.cause = at, None, cause
    snooze.save(update_fields=["ended_at", "due_at", "cause"])
    wakeup_clear(kind=SNOOZE_DEADLINE, object_id=snooze.pk)
