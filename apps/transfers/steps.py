"""A transfer is settled under its conversation's lock: the hop is kept, or the sender is told (XFR-4 to XFR-6)."""

from django.db.models import Count, Max, Q
from django.utils import timezone

from apps.accounts.models import User
from apps.agents.steps import notice_add
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message, Segment
from apps.conversations.steps import timeline_record
from apps.core.rows import row_add
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.queues.models import Queue
from apps.routing.choices import TransferEnd
from apps.routing.models import NOTE_LONGEST, Offer
from apps.routing.selectors import conversation_skills
from apps.transfers.choices import STATES, TransferEventKind, TransferState
from apps.transfers.models import Recent, Transfer
from apps.transfers.text import outcome_notice


def transfer_settle(*, offer: Offer, conversation: Conversation, end: TransferEnd) -> Transfer | None:
    """A transfer to an agent is settled. The caller holds the conversation's lock, and it stands as it does after it.

    Args:
        offer: by which it rang; needs `agent` and `sender` loaded.
        conversation: the conversation.
        end: what became of it.

    Returns:
        The transfer; nothing when it was settled before.
    """
    # One that opened by itself counted as done until its first message did not come.
    before = TransferState.DONE if end == TransferEnd.UNANSWERED else TransferState.RINGING
    mine = Transfer.objects.filter(conversation=conversation, to_agent=offer.agent, state=before)
    transfer = mine.order_by("-asked_at").first()
    if transfer is None:
        return None
    transfer.state, transfer.settled_at = STATES[end], timezone.now()
    transfer.save(update_fields=["state", "settled_at"])
    if end == TransferEnd.ACCEPTED:
        stage_keep(transfer, conversation)
    else:
        _return_record(offer, conversation, end)
    if end != TransferEnd.CANCELLED and offer.sender_id is not None:
        text = outcome_notice(end, offer.agent.public_name, conversation.contact.display_name)
        notice_add(agent_id=offer.sender_id, text=text, about=conversation.pk)
    return transfer


def stage_keep(transfer: Transfer, conversation: Conversation) -> None:
    """Write down what the stage that a transfer has just ended was made of (XFR-6)."""
    earlier = Transfer.objects.filter(conversation=conversation, state=TransferState.DONE).exclude(pk=transfer.pk)
    first = (earlier.aggregate(last=Max("last_number"))["last"] or 0) + 1
    lines = Message.objects.filter(conversation=conversation, number__gte=first, number__lte=conversation.last_number)
    counted = lines.aggregate(
        customer=Count("pk", filter=Q(side=Side.CUSTOMER)), agent=Count("pk", filter=Q(side=Side.AGENT))
    )
    transfer.first_number, transfer.last_number = first, conversation.last_number
    transfer.customer_messages, transfer.agent_messages = counted["customer"], counted["agent"]
    transfer.skills = [row.skill.name for row in conversation_skills(conversation.pk, at=timezone.now())]
    transfer.save(update_fields=["first_number", "last_number", "customer_messages", "agent_messages", "skills"])


def _return_record(offer: Offer, conversation: Conversation, end: TransferEnd) -> None:
    timeline_record(
        conversation,
        TransferEventKind.TRANSFER_BACK,
        at=timezone.now(),
        actor=None,
        side=Side.SYSTEM,
        end=end,
        agent=str(offer.agent_id),
        name=offer.agent.public_name,
    )


KEPT = 5
"""Recent destinations that are kept for each agent."""


def recent_note(agent: User, *, queue: Queue | None = None, colleague: User | None = None) -> None:
    """Put a destination at the head of an agent's recent ones; the oldest beyond `KEPT` leave."""
    Recent.objects.update_or_create(agent=agent, queue=queue, colleague=colleague, defaults={"used_at": timezone.now()})
    mine = Recent.objects.filter(agent=agent)
    kept = mine.order_by("-used_at", "-pk").values_list("pk", flat=True)[:KEPT]
    mine.exclude(pk__in=list(kept)).delete()


def transfer_create(
    conversation: Conversation, actor: User, note: str, *, to_queue: Queue | None = None, to_agent: User | None = None
) -> Transfer:
    """Write down that a locked conversation is transferred, to a queue or to an agent.

    Raises:
        DomainError: ``masking_too_long``.
    """
    now = timezone.now()
    plain = mask_text(" ".join(note.split()), queue_id=conversation.queue_id, who=Speaker.AGENT).text
    return row_add(
        Transfer(
            conversation=conversation,
            segment=Segment.objects.get(conversation=conversation, ended_at=None),
            sender=actor,
            to_queue=to_queue,
            to_agent=to_agent,
            # To a queue it is done with this transaction.
            state=TransferState.DONE if to_queue else TransferState.RINGING,
            settled_at=now if to_queue else None,
            note=plain[:NOTE_LONGEST],
            asked_at=now,
        )
    )


def transfer_record(transfer: Transfer, conversation: Conversation, **where: str) -> None:
    """For agents alone: who transfers it where, and what they say about it."""
    timeline_record(
        conversation,
        TransferEventKind.TRANSFER_ASKED,
        at=transfer.asked_at,
        actor=transfer.sender,
        side=Side.AGENT,
        note=transfer.note,
        **where,
    )
