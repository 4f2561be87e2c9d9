"""A conversation goes from one agent's hands into another's, or into another queue (XFR-3, XFR-4)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import EventKind, MessageKind, Refusal, ReturnCause, SegmentKind, Side, State
from apps.conversations.events import ConversationAccepted, ConversationReturned, ConversationWaiting
from apps.conversations.models import Conversation
from apps.conversations.steps.messages import system_message_add
from apps.conversations.steps.rows import fields_update, state_change, state_publish, timeline_record
from apps.conversations.steps.segments import segment_open
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.models import Queue


@transaction.atomic
def conversation_reassign(*, conversation: Conversation, agent: User, reply_first: bool = False) -> Conversation:
    """From its agent to another one, who has it from now on in a stay of their own; it keeps its queue (XFR-4, XFR-6).

    Called by routing, which holds the lock and has taken the other agent's slot; it gives the first one's back.

    Args:
        conversation: an active one.
        agent: who has it from now on.
        reply_first: it opened by itself: the agent can't end it before a first message (AGT-6).

    Raises:
        DomainError: ``illegal_transition``.
    """
    _must_be_active(conversation)
    now, left = timezone.now(), conversation.agent_id
    fields_update(
        conversation,
        agent=agent,
        agent_spoke_at=None,
        reply_first=reply_first,
        version=conversation.version + 1,
    )
    segment_open(conversation, SegmentKind.AGENT, at=now)
    timeline_record(
        conversation, EventKind.TRANSFERRED, at=now, actor=agent, side=Side.AGENT, left=str(left), agent=str(agent.pk)
    )
    system_message_add(conversation, MessageKind.TOOK_OVER, at=now, author=agent)
    announce(ConversationAccepted(conversation, now))
    state_publish(conversation, *([left] if left else []))
    return conversation


@transaction.atomic
def conversation_pass_to_queue(
    *, conversation: Conversation, queue: Queue, actor: User, ignores_skills: bool = False
) -> Conversation:
    """From its agent into a queue, where it waits by its first arrival (XFR-3, RTE-7). The caller holds the lock.

    Args:
        conversation: an active one of the actor's.
        queue: where it waits from now on; must be active.
        actor: its agent, who owes no wrap-up for it.
        ignores_skills: routing asks for none of its skills any more.

    Raises:
        DomainError: ``illegal_transition``, ``queue_closed``.
    """
    _must_be_active(conversation)
    if not queue.is_active:
        raise DomainError(Refusal.QUEUE_CLOSED, _("This queue takes no conversations at the moment."))
    now, left = timezone.now(), conversation.queue_id
    system_message_add(conversation, MessageKind.PASSED_ON, at=now, author=actor)
    state_change(
        conversation,
        State.WAITING,
        agent=None,
        queue=queue,
        priority=queue.priority,
        returned=False,
        ignores_skills=ignores_skills,
        queued_at=now,
        queue_entered_at=now,
        agent_spoke_at=None,
        reply_first=False,
    )
    segment_open(conversation, SegmentKind.QUEUE, at=now)
    timeline_record(
        conversation, EventKind.TRANSFERRED, at=now, actor=actor, side=Side.AGENT, left=str(left), queue=str(queue.pk)
    )
    state_publish(conversation, actor.pk)
    announce(ConversationReturned(conversation, actor.pk, ReturnCause.TRANSFERRED))
    announce(ConversationWaiting(conversation))
    return conversation


def _must_be_active(conversation: Conversation) -> None:
    if conversation.state != State.ACTIVE:
        raise DomainError(
            Refusal.ILLEGAL_TRANSITION,
            _("This can't be done: the conversation is %(state)s.")
            % {"state": conversation.get_state_display().lower()},
            state=conversation.state,
        )
