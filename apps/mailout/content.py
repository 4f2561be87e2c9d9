"""What a mail of ours says: written once, when it leaves, and the same at each attempt (EML-10)."""

import html
import re
from dataclasses import dataclass

from django.utils import timezone, translation

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.core.languages import supported_language
from apps.email.body import addresses_from_pairs
from apps.email.choices import DraftKind
from apps.email.models import SUBJECT_LENGTH, MailChannel, MailDraft, MailMessage, MailThread, OutboundMail
from apps.email.tokens import mail_id_for, reply_address, subject_tag
from apps.mime.replies import forward_html, forward_text, quote_html, quote_text, references_trim
from apps.mime.safe import make_safe
from apps.mime.types import Address, ParsedMail
from apps.queues.models import Queue
from apps.responses.text import fill_text, variable_values

MOST_QUOTED = 200_000
"""Characters of what is quoted; of HTML too, else its text is."""
_LINK = re.compile(r"https?://[^\s<>\"']{1,2000}[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class MailTexts:
    """A mail's texts.

    Attributes:
        text: all of it.
        quoted: what it quotes.
        html: all of it once more.
    """

    text: str
    quoted: str
    html: str


def outbound_mail_id(row: OutboundMail) -> str:
    """The Message-ID of a mail that goes out, the same however often it is asked for.

    Whoever answers by it has had the mail, and is believed for it (CHAT-12). So it can't be made up of the row's key,
    which its agent's page knows.
    """
    return mail_id_for(row.pk, row.channel.address.rpartition("@")[2])


def signature_text(channel: MailChannel, queue: Queue, contact: Contact | None, agent: User) -> str:
    """A channel's signature as it stands under an agent's mail; empty where it has none."""
    values = variable_values(contact or Contact(), agent, queue)
    return fill_text(channel.signature, values, language=contact.language if contact else "").text.strip()


def draft_texts(draft: MailDraft, *, signature: str, language: str) -> MailTexts:
    """The texts of a mail that an agent has written, with the signature, and below it what it answers.

    Args:
        draft: it.
        signature: filled in; empty for none.
        language: a tag; the line above a quotation is in the closest one that we have.
    """
    own = "\n\n".join(each for each in (draft.body.strip(), f"-- \n{signature}" if signature else "") if each)
    if draft.answers is None or not draft.quotes:
        return MailTexts(own, "", html_page(own))
    zone = draft.agent.time_zone or "UTC"
    with translation.override(supported_language(language)), timezone.override(zone):
        text, markup = _quotation(draft.answers, is_forward=draft.kind == DraftKind.FORWARD)
    return MailTexts(f"{own}\n\n{text}" if own else text, text, html_page(own, markup))


def _quotation(mail: MailMessage, *, is_forward: bool) -> tuple[str, str]:
    parsed = stored_as_parsed(mail)
    safe = ""
    if mail.html and len(mail.html) <= MOST_QUOTED:
        safe = make_safe(mail.html, image_address=lambda _id: None, remote_images=True).html
    safe = safe or html_paragraphs(parsed.text)
    if is_forward:
        return forward_text(parsed), forward_html(parsed, safe)
    return quote_text(parsed), quote_html(parsed, safe)


def stored_as_parsed(mail: MailMessage) -> ParsedMail:
    """A mail that is stored, as it is when it has been read: for what is worked out from one."""
    return ParsedMail(
        message_id=mail.mail_id,
        in_reply_to=(mail.in_reply_to,) if mail.in_reply_to else (),
        references=tuple(mail.references),
        subject=mail.subject,
        from_=addresses_from_pairs(mail.sender),
        to=addresses_from_pairs(mail.to),
        cc=addresses_from_pairs(mail.cc),
        reply_to=addresses_from_pairs(mail.reply_to),
        date=mail.date,
        text=mail.text[:MOST_QUOTED],
        html=mail.html,
    )


def html_page(text: str, quotation: str = "") -> str:
    """A plain text as the HTML of a mail, with a quotation below it."""
    return f'<!DOCTYPE html><html><body><div dir="auto">{html_paragraphs(text)}</div>{quotation}</body></html>'


def html_paragraphs(text: str) -> str:
    """A plain text in HTML: its lines, and its addresses as links."""
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        shown = html.escape(found[0])
        pieces += [html.escape(text[end : found.start()]), f'<a href="{shown}">{shown}</a>']
        end = found.end()
    pieces.append(html.escape(text[end:]))
    # Two spaces in a row are one in HTML.
    return "".join(pieces).replace("  ", "&nbsp; ").replace("\n", "<br>\r\n")


def tagged_subject(subject: str, thread: MailThread) -> str:
    """The subject as it is sent: with the conversation's tag, once, where the channel wants it (EML-3)."""
    tag = subject_tag(thread.reference)
    if not thread.channel.tags_subjects or tag.casefold() in subject.casefold():
        return subject
    return f"{subject[: SUBJECT_LENGTH - len(tag) - 1]} {tag}"


def reply_to_address(channel: MailChannel, mail: MailMessage) -> Address | None:
    """Where answers go: the conversation's own address, if the channel's server takes it and it is not too long."""
    address = reply_address(channel.address, mail.conversation_id)
    fits = channel.plus_addresses and len(address.rpartition("@")[0]) <= 64
    return Address(channel.display_name, address) if fits else None


def thread_headers(answers: MailMessage | None) -> tuple[str, list[str]]:
    """The mail that is answered, and the thread that leads to it, oldest first (RFC 5322, 3.6.4)."""
    if answers is None:
        return "", []
    before = answers.references or ([answers.in_reply_to] if answers.in_reply_to else [])
    return answers.mail_id, list(references_trim([each for each in (*before, answers.mail_id) if each]))
