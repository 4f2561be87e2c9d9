"""Conversations that are none: marked as spam, their customer blocked (CON-10)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.actions import contact_block
from apps.conversations.actions import _steps as steps
from apps.conversations.actions.lifecycle import WRAP_UP_DEADLINE
from apps.conversations.choices import OWNED, EndCause, EventKind, MessageKind, Side, State
from apps.conversations.events import ConversationClosed, ConversationEnded
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.timers.actions import wakeup_clear


@transaction.atomic
def conversation_spam(*, conversation_id: UUID, block: bool, actor: User) -> Conversation:
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
    conversation = steps.lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation is not with you."))
    if block:
        contact_block(contact_id=conversation.contact_id, by=actor.full_name)
    if conversation.state == State.CLOSED and conversation.is_spam:
        return conversation
    if conversation.state not in OWNED:
        raise DomainError("illegal_transition", _("This conversation is closed already."), state=conversation.state)
    _close(conversation, actor, blocks=block)
    return conversation


def _close(conversation: Conversation, actor: User, *, blocks: bool) -> None:
    now, was = timezone.now(), State(conversation.state)
    cause = EndCause.SPAM
    flags = {"is_spam": True, "end_cause": cause, "unanswered_since": None, "reply_first": False}
    is_over = was == State.WRAP_UP
    if not is_over:
        steps.system_line(conversation, MessageKind.ENDED, at=now, author=actor)
        flags |= {"ended_at": now, "ended_by": Side.AGENT}
    steps.move(conversation, State.CLOSED, closed_at=now, wrap_up_due_at=None, **flags)
    steps.segment_close(conversation, at=now)
    wakeup_clear(kind=WRAP_UP_DEADLINE, object_id=conversation.pk)
    steps.record(
        conversation, EventKind.ENDED, at=now, actor=actor, side=Side.AGENT, cause=cause, contact_blocked=blocks
    )
    if not is_over:
        announce(ConversationEnded(conversation, was, Side.AGENT, cause))
    steps.tell_state(conversation)
    steps.record(conversation, EventKind.CLOSED, at=now, actor=actor, side=Side.AGENT)
    announce(ConversationClosed(conversation))
