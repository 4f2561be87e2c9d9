"""A mail is written where its verdict says: a person's as a message with its files, a machine's as a notice (EML-2).

All of it but `parts_keep` runs inside the transaction that files the mail, under the locks of its channel, itself and
the verdict's conversation.
"""

from dataclasses import dataclass
from uuid import UUID

from apps.contacts.actions import contact_create, contact_get_or_create, contact_tell
from apps.contacts.models import Contact
from apps.contacts.text import clean_line
from apps.conversations.actions import conversation_prove_contact, conversation_start, message_post
from apps.conversations.choices import ENDED_STATES
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import AttachedFiles, MessageDraft, conversation_raise_version
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.email.body import MailBody, address_pairs, mail_body, stored_mail_id, stored_subject
from apps.email.choices import NoticeKind, RawState
from apps.email.events import CustomerMailFiled
from apps.email.masking import MaskedMail
from apps.email.models import ID_LENGTH, MailMessage, MailNotice, MailPart, OutboundMail, RawMail
from apps.email.steps.threads import participants_add, thread_create
from apps.files.actions import file_store
from apps.files.models import Uploader
from apps.mailin.verdict import InboundMail, Verdict
from apps.mime.types import Address, Bounce, Kind, ParsedMail, Part
from apps.queues.choices import Family
from apps.queues.selectors import serving_queue
from apps.routing.steps import conversation_reopen

MOST_PARTS = 100
MOST_NOTICE_TEXT = 20_000
MOST_FAILURES = 100


# --- What came with it


@dataclass(frozen=True)
class KeptPart:
    """What became of something that came with a mail.

    Attributes:
        place: its place among the mail's attachments, from nought.
        file_id: where it is kept; none when it may not be.
        refused: why not, as a word for programs.
    """

    place: int
    file_id: UUID | None
    refused: str = ""


def parts_keep(raw: RawMail, parts: tuple[Part, ...]) -> list[KeptPart]:
    """Keep what came with a mail, attachments before pictures of its HTML; what may not be kept is told by name.

    Before the transaction that files it: what it finds to be kept, and does not use, is swept.

    Args:
        raw: the mail as it was received.
        parts: all its attachments, by names that may be stored.
    """
    ordered = sorted(range(len(parts)), key=lambda place: parts[place].is_inline)
    kept = [_part_keep(raw, parts[place], place) for place in ordered[:MOST_PARTS]]
    return [*kept, *(KeptPart(place, None, "too_many_files") for place in ordered[MOST_PARTS:])]


def _part_keep(raw: RawMail, part: Part, place: int) -> KeptPart:
    try:
        file = file_store(name=part.name, content=part.content, uploader=_uploader(raw), came_by_mail=True)
    except DomainError as refused:
        return KeptPart(place, None, refused.code)
    return KeptPart(place, file.pk)


def _uploader(raw: RawMail) -> Uploader:
    """Whose files those of a mail are: its own."""
    return Uploader(outsider_id=raw.pk)


# --- A person's mail


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
    goes_on = verdict.state == RawState.MATCHED
    if before is not None:
        _receive_back(before, sender, goes_on=goes_on, is_proven=verdict.is_proven)
    body = mail_body(masked.mail)
    files = tuple(each.file_id for each in kept if each.file_id is not None)
    attached = AttachedFiles(files, _uploader(inbound.raw), came_by_mail=True) if files else None
    draft = MessageDraft(inbound.raw.pk, body.body, attached, removed=masked.removed)
    if before is not None and goes_on:
        message = message_post(conversation_id=before.pk, draft=draft)
    else:
        message = _begin(inbound, verdict, draft, sender, stored_subject(masked.mail))
    _mail_write(inbound.raw, masked.mail, message, body, kept)
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
    conversation = conversation_start(
        channel=Family.EMAIL,
        queue=serving_queue(channel.queue),
        contact=sender_contact(sender, is_proven=verdict.is_proven),
        start_key=inbound.raw.pk,
        first=first,
        follows=verdict.conversation,
    )
    thread_create(conversation, channel, subject, may_belong_to=verdict.may_belong_to)
    return conversation.messages.get(client_id=first.client_id)


