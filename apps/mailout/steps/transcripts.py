"""A mail that nobody writes leaves, such as a chat that its customer wants by mail (CHAT-1, EML-10)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts.text import clean_line
from apps.conversations.mail_sender import AutomaticMail
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.email.body import address_pairs
from apps.email.choices import OutboundKind, OutboundState
from apps.email.models import SUBJECT_LENGTH, MailChannel, MailMessage, OutboundMail
from apps.email.selectors import own_addresses
from apps.mailout.choices import Refusal
from apps.mailout.content import outbound_mail_id, reply_to_address
from apps.mailout.selectors.outbox import can_send_any, nearest_channel
from apps.mailout.steps.queue import delivery_schedule
from apps.mime.compose import address_check
from apps.mime.types import Address


class TranscriptSender:
    """How apps that know nothing of mail have some sent."""

    def can_send(self) -> bool:
        """Whether some channel has a server that takes its mail."""
        return can_send_any()

    def send(self, message: Message, letter: AutomaticMail) -> None:
        """As `transcript_send`."""
        transcript_send(message=message, mail=letter)


def transcript_send(*, message: Message, mail: AutomaticMail) -> OutboundMail:
    """Queue a mail about a conversation of any channel, in the transaction that writes the line which says so.

    It begins no thread. Whoever answers it writes to the address of the conversation that it is about: a conversation
    by mail begins then, linked to that one (`may_belong_to`).

    Args:
        message: that line, of a locked conversation; it has no mail yet.
        mail: what is sent, to one address.

    Raises:
        DomainError: ``channel_cannot_send``, ``mail_recipient_ours``, ``mail_address_invalid``.
    """
    conversation, to = message.conversation, Address(clean_line(mail.name, 160), mail.address)
    channel = _channel(conversation)
    address_check(to.address)
    if own_addresses([to]):
        text = _("%(address)s is an address of ours: whatever is sent there would go round in circles.")
        raise DomainError(Refusal.MAIL_RECIPIENT_OURS, text % {"address": to.address}, field="email")
    now = timezone.now()
    row = OutboundMail(
        kind=OutboundKind.TRANSCRIPT,
        state=OutboundState.QUEUED,
        conversation=conversation,
        channel=channel,
        created_at=now,
        tried_since=now,
        recipients=[to.address],
    )
    row.mail_id = outbound_mail_id(row)
    row.message = _write(row, message, to, mail)
    row.save(force_insert=True)
    delivery_schedule(row.pk)
    return row


def _channel(conversation: Conversation) -> MailChannel:
    channel = nearest_channel(conversation.queue)
    if channel is None:
        raise DomainError(Refusal.CHANNEL_CANNOT_SEND, _("No mail can be sent at the moment."))
    return channel


def _write(row: OutboundMail, message: Message, to: Address, mail: AutomaticMail) -> MailMessage:
    written = MailMessage(
        message=message,
        conversation_id=message.conversation_id,
        is_outgoing=True,
        mail_id=row.mail_id,
        subject=clean_line(mail.subject, SUBJECT_LENGTH),
        sender=address_pairs((Address(row.channel.display_name, row.channel.address),)),
        to=address_pairs((to,)),
        date=message.created_at,
        text=mail.text,
        html=mail.html,
    )
    answers_to = reply_to_address(row.channel, written)
    written.reply_to = address_pairs((answers_to,)) if answers_to else []
    written.save(force_insert=True)
    return written
