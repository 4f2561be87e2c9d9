"""Reading: any bytes become a mail (EML-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from apps.mime.addresses import date_of, parse_addresses, parse_message_ids
from apps.mime.calendars import summary_of
from apps.mime.charsets import clean_text, decode_text
from apps.mime.classify import classify_mail, list_id_of
from apps.mime.entities import Entity, take_apart
from apps.mime.filenames import name_for
from apps.mime.headers import Fields, decode_header, parse_headers, visible_text
from apps.mime.markup import MAX_LENGTH, text_as_html
from apps.mime.plain import to_text
from apps.mime.safe import content_ids
from apps.mime.types import Defect, ParsedMail, Part

MAX_TEXT = 1_000_000
"""Characters of a mail's text."""
MAX_SUBJECT = 1000
MAX_VALUE = 4000
"""Characters of any other header."""
MAX_HEADERS = 300

_KNOWN_FIELDS = frozenset(
    ("message-id", "in-reply-to", "references", "subject", "from", "sender", "to", "cc", "reply-to", "date")
)
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to")
# Kinds of text that read as they are; others (tables, cards, programs) are attachments.
_PLAIN = frozenset(
    ("text/plain", "text/enriched", "text/markdown", "text/x-markdown", "text/x-amp", "text/unknown", "text/x-plain")
)
_HTML = frozenset(("text/html", "application/xhtml+xml"))
# Other forms of the same text, for programs that know them: a reader has it in HTML already.
_DOUBLES = frozenset(("text/x-amp-html", "text/watch-html", "text/calendar-alternative"))


@dataclass
class _Body:
    """One piece of what a mail says, in one form or both."""

    text: str | None = None
    html: str | None = None


