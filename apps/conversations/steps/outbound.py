"""A conversation that we begin: prepared while its first words can still be taken back, active when they are out."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.conversations.choices import EventKind, Refusal, SegmentKind, Side, State
from apps.conversations.events import ConversationAccepted
from apps.conversations.models import Conversation
from apps.conversations.steps.rows import state_change, state_publish, timeline_record
from apps.conversations.steps.segments import segment_open
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_add
from apps.queues.choices import Family
from apps.queues.models import Queue


@transaction.atomic(savepoint=False)
def outbound_prepare(*, channel: Family, queue: Queue, contact: Contact) -> Conversation:
    """One that an agent is about to begin: it has arrived, and nobody sees it yet (EML-7).

    Nothing is on its timeline before `outbound_begin`, so that `outbound_discard` leaves nothing behind.

    Args:
        channel: the family it takes a slot of; the caller takes it.
        queue: from which it is begun; must be active.
        contact: the customer.

    Raises:
        DomainError: ``queue_closed``.
    """
    if not queue.is_active:
        raise DomainError(Refusal.QUEUE_CLOSED, _("This queue takes no conversations at the moment."))
    previous = Conversation.objects.filter(contact=contact).exclude(state=State.ARRIVED)
    return row_add(
        Conversation(
            channel=channel,
            state=State.ARRIVED,
            queue=queue,
            contact=contact,
            priority=queue.priority,
            language=contact.language,
            previous=previous.order_by("-first_arrived_at").first(),
        )
    )


@transaction.atomic(savepoint=False)
def outbound_begin(*, conversation: Conversation, agent: User) -> Conversation:
    """Arrived to active with the agent who begins it (EML-7). The caller holds the lock, and has taken the slot.

    Raises:
        DomainError: ``illegal_transition``.
    """
    now = timezone.now()
    state_change(conversation, State.ACTIVE, agent=agent, first_arrived_at=now, accepted_at=now)
    timeline_record(
        conversation,
        EventKind.ARRIVED,
        at=now,
        actor=agent,
        side=Side.AGENT,
        channel=conversation.channel,
        outbound=True,
    )
    segment_open(conversation, SegmentKind.AGENT, at=now)
    timeline_record(conversation, EventKind.ACCEPTED, at=now, actor=agent, side=Side.AGENT)
    announce(ConversationAccepted(conversation, now))
    state_publish(conversation)
    return conversation


@transaction.atomic(savepoint=False)
def outbound_discard(*, conversation: Conversation) -> None:
    """One that was prepared is not begun after all: it never was. The caller holds the lock.

    Raises:
        DomainError: ``illegal_transition``.
    """
    if conversation.state != State.ARRIVED:
        raise DomainError(
            Refusal.ILLEGAL_TRANSITION, _("This conversation has begun already."), state=conversation.state
        )
    conversation.delete()
