"""What an answer answers, what it begins with, and who was faster (EML-5, EML-9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Conversation, Message
from apps.email.body import addresses_from_pairs
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailDraft, MailMessage, MailPart
from apps.email.tokens import subject_references, subject_tag
from apps.mailout.content import stored_as_parsed
from apps.mime.replies import (
    forward_subject,
    forward_text,
    quote_text,
    reply_all_recipients,
    reply_recipients,
    reply_subject,
)
from apps.mime.types import Address

# --- Which mail


def mail_to_answer(conversation_id: UUID) -> MailMessage | None:
    """The mail that one answers when one answers a conversation, now (EML-5).

    What machines wrote is none: neither their answers and reports nor our own receipts, surveys and forms.

    Args:
        conversation_id: one by mail.

    Returns:
        As `mail_to_answer_among` says, without what it says; none where there is no mail.
    """
    said = MailMessage.objects.filter(conversation=conversation_id, message__kind=MessageKind.TEXT)
    newest_first = said.defer("text", "quoted", "html").order_by("-message__number")
    came = newest_first.filter(is_outgoing=False).values_list("message__number", flat=True).first()
    return mail_to_answer_among(newest_first if came is None else newest_first.filter(message__number__gte=came))


def mail_to_answer_among(mails: Iterable[MailMessage]) -> MailMessage | None:
    """The newest mail that came, or the newest of ours since that went to whoever wants its answers.

    What we handed on to somebody else meanwhile is not answered: the customer still waits. Where nothing has come yet,
    it is the newest of ours.

    Args:
        mails: those of a conversation that people wrote, the newest first.
    """
    ours: list[MailMessage] = []
    for mail in mails:
        if not mail.is_outgoing:
            wanted = {each.key for each in addresses_from_pairs(mail.reply_to or mail.sender)}
            return next((each for each in ours if wanted & _went_to(each)), mail)
        ours.append(mail)
    return ours[0] if ours else None


def _went_to(mail: MailMessage) -> set[str]:
    return {each.key for each in addresses_from_pairs([*mail.to, *mail.cc, *mail.bcc])}


# --- Somebody was faster


def replied_since(draft: MailDraft) -> Message | None:
    """The newest message of somebody else that the writer of a draft has not been told of (EML-9)."""
    if draft.conversation_id is None:
        return None
    said = Message.objects.filter(conversation=draft.conversation_id, number__gt=draft.began_after)
    by_others = Q(side=Side.CUSTOMER) | Q(side=Side.AGENT) & ~Q(author=draft.agent_id)
    theirs = said.filter(by_others, kind=MessageKind.TEXT).select_related("author", "conversation__contact")
    return theirs.order_by("-number").first()


def writer_name(message: Message) -> str:
    """Who said something: the agent, else the customer."""
    return message.author.public_name if message.author else message.conversation.contact.display_name


# --- What it begins with


@dataclass(frozen=True)
class Answer:
    """What an editor begins with.

    Attributes:
        to: recipients; so are `cc`.
        subject: with "Re:" or "Fwd:" once.
        quoted: what will stand below the answer.
        files: what came with the mail, for one that hands it on.
        began_after: the conversation's last line.
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    quoted: str
    files: list[MailPart]
    began_after: int


def answer_prefill(message_id: UUID, kind: DraftKind) -> Answer:
    """To whom an answer to a mail goes, under which subject, and what it quotes (EML-5).

    Args:
        message_id: the message that is answered.
        kind: reply, reply all, or forward.

    Raises:
        MailMessage.DoesNotExist: it is no mail.
    """
    mail = MailMessage.objects.select_related("conversation__mail_thread").get(pk=message_id)
    parsed = stored_as_parsed(mail)
    own = list(MailChannel.objects.values_list("address", flat=True))
    subject = _untagged(mail.subject, mail.conversation)
    if kind == DraftKind.FORWARD:
        parts = mail.parts.filter(file__isnull=False, is_inline=False).select_related("file")
        return Answer((), (), forward_subject(subject), forward_text(parsed), list(parts), _last(mail))
    whom = reply_all_recipients if kind == DraftKind.REPLY_ALL else reply_recipients
    recipients = whom(parsed, own)
    return Answer(recipients.to, recipients.cc, reply_subject(subject), quote_text(parsed), [], _last(mail))


def _last(mail: MailMessage) -> int:
    return mail.conversation.last_number


def _untagged(subject: str, conversation: Conversation) -> str:
    """A subject without the tag: it is added where the mail leaves."""
    thread = getattr(conversation, "mail_thread", None)
    if thread is None or thread.reference not in subject_references(subject):
        return subject
    tag = subject_tag(thread.reference)
    place = subject.upper().find(tag.upper())
    return " ".join((subject[:place] + subject[place + len(tag) :]).split())
