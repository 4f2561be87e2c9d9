"""What we answer by ourselves: that a mail has come, or that nobody is here; once in a conversation (EML-11)."""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from apps.conversations.models import Conversation, Message
from apps.conversations.steps import conversation_lock, system_message_post
from apps.core.errors import DomainError
from apps.email.body import address_pairs, message_body, stored_mail_id
from apps.email.choices import AUTOMATIC_KINDS, OutboundKind, OutboundState
from apps.email.models import MailChannel, MailMessage, MailThread, OutboundMail
from apps.email.selectors import own_addresses
from apps.mailout.automatic_text import automatic_text
from apps.mailout.content import html_page, outbound_mail_id, reply_to_address, tagged_subject
from apps.mailout.selectors.outbox import can_send
from apps.mailout.steps.queue import delivery_schedule
from apps.mime.classify import may_answer
from apps.mime.replies import references_for, reply_subject
from apps.mime.types import Address, ParsedMail
from apps.queues.selectors import is_accepting

MOST_A_DAY = 5
"""Automatic mails to one customer in a day: a machine that does not say so may be at the other end (RFC 3834, 2)."""

log = structlog.get_logger(__name__)


def automatic_send(
    conversation_id: UUID, mail: ParsedMail, *, channel: MailChannel, is_new: bool
) -> OutboundMail | None:
    """Answer a customer's mail by ourselves, where the channel does so. Inside the transaction that files the mail.

    Args:
        conversation_id: of a locked conversation; the mail is a message of it.
        mail: a person's, as far as one can tell; no machine is answered.
        channel: by which it came.
        is_new: it has opened the conversation.

    Returns:
        The answer, queued; none where there is nothing to say, or it was said already.
    """
    target = next(iter(mail.reply_to or mail.from_), None)
    if not (channel.acknowledges or channel.replies_out_of_hours) or target is None or not may_answer(mail):
        return None
    # Its first message was written through another instance of it.
    conversation = conversation_lock(conversation_id)
    kind = _kind(channel, conversation, is_new=is_new)
    if kind is None or own_addresses([target]) or not can_send(channel) or _was_said(conversation, kind):
        return None
    try:
        with transaction.atomic():
            return _send(conversation, channel, mail, target, kind)
    except DomainError:
        log.exception("email.no_automatic_mail", conversation=str(conversation_id))
        return None  # Whatever is wrong with the answer, the customer's mail is filed.


def _kind(channel: MailChannel, conversation: Conversation, *, is_new: bool) -> OutboundKind | None:
    if channel.replies_out_of_hours and not is_accepting(conversation.queue, timezone.now()):
        return OutboundKind.OUT_OF_HOURS
    return OutboundKind.RECEIPT if channel.acknowledges and is_new else None


def _was_said(conversation: Conversation, kind: OutboundKind) -> bool:
    said = OutboundMail.objects.filter(conversation=conversation, kind=kind).exists()
    return said or _is_much(conversation)


def _is_much(conversation: Conversation) -> bool:
    since = timezone.now() - timedelta(days=1)
    sent = OutboundMail.objects.filter(conversation__contact=conversation.contact_id, kind__in=AUTOMATIC_KINDS)
    return sent.filter(created_at__gte=since).count() >= MOST_A_DAY


def _send(
    conversation: Conversation, channel: MailChannel, mail: ParsedMail, target: Address, kind: OutboundKind
) -> OutboundMail:
    now, thread = timezone.now(), MailThread.objects.select_related("channel").get(pk=conversation.pk)
    text = automatic_text(channel, kind, conversation, thread)
    row = OutboundMail(
        kind=kind,
        state=OutboundState.QUEUED,
        conversation=conversation,
        channel=channel,
        created_at=now,
        tried_since=now,
        recipients=[target.address],
    )
    row.mail_id = outbound_mail_id(row)
    message = system_message_post(conversation=conversation, body=message_body(text, thread.subject))
    row.message = _write(row, message, thread, mail, target, text)
    row.save(force_insert=True)
    delivery_schedule(row.pk)
    return row


def _write(
    row: OutboundMail, message: Message, thread: MailThread, mail: ParsedMail, target: Address, text: str
) -> MailMessage:
    channel = row.channel
    written = MailMessage(
        message=message,
        conversation_id=message.conversation_id,
        is_outgoing=True,
        mail_id=row.mail_id,
        in_reply_to=stored_mail_id(mail.message_id),
        references=[stored_mail_id(each) for each in references_for(mail)],
        subject=tagged_subject(reply_subject(thread.subject), thread),
        sender=address_pairs((Address(channel.display_name, channel.address),)),
        to=address_pairs((target,)),
        date=message.created_at,
        text=text,
        html=html_page(text),
    )
    answers_to = reply_to_address(channel, written)
    written.reply_to = address_pairs((answers_to,)) if answers_to else []
    written.save(force_insert=True)
    return written
