"""A person's mail is written where its verdict says: as a message of a conversation, old or new (EML-2).

Inside the transaction that files the mail, under the locks of its channel, itself and the verdict's conversation.
"""

from uuid import UUID

from apps.contacts.actions import contact_of_address
from apps.conversations.actions import conversation_prove_contact, message_post
from apps.conversations.choices import ENDED_STATES
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.core.events import announce
from apps.email.body import mail_body, stored_subject
from apps.email.events import CustomerMailFiled
from apps.email.masking import MaskedMail
from apps.email.steps.threads import mail_conversation_start
from apps.mailin.steps.mail_rows import KeptPart, attached_files, mail_row_write
from apps.mailin.verdict import InboundMail, Verdict
from apps.mime.types import Address, ParsedMail
from apps.routing.steps import conversation_reopen


def customer_mail_write(inbound: InboundMail, verdict: Verdict, masked: MaskedMail, kept: list[KeptPart]) -> UUID:
    """Write a person's mail: a message of the conversation that it belongs to, or the first one of a new conversation.

    Args:
        inbound: the mail.
        verdict: matched or new.
        masked: the mail without what masking rules take out.
        kept: its files.

    Returns:
        Which conversation it is in.
    """
    sender, before = _masked_sender(inbound, masked.mail), verdict.conversation
    goes_on = verdict.is_matched
    if before is not None:
        _receive_back(before, sender, goes_on=goes_on, is_proven=verdict.is_proven)
    body = mail_body(masked.mail)
    draft = MessageDraft(inbound.raw.pk, body.body, attached_files(inbound.raw, kept), removed=masked.removed)
    if before is not None and goes_on:
        message = message_post(conversation_id=before.pk, draft=draft)
    else:
        message = _begin(inbound, verdict, draft, sender, stored_subject(masked.mail))
    mail_row_write(inbound.raw, masked.mail, message, body, kept)
    announce(CustomerMailFiled(message.conversation_id, masked.mail, inbound.raw.channel, is_new=not goes_on))
    return message.conversation_id


def _masked_sender(inbound: InboundMail, mail: ParsedMail) -> Address:
    """Who has written a mail, by a name that may be stored."""
    for each in (*mail.from_, *mail.reply_to):
        if inbound.sender is not None and each.key == inbound.sender.key:
            return each
    raise ValueError("only what somebody has written is put before people")


def _receive_back(conversation: Conversation, sender: Address, *, goes_on: bool, is_proven: bool) -> None:
    """What is over goes on where the mail goes there (WRP-8); who its customer is may be proven by it (CHAT-12)."""
    if goes_on and conversation.state in ENDED_STATES:
        # First, so that what the mail proves is proven in the stay that begins with it.
        conversation_reopen(conversation=conversation)
    if is_proven and conversation.contact.email == sender.key:
        conversation_prove_contact(conversation_id=conversation.pk, email=sender.key)
        conversation.refresh_from_db()


def _begin(inbound: InboundMail, verdict: Verdict, first: MessageDraft, sender: Address, subject: str) -> Message:
    channel = inbound.raw.channel
    conversation = mail_conversation_start(
        channel,
        subject,
        queue=channel.queue,
        contact=contact_of_address(email=sender.key, name=sender.name, is_proven=verdict.is_proven),
        start_key=inbound.raw.pk,
        first=first,
        follows=verdict.conversation,
        may_belong_to=verdict.may_belong_to,
    )
    return conversation.messages.get(client_id=first.client_id)
