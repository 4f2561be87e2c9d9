"""A snoozed conversation's moves: called by snooze, which holds the lock, and sees to slots and clocks (SNZ-3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import EventKind, Refusal, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps.rows import fields_update, state_change, state_publish, timeline_record
from apps.core.errors import DomainError


@transaction.atomic
def conversation_mark_snoozed(
    *, conversation: Conversation, at: datetime, until: datetime, actor: User
) -> Conversation:
    """Active to snoozed; its agent keeps it.

    Args:
        conversation: it.
        at: now.
        until: when it is to wake.
        actor: its agent.

    Raises:
        DomainError: ``illegal_transition``.
    """
    state_change(conversation, State.SNOOZED)
    until_text = until.isoformat()
    timeline_record(conversation, EventKind.SNOOZED, at=at, actor=actor, side=Side.AGENT, until=until_text)
    state_publish(conversation)
    return conversation


@transaction.atomic
def conversation_mark_waking(*, conversation: Conversation, at: datetime, until: datetime, cause: str) -> Conversation:
    """A snoozed one is to wake and waits for its agent: it stays snoozed, and the screens say so.

    Args:
        conversation: it.
        at: now.
        until: how long it waits for them.
        cause: what woke it.

    Raises:
        DomainError: ``not_snoozed``.
    """
    if conversation.state != State.SNOOZED:
        raise DomainError(Refusal.NOT_SNOOZED, _("This conversation is not snoozed."))
    fields_update(conversation, version=conversation.version + 1)
    until_text = until.isoformat()
    timeline_record(conversation, EventKind.WAKING, at=at, actor=None, side=Side.SYSTEM, until=until_text, cause=cause)
    state_publish(conversation)
    return conversation


@transaction.atomic
def conversation_mark_woken(
    *, conversation: Conversation, at: datetime, cause: str, actor: User | None
) -> Conversation:
    """Snoozed to active, with the agent who had it.

    Args:
        conversation: it.
        at: now.
        cause: what woke it.
        actor: its agent, if they did.

    Raises:
        DomainError: ``illegal_transition``.
    """
    state_change(conversation, State.ACTIVE)
    side = Side.AGENT if actor else Side.SYSTEM
    timeline_record(conversation, EventKind.WOKEN, at=at, actor=actor, side=side, cause=cause)
    state_publish(conversation)
    return conversation