def sender_contact(sender: Address, *, is_proven: bool) -> Contact:
    """Whose a new conversation is: the address's, where something vouches for it, else a claimant's (CHAT-12).

    What is known already stays: anybody can write any name.
    """
    name = clean_line(sender.name[:160], 160)
    if not is_proven:
        return contact_create(name=name, email=sender.key)
    found = contact_get_or_create(email=sender.key, name=name)
    return found if found.name or not name else contact_tell(contact_id=found.pk, values={"name": name})


def _mail_write(raw: RawMail, mail: ParsedMail, message: Message, body: MailBody, kept: list[KeptPart]) -> None:
    """What stands beside the message."""
    row = MailMessage.objects.create(
        message=message,
        conversation_id=message.conversation_id,
        raw=raw,
        mail_id=stored_mail_id(mail.message_id),
        in_reply_to=stored_mail_id(next(iter(mail.in_reply_to), "")),
        references=[stored_mail_id(each) for each in mail.references],
        subject=stored_subject(mail),
        sender=address_pairs(mail.from_),
        reply_to=address_pairs(mail.reply_to),
        to=address_pairs(mail.to),
        cc=address_pairs(mail.cc),
        date=mail.date,
        text=body.text,
        quoted=body.quoted,
        html=body.html,
        has_remote_images=body.has_remote_images,
    )
    MailPart.objects.bulk_create(
        _part_row(row, position, mail.attachments[each.place], each) for position, each in enumerate(kept)
    )
    participants_add(message.conversation_id, [*mail.from_, *mail.reply_to, *mail.to, *mail.cc])


def _part_row(mail: MailMessage, position: int, part: Part, kept: KeptPart) -> MailPart:
    return MailPart(
        mail=mail,
        position=position,
        file_id=kept.file_id,
        name=part.name[:255],
        size=len(part.content),
        content_id=part.content_id[:ID_LENGTH],
        is_inline=part.is_inline,
        refused=kept.refused,
    )


# --- A machine's mail


def machine_mail_write(inbound: InboundMail, verdict: Verdict, masked: MaskedMail) -> UUID:
    """Keep an automatic answer or a delivery report: agents may read it, and nobody is woken by it (EML-11).

    What came back is shown on its mail, and the conversation's screen is told (EML-10).

    Args:
        inbound: the mail.
        verdict: matched.
        masked: the mail without what masking rules take out.

    Returns:
        Which conversation it is in.
    """
    conversation, mail, bounce = verdict.conversation, masked.mail, masked.mail.bounce
    if conversation is None:
        raise ValueError("a machine's mail that belongs to nothing is in quarantine")
    row = MailNotice.objects.create(
        conversation=conversation,
        raw=inbound.raw,
        kind=NoticeKind.BOUNCE if mail.kind == Kind.BOUNCE else NoticeKind.AUTO_REPLY,
        about=verdict.about,
        sender=inbound.raw.sender,
        subject=stored_subject(mail),
        text=mail.text[:MOST_NOTICE_TEXT],
        failures=_failures(bounce) if bounce else [],
        is_failure=bounce is not None and bounce.is_failure,
    )
    if row.is_failure and verdict.about is not None:
        OutboundMail.objects.filter(message=verdict.about.pk, bounced_at=None).update(bounced_at=row.at)
    conversation_raise_version(conversation=conversation)
    return row.conversation_id


def _failures(bounce: Bounce) -> list[dict[str, str]]:
    return [
        {
            "address": each.address[:320],
            "action": each.action[:20],
            "status": each.status[:20],
            "diagnostic": each.diagnostic[:500],
        }
        for each in bounce.failures[:MOST_FAILURES]
    ]