@dataclass
class _Reading:
    defects: set[Defect]
    attachments: list[Part] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail. Whatever the bytes are, this returns: a broken mail is a mail with defects.

    Time and memory grow with the size of the mail and have a ceiling besides; who stores mails sets their size.

    Args:
        raw: as it came over the wire or out of a mailbox.
    """
    tree = take_apart(raw)
    reading = _Reading(tree.defects)
    text, html = _joined(_bodies(tree.root, reading, ""), reading)
    mail = _headed(tree.root.fields, reading)
    shown = content_ids(html) if html and any(part.content_id for part in reading.attachments) else frozenset()
    mail = replace(
        mail,
        text=text,
        html=html,
        attachments=tuple(replace(part, is_inline=_is_shown(part, shown)) for part in reading.attachments),
        defects=tuple(sorted(reading.defects)),
    )
    kind, reason, bounce = classify_mail(mail, tree.root)
    return replace(mail, kind=kind, kind_reason=reason, bounce=bounce)


def _is_shown(part: Part, shown: frozenset[str]) -> bool:
    # Only what is a picture: nothing else may hide from the list of attachments.
    return part.media_type.startswith("image/") and bool(part.content_id) and part.content_id in shown


def _headed(fields: Fields, reading: _Reading) -> ParsedMail:
    sender = parse_addresses(fields.first("sender"))
    from_ = parse_addresses(fields.joined("from"))
    date = date_of(fields.first("date"))
    if date is None:
        reading.defects.add(Defect.DATE)
    if not any(each.is_valid for each in from_):
        reading.defects.add(Defect.SENDER)
    return ParsedMail(
        message_id=next(iter(parse_message_ids(fields.first("message-id"))), ""),
        in_reply_to=parse_message_ids(" ".join(fields.raw.get("in-reply-to", ()))),
        references=parse_message_ids(" ".join(fields.raw.get("references", ()))),
        subject=visible_text(fields.text("subject"))[:MAX_SUBJECT],
        from_=from_ or sender[:1],
        sender=next(iter(sender), None),
        to=parse_addresses(fields.joined("to")),
        cc=parse_addresses(fields.joined("cc")),
        reply_to=tuple(each for each in parse_addresses(fields.joined("reply-to")) if each.is_valid),
        delivered_to=parse_addresses(", ".join(fields.joined(name) for name in _DELIVERED if name in fields.raw)),
        date=date,
        headers=_others(fields),
        list_id=list_id_of(fields.text("list-id")),
    )


def _others(fields: Fields) -> dict[str, tuple[str, ...]]:
    names = [name for name in fields.raw if name not in _KNOWN_FIELDS][:MAX_HEADERS]
    return {name: tuple(decode_header(value[:MAX_VALUE]) for value in fields.raw[name][:100]) for name in names}


def _bodies(entity: Entity, reading: _Reading, parent: str) -> list[_Body]:
    """What an entity and those below it say; all else becomes attachments, in order."""
    if entity.is_multipart:
        each = [_bodies(child, reading, entity.media_type) for child in entity.children]
        return (
            _chosen(each) if entity.media_type == "multipart/alternative" else [body for some in each for body in some]
        )
    if _is_body(entity, parent):
        return [_body(entity, reading)]
    if entity.media_type not in _DOUBLES or parent != "multipart/alternative":
        _attach(entity, reading)
    return []


def _is_body(entity: Entity, parent: str) -> bool:
    if entity.media_type not in _PLAIN | _HTML or entity.disposition == "attachment":
        return False
    return not entity.name or parent in ("", "multipart/alternative")


def _chosen(each: Iterable[list[_Body]]) -> list[_Body]:
    """Forms of one text: the first plain one that says anything, and the last in HTML (RFC 2046, 5.1.4)."""
    text: str | None = None
    html: str | None = None
    for bodies in each:
        pages = [body for body in bodies if body.html is not None]
        if pages:
            html = "\n".join(body.html or text_as_html(body.text or "") for body in bodies)
        elif bodies and not (text or "").strip():
            text = "\n".join(body.text or "" for body in bodies)
    return [] if text is None and html is None else [_Body(text, html)]


def _body(entity: Entity, reading: _Reading) -> _Body:
    content, is_whole = entity.content()
    most = MAX_LENGTH if entity.media_type in _HTML else MAX_TEXT
    text, is_meant = decode_text(content[: 4 * most], entity.parameters.get("charset", ""))
    text = clean_text(text)
    if not is_whole:
        reading.defects.add(Defect.ENCODING)
    if not is_meant:
        reading.defects.add(Defect.CHARSET)
    if len(text) > most or len(content) > 4 * most:
        reading.defects.add(Defect.TEXT_CUT)
    if entity.media_type in _HTML:
        return _Body(html=text[:most])
    return _Body(text=_flowed(text[:most], entity))


def _flowed(text: str, entity: Entity) -> str:
    """RFC 3676: lines that end in a space go on in the next one; a space in front of some has been put there."""
    if entity.parameters.get("format", "").lower() != "flowed":
        return text
    is_split = entity.parameters.get("delsp", "").lower() == "yes"
    out: list[str] = []
    goes_on, depth = False, 0
    for line in text.split("\n"):
        quotes = len(line) - len(line.lstrip(">"))
        said = line[quotes:].removeprefix(" ")
        is_signature = said == "-- "
        if goes_on and quotes == depth and not is_signature:
            out[-1] = (out[-1][:-1] if is_split else out[-1]) + said
        else:
            out.append(f"{'>' * quotes} {said}" if quotes else said)
        goes_on, depth = said.endswith(" ") and not is_signature, quotes
    return "\n".join(out)


def _attach(entity: Entity, reading: _Reading) -> None:
    content, is_whole = entity.content()
    if not is_whole:
        reading.defects.add(Defect.ENCODING)
    if not content and not entity.name:
        return
    subject = ""
    if entity.media_type == "message/rfc822":
        subject = parse_headers(content.lstrip(b"\r\n")[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]).text(
            "subject"
        )
    if entity.media_type == "text/calendar":
        reading.calendars.append(
            summary_of(clean_text(decode_text(content[:MAX_TEXT], entity.parameters.get("charset", ""))[0]))
        )
    name = name_for(entity.name, entity.media_type, subject, len(reading.attachments) + 1)
    reading.attachments.append(Part(name, entity.media_type, content, entity.content_id))


def _joined(bodies: list[_Body], reading: _Reading) -> tuple[str, str]:
    """All that a mail says, as text and as HTML."""
    html = ""
    if any(body.html is not None for body in bodies):
        html = "\n".join(
            body.html if body.html is not None else f"<div>{text_as_html(body.text or '')}</div>" for body in bodies
        )
    said = [body.text if (body.text or "").strip() else to_text(body.html or "") for body in bodies]
    text = "\n\n".join(each.strip("\n") for each in said if each and each.strip())
    if not text.strip() and not html.strip() and reading.calendars:
        text = reading.calendars[0]
    return text[:MAX_TEXT], html if html.strip() else ""
