"""Reports about mails of ours: RFC 3464, and what servers wrote before and beside it (EML-10, EML-11)."""

import re
from collections.abc import Iterable

from apps.mime.addresses import parse_addresses, parse_message_ids
from apps.mime.bounce_formats import recipients_in_server_formats
from apps.mime.charsets import clean_text
from apps.mime.entities import Entity
from apps.mime.headers import Fields, decode_header, parse_headers
from apps.mime.types import Bounce, Failure, ParsedMail

MAX_FAILURES = 200
MAX_DIAGNOSTIC = 1000
MAX_READ = 64 * 1024
"""Bytes of a report, characters of its words, that are looked at."""

_DAEMONS = re.compile(
    r"(mailer|mail|smtp|mta)[-_.]?(daemon|deamon)|postmaster|mdaemon|microsoftexchange[0-9a-f]*", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"undeliver|not (be )?delivered|un(successful|able to deliver)|delivery[ -](status|failure|failed|has failed|report"
    r"|notification|incomplete|problem|delayed)|returned mail|mail delivery|delivery of your|failure notice"
    r"|non[- ]?(delivery|remis|recapitabile)|could not send|mail (system )?error|mailbox (full|unavailable)"
    r"|unzustellbar|nicht zugestellt|zustellung|non[- ]remis|échec de (la )?(remise|distribution)|remise"
    r"|no (se pudo|se puede|ha podido) entreg|no entregado|devuelto|mancata consegna|onbestelbaar",
    re.IGNORECASE,
)
# How the reports of older servers begin: qmail, Exim, sendmail, Exchange 5.5, MDaemon, Domino, and big providers.
_OPENINGS = re.compile(
    r"this is the (qmail-send program|mail (system|delivery)|mail delivery agent)"
    r"|i('m| am) (afraid|sorry) (i wasn't able|to have)"
    r"|this message was created automatically by mail delivery software|a message that you (have )?sent"
    r"|the following address(es)? (had|failed)|the original message was received at"
    r"|your message\s+(to|did not|could not|wasn't)"
    r"|delivery (to the following|has failed|failed)|unable to deliver|could not be delivered|wurde nicht zugestellt"
    r"|konnte nicht zugestellt werden|n'a pas pu être (remis|distribué)|no se (pudo|ha podido) entregar",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_DELAYED = re.compile(
    r"delayed|will be (retried|tried again)|warning|still (trying|being)|not yet been delivered"
    r"|verzögert|retard|retrasad",
    re.IGNORECASE,
)
_PLACE = re.compile(r"<?([^\s<>()\[\],;:\"']{1,100}@[^\s<>()\[\],;:\"']{1,250})>?")
_ORIGINAL = re.compile(
    r"^[-_= ]*(below this line is a copy|this is a copy of|original message|copy of the original|included is a copy"
    r"|(the )?header of the original|return-path:|received: )",
    re.IGNORECASE | re.MULTILINE,
)
_INNER_ID = re.compile(r"^[> ]*Message-ID:\s*(<[^<>\s]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_INNER_SUBJECT = re.compile(r"^[> ]*Subject:[ \t]*(.{1,500})$", re.IGNORECASE | re.MULTILINE)


def is_daemon(mail: ParsedMail) -> bool:
    """Whether a mail server signed it: by its name, or by the empty envelope sender (RFC 5321, 4.5.5)."""
    who = next(iter(mail.from_), None)
    named = who is not None and bool(_DAEMONS.fullmatch(who.address.partition("@")[0]))
    return named or mail.header("return-path").strip() == "<>"


def bounce_of(mail: ParsedMail, root: Entity) -> tuple[Bounce, str] | None:
    """What a mail reports about one of ours, and the rule that says so; None when it is no report."""
    status = _entity(root, ("message/delivery-status", "message/global-delivery-status"))
    is_report = root.media_type == "multipart/report" and root.parameters.get("report-type", "").lower() in (
        "delivery-status",
        "global-delivery-status",
    )
    if status is not None and (is_report or is_daemon(mail)):
        failures = _failures(status)
        return Bounce(failures or _by_words(mail, root), *_original(mail, root)), "rfc 3464: delivery-status"
    failed = mail.header("x-failed-recipients")
    if failed and is_daemon(mail):
        found = _by_words(mail, root)
        told = found[0] if found else Failure("", "failed", "", "")
        each = tuple(Failure(one.address, told.action, told.status, told.diagnostic) for one in parse_addresses(failed))
        return Bounce(each[:MAX_FAILURES], *_original(mail, root)), "x-failed-recipients"
    if is_daemon(mail) and (is_report or _SUBJECT.search(mail.subject) or _OPENINGS.search(mail.text[:2000])):
        return Bounce(_by_words(mail, root), *_original(mail, root)), "mailer-daemon"
    return None


def _entity(root: Entity, media_types: Iterable[str]) -> Entity | None:
    return next((each for each in root.walk() if each.media_type in media_types), None)


def _failures(status: Entity) -> tuple[Failure, ...]:
    """The recipients of a delivery-status part: blocks of fields, the first about the mail as a whole."""
    content = status.content()[0][:MAX_READ].replace(b"\r\n", b"\n")
    blocks = (parse_headers(block) for block in re.split(rb"\n[ \t]*\n", content))
    found = (
        _failure(block) for block in blocks if {"final-recipient", "original-recipient", "action"} & set(block.raw)
    )
    return tuple(found)[:MAX_FAILURES]


def _failure(block: Fields) -> Failure:
    address = _typed(clean_text(block.first("original-recipient"))) or _typed(
        clean_text(block.first("final-recipient"))
    )
    diagnostic = _typed(block.text("diagnostic-code"))
    status = next(iter(_STATUS.findall(block.first("status")) or _STATUS.findall(diagnostic)), "")
    action = clean_text(block.first("action")).partition(" ")[0].lower() or (
        "delayed" if status.startswith("4") else "failed"
    )
    return Failure(address.strip("<> ")[:320], action[:20], status, diagnostic[:MAX_DIAGNOSTIC])


def _typed(value: str) -> str:
    """A value such as `rfc822; ana@example.com`, without its type."""
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon else kind.strip()


def _by_words(mail: ParsedMail, root: Entity) -> tuple[Failure, ...]:
    """The recipients that a report for people names, above the copy of the mail it is about."""
    text = mail.text[:MAX_READ]
    if cut := _ORIGINAL.search(text):
        text = text[: cut.start()] or text
    own = {each.key for each in (*mail.to, *mail.from_)}
    places = [match for match in _PLACE.finditer(text) if match[1].casefold().strip(".") not in own]
    action = "delayed" if _DELAYED.search(mail.subject) or _DELAYED.search(text) else "failed"
    if known := [each for each in recipients_in_server_formats(root.raw) if each.casefold() not in own]:
        return tuple(_told(text.partition(each)[2], action, each) for each in known[:MAX_FAILURES])
    if not places:
        return (_told(text, action, ""),) if text.strip() else ()
    # An address on a line of its own is the recipient; others may be contacts and examples.
    alone = [match for match in places if _is_alone(text, match)] or places[:1]
    return tuple(_told(text[match.end() :], action, match[1].strip(".")) for match in alone[:MAX_FAILURES])


def _is_alone(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rpartition("\n")[2]
    after = text[match.end() :].partition("\n")[0]
    return not before.strip(" \t*<") and (after.startswith(":") or not after.strip(" \t>)"))


def _told(text: str, action: str, address: str) -> Failure:
    words_ = " ".join(text[:MAX_DIAGNOSTIC].strip(" :>\n").partition("\n\n")[0].split())
    status = next(iter(_STATUS.findall(words_)), "")
    code = _REPLY_CODE.search(words_)
    if not status and code:
        status = f"{code[1]}.0.0"
    return Failure(address, action, status, words_[:MAX_DIAGNOSTIC])


def _original(mail: ParsedMail, root: Entity) -> tuple[str, str]:
    """Id and subject of the mail that a report is about: from the copy it carries, else from its words and fields."""
    copy = _entity(root, ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"))
    if copy is not None:
        fields = parse_headers(copy.content()[0].lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")[0])
        found = parse_message_ids(fields.first("message-id"))
        if found:
            return found[0], fields.text("subject")
    text = mail.text[:MAX_READ]
    inner, subject = _INNER_ID.search(text), _INNER_SUBJECT.search(text)
    named = (
        parse_message_ids(inner[1])
        if inner
        else (parse_message_ids(mail.header("x-original-message-id")) or mail.in_reply_to or mail.references[-1:])
    )
    return (named[0] if named else ""), (decode_header(subject[1]) if subject and inner else "")
