"""A conversation's place while it waits."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import ENDED_STATES, EventKind, Refusal, SegmentKind, Side, State
from apps.conversations.events import ConversationWaiting
from apps.conversations.models import Conversation
from apps.conversations.steps.rows import fields_update, state_publish, timeline_record
from apps.conversations.steps.segments import segment_open
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.models import Queue


@transaction.atomic
def conversation_move_to_queue(
    *, conversation: Conversation, queue: Queue, actor: User | None, returned: bool = False
) -> Conversation:
    """Have a waiting conversation wait in another queue. The caller holds the lock.

    It takes the new queue's priority and keeps its first arrival, so it is overtaken by nobody who came later (RTE-7).

    Args:
        conversation: one that waits; an offer that rings is taken back first.
        queue: where it waits from now on; must be active.
        actor: who moved it; none for the system.
        returned: it stands ahead of those of the same rank.

    Raises:
        DomainError: ``illegal_transition``, ``queue_closed``.
    """
    if conversation.state != State.WAITING:
        raise DomainError(
            Refusal.ILLEGAL_TRANSITION,
            _("This can't be done: the conversation is %(state)s.")
            % {"state": conversation.get_state_display().lower()},
            state=conversation.state,
        )
    if not queue.is_active:
        raise DomainError(Refusal.QUEUE_CLOSED, _("This queue takes no conversations at the moment."))
    now, left = timezone.now(), conversation.queue_id
    fields_update(
        conversation,
        queue=queue,
        priority=queue.priority,
        returned=returned,
        queued_at=now,
        queue_entered_at=now,
        version=conversation.version + 1,
    )
    segment_open(conversation, SegmentKind.QUEUE, at=now)
    timeline_record(
        conversation,
        EventKind.QUEUE_CHANGED,
        at=now,
        actor=actor,
        side=_side(actor),
        left=str(left),
        queue=str(queue.pk),
    )
    state_publish(conversation)
    announce(ConversationWaiting(conversation))
    return conversation


@transaction.atomic
def conversation_reprioritise(*, conversation: Conversation, priority: int, actor: User | None) -> Conversation:
    """Raise or lower a conversation's rank (RTE-11). The caller holds the lock.

    Args:
        conversation: one that has not ended.
        priority: 1, served first, to 10.
        actor: who wants it so; none for the system.

    Raises:
        DomainError: ``conversation_ended``, ``priority_unknown``.
    """
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    if not 1 <= priority <= 10:
        raise DomainError(Refusal.PRIORITY_UNKNOWN, _("A priority is a number from 1 to 10."))
    was = conversation.priority
    if priority == was:
        return conversation
    fields_update(conversation, priority=priority, version=conversation.version + 1)
    timeline_record(
        conversation,
        EventKind.PRIORITY_CHANGED,
        at=timezone.now(),
        actor=actor,
        side=_side(actor),
        was=was,
        priority=priority,
    )
    state_publish(conversation)
    return conversation


def _side(actor: User | None) -> Side:
    return Side.AGENT if actor else Side.SYSTEM
