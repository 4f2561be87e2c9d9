"""Answers: to whom, under which subject, and what they quote (EML-5)."""

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from apps.mime.types import Address, ParsedMail

MAX_SUBJECT = 250
MAX_REFERENCES = 20
"""Ids of a thread that a mail names: the first, and the latest."""

# "Re:" as the world's clients write it, counted or not, and what hands a mail on.
_REPLY = (
    r"re|aw|antw(?:oord)?|sv|vs|odp|res?p?|ref|rif|r|bls|ynt|atb|λ|απ|отв(?:ет)?|ha|vá|hl"
    r"|回复|回覆|答复|答覆|返信|답장|השב|רד"
)
_FORWARD = r"fwd?|wg|tr|rv|enc|i|vb|doorst|fs|pd|σχετ|пересл|转发|轉寄|転送|전달"
_PREFIX = re.compile(rf"\s*(?:{_REPLY}|{_FORWARD})\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...]


def reply_recipients(mail: ParsedMail, own: Collection[str]) -> Recipients:
    """Whom a reply goes to: where the sender wants answers; to the same people again after a mail of our own.

    Args:
        mail: the mail that is answered.
        own: the addresses of the tenant's channels.
    """
    keys = {without_token(address) for address in own}
    targets = _others(mail.reply_to, keys) or _others(mail.from_, keys) or _others(mail.to, keys)
    return Recipients(targets, ())


def reply_all_recipients(mail: ParsedMail, own: Collection[str]) -> Recipients:
    """Whom a reply to all goes to: the reply's, and everybody else of To and Cc, each once, never ourselves.

    Args:
        mail: the mail that is answered.
        own: the addresses of the tenant's channels; with a token in them, too, they are our own.
    """
    keys = {without_token(address) for address in own}
    first = reply_recipients(mail, own).to
    taken = keys | {each.key for each in first}
    # After a mail of our own those of To stay in To.
    return Recipients(first, _others((*mail.to, *mail.cc), taken))


def subject_base(subject: str) -> str:
    """A subject without the prefixes of replies and forwards, in whatever language, however many."""
    text = " ".join(subject.split())
    while (match := _PREFIX.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return "" if _PREFIX.fullmatch(text) else text


def reply_subject(subject: str) -> str:
    """The subject of a reply: "Re:" once (RFC 5322, 3.6.5)."""
    return f"Re: {subject_base(subject)}".strip()[:MAX_SUBJECT]


def forward_subject(subject: str) -> str:
    """The subject of a mail that hands on another."""
    return f"Fwd: {subject_base(subject)}".strip()[:MAX_SUBJECT]


def references_for(mail: ParsedMail) -> tuple[str, ...]:
    """The thread that an answer belongs to, oldest first (RFC 5322, 3.6.4)."""
    before = mail.references or mail.in_reply_to[:1]
    return references_trim((*before, *((mail.message_id,) if mail.message_id else ())))


def references_trim(references: Collection[str]) -> tuple[str, ...]:
    """At most `MAX_REFERENCES` ids: where the thread began, and its end. The last mention of an id counts."""
    latest = tuple(reversed(dict.fromkeys(reversed(tuple(references)))))
    return latest if len(latest) <= MAX_REFERENCES else (latest[0], *latest[-MAX_REFERENCES + 1 :])


def attribution_line(mail: ParsedMail) -> str:
    """The line above what a reply quotes, in the language and the time zone of now."""
    name = next((each.name or each.address for each in mail.from_), "") or _("Somebody")
    if mail.date is None:
        return _("%(name)s wrote:") % {"name": name}
    return _("On %(date)s, %(name)s wrote:") % {"date": _date(mail.date), "name": name}


def quote_text(mail: ParsedMail) -> str:
    """What a plain reply quotes of a mail, with the line above it."""
    lines = mail.text.strip("\n").split("\n")
    return "\n".join([attribution_line(mail), *(_marked(line) for line in lines)])


def quote_html(mail: ParsedMail, safe_html: str) -> str:
    """What a reply quotes of a mail, with the line above it, for other clients to fold.

    Args:
        mail: the mail that is answered.
        safe_html: what it says, from `make_safe` with remote images; or its text, escaped.
    """
    return (
        f'<div class="gmail_quote"><div class="gmail_attr">{html.escape(attribution_line(mail))}</div>'
        f'<blockquote class="gmail_quote" type="cite">{safe_html}</blockquote></div>'
    )


def forward_text(mail: ParsedMail) -> str:
    """What a plain mail hands on of another."""
    return "\n".join(["---------- Forwarded message ---------", *_header(mail), "", mail.text.strip("\n")])


def forward_html(mail: ParsedMail, safe_html: str) -> str:
    """What a mail hands on of another, its header above it.

    Args:
        mail: the mail that is handed on.
        safe_html: what it says, from `make_safe` with remote images; or its text, escaped.
    """
    head = "<br>".join(html.escape(line) for line in ("---------- Forwarded message ---------", *_header(mail)))
    return f'<div class="gmail_quote"><div class="gmail_attr">{head}</div><br>{safe_html}</div>'


def without_token(address: str) -> str:
    """An address without what stands behind a plus sign, for comparing."""
    local, at, domain = address.casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _others(addresses: Collection[Address], taken: Collection[str]) -> tuple[Address, ...]:
    each = {one.key: one for one in reversed(tuple(addresses)) if one.is_valid and not _is_taken(one, taken)}
    return tuple(reversed(each.values()))


def _is_taken(address: Address, taken: Collection[str]) -> bool:
    return address.key in taken or without_token(address.key) in taken


def _marked(line: str) -> str:
    # Quotation marks in a row have no spaces between them (RFC 3676, 4.5): other clients count them.
    return f">{line}" if line.startswith(">") else f"> {line}".rstrip()


def _header(mail: ParsedMail) -> list[str]:
    # In English whatever the language: by these words clients know a mail that was handed on.
    found = [f"From: {_people(mail.from_)}"]
    if mail.date is not None:
        found.append(f"Date: {_date(mail.date)}")
    found += [f"Subject: {mail.subject}", f"To: {_people(mail.to)}"]
    return [*found, f"Cc: {_people(mail.cc)}"] if mail.cc else found


def _people(addresses: Collection[Address]) -> str:
    return ", ".join(f"{each.name} <{each.address}>" if each.name else each.address for each in addresses)


def _date(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
