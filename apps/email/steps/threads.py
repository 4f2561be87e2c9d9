"""What a conversation by mail has beside its messages, and who takes part in it (EML-3)."""

from uuid import UUID

from apps.contacts.models import Contact
from apps.conversations.actions import conversation_start
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.rows import row_add_once
from apps.email.models import MailChannel, MailThread, Participant
from apps.email.selectors import own_addresses
from apps.email.tokens import reference_new
from apps.mime.types import Address
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.queues.selectors import serving_queue

MOST_PARTICIPANTS = 200
"""Addresses that take part in one conversation."""


def mail_conversation_start(
    channel: MailChannel,
    subject: str,
    *,
    queue: Queue,
    contact: Contact,
    start_key: UUID,
    first: MessageDraft,
    follows: Conversation | None,
    language: str = "",
    may_belong_to: UUID | None = None,
) -> Conversation:
    """A conversation by mail begins, with its thread.

    Args:
        channel: its mails are sent from here.
        subject: of its first mail.
        queue: where it waits; where that takes none any more, it waits in the default one.
        contact: whose it is.
        start_key: begun twice by the same, it is one.
        first: its first message.
        follows: the one that it follows.
        language: its customer's tag, or empty.
        may_belong_to: a conversation that something speaks for, but not enough.
    """
    conversation = conversation_start(
        channel=Family.EMAIL,
        queue=serving_queue(queue),
        contact=contact,
        start_key=start_key,
        first=first,
        language=language,
        follows=follows,
    ).conversation
    thread_create(conversation, channel, subject, may_belong_to=may_belong_to)
    return conversation


def thread_create(
    conversation: Conversation, channel: MailChannel, subject: str, *, may_belong_to: UUID | None = None
) -> MailThread:
    """What a new conversation by mail has beside its messages.

    Args:
        conversation: it.
        channel: its mails are sent from here.
        subject: of its first mail.
        may_belong_to: a conversation that something speaks for, but not enough.
    """
    thread = MailThread(
        conversation=conversation,
        channel=channel,
        subject=subject,
        reference=reference_new(),
        may_belong_to_id=may_belong_to,
    )
    while not row_add_once(thread):  # Of a million million references, it took one that is in use.
        thread.reference = reference_new()
    return thread


def participants_add(conversation_id: UUID, addresses: list[Address]) -> None:
    """Whoever a participant's mail comes from and goes to takes part from now on; our own addresses do not (EML-3).

    Args:
        conversation_id: it, locked.
        addresses: of a mail in it.
    """
    ours = own_addresses(addresses)
    keys = list(dict.fromkeys(each.key[:320] for each in addresses if each.is_valid and each.key not in ours))
    room = MOST_PARTICIPANTS - Participant.objects.filter(conversation=conversation_id).count()
    rows = [Participant(conversation_id=conversation_id, address=key) for key in keys]
    Participant.objects.bulk_create(rows[: max(room, 0)], ignore_conflicts=True)
