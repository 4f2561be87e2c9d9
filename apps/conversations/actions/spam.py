"""Conversations that are none: marked as spam, their customer blocked; and taken back (CON-10)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.actions import contact_block, contact_unblock
from apps.conversations.choices import OWNED_STATES, EndCause, EventKind, MessageKind, Refusal, Side, State
from apps.conversations.events import ConversationClosed, ConversationEnded, SpamUnmarked
from apps.conversations.models import Conversation
from apps.conversations.steps.lifecycle import WRAP_UP_DEADLINE
from apps.conversations.steps.messages import system_message_add
from apps.conversations.steps.rows import conversation_lock, fields_update, state_change, state_publish, timeline_record
from apps.conversations.steps.segments import segment_close
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.timers.steps import wakeup_clear

SPAM_UNDO_TIME = timedelta(days=1)
"""How long its agent may take back that it is spam: figures of days that are long over don't change."""


@transaction.atomic
def conversation_mark_spam(*, conversation_id: UUID, block: bool, actor: User) -> Conversation:
    """Mark as spam (CON-10): it ends and closes at once, without survey, disposition or wrap-up, and counts nowhere.

    An agent needs not have answered first, as for an end (AGT-6): spam deserves no answer. Marked again it stays as it
    is.

    Args:
        conversation_id: one that the actor has: active, snoozed or in wrap-up; or one that they closed as spam.
        block: whether its contact may open no more conversations.
        actor: its agent.

    Raises:
        DomainError: ``not_yours``, ``illegal_transition`` for one that was closed otherwise.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state not in OWNED_STATES and not conversation.is_spam:
        raise DomainError(
            Refusal.ILLEGAL_TRANSITION, _("This conversation is closed already."), state=conversation.state
        )
    if conversation.state in OWNED_STATES:
        _close(conversation, actor, blocks=block)
    if block:
        contact_block(contact_id=conversation.contact_id, by=actor.full_name)
    return conversation


def may_unmark_spam(conversation: Conversation) -> bool:
    """Whether its agent may still take back that it is spam."""
    closed_at = conversation.closed_at
    return conversation.is_spam and closed_at is not None and timezone.now() - closed_at < SPAM_UNDO_TIME


@transaction.atomic
def conversation_unmark_spam(*, conversation_id: UUID, actor: User) -> Conversation:
    """Take back that it is spam (CON-10): it counts again, and a contact who was blocked with it may come back.

    It stays closed, since its customer has seen the end; who writes again comes to the same agent first (WRP-8). It
    gets the outcome of one that nobody wrapped up. Taken back again it stays as it is.

    Args:
        conversation_id: one that the actor marked, a day ago at most.
        actor: its agent.

    Raises:
        DomainError: ``not_yours``, ``too_late``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if not conversation.is_spam:
        return conversation
    if not may_unmark_spam(conversation):
        raise DomainError(Refusal.TOO_LATE, _("It was marked more than a day ago. Ask a supervisor."))
    if _was_blocked_with(conversation, actor):
        contact_unblock(contact_id=conversation.contact_id)
    fields_update(conversation, is_spam=False, end_cause=EndCause.ENDED, version=conversation.version + 1)
    now = timezone.now()
    timeline_record(conversation, EventKind.OUTCOME_CORRECTED, at=now, actor=actor, side=Side.AGENT, spam=False)
    announce(SpamUnmarked(conversation))
    state_publish(conversation)
    return conversation


def _was_blocked_with(conversation: Conversation, actor: User) -> bool:
    contact, closed_at = conversation.contact, conversation.closed_at
    since = contact.blocked_at is not None and closed_at is not None and contact.blocked_at >= closed_at
    return since and contact.blocked_by == actor.full_name[:160]


def _close(conversation: Conversation, actor: User, *, blocks: bool) -> None:
    now, was = timezone.now(), State(conversation.state)
    cause = EndCause.SPAM
    flags: dict[str, Any] = {"is_spam": True, "end_cause": cause, "unanswered_since": None, "reply_first": False}
    is_over = was == State.WRAP_UP
    if not is_over:
        system_message_add(conversation, MessageKind.ENDED, at=now, author=actor)
        flags |= {"ended_at": now, "ended_by": Side.AGENT}
    state_change(conversation, State.CLOSED, closed_at=now, wrap_up_due_at=None, **flags)
    segment_close(conversation, at=now)
    wakeup_clear(kind=WRAP_UP_DEADLINE, object_id=conversation.pk)
    timeline_record(
        conversation, EventKind.ENDED, at=now, actor=actor, side=Side.AGENT, cause=cause, contact_blocked=blocks
    )
    if not is_over:
        announce(ConversationEnded(conversation, was, Side.AGENT, cause))
    state_publish(conversation)
    timeline_record(conversation, EventKind.CLOSED, at=now, actor=actor, side=Side.AGENT)
    announce(ConversationClosed(conversation))
