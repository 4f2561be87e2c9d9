"""What a mail says itself, what it quotes, and who signed it (EML-4): by the habits of the clients that wrote it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.mime.markup import VOID, Token, markup_tokens
from apps.mime.plain import to_text_of

MAX_LINES = 50_000
"""Lines that are looked at; what comes after goes with the last of them."""


MAX_SPANS = 100
"""Quotations in one mail; one with more is shown as it is."""
MAX_HEADERS = 100
"""Places of one mail that are looked at for Outlook's header."""


class Role(StrEnum):
    """What a piece of a mail is."""

    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a mail.

    Attributes:
        content: text, or well-formed HTML.
        role: what it is.
        is_folded: whether it is history that nobody needs to understand the rest: a quotation at the end, or the only
            one at the beginning. What is quoted between answers is not.
    """

    content: str
    role: Role
    is_folded: bool = False


# "On 21 Nov 2026, at 10:00, Ana Ruiz <ana@example.com> wrote:" as clients put it, on one line or broken into some.
_WROTE = re.compile(
    r"[\s>*_]*(?:"
    r"(?:on|at|in)\b.{3,400}\b(?:wrote|writes|said)"  # English
    r"|(?:am|um|on)\b.{3,400}?\bschrieb\b.{0,200}"  # German
    r"|.{2,200}\bschrieb\s+(?:am\b|<).{3,200}"
    r"|(?:le|on)\b.{3,400}\ba\s+[ée]crit\b"  # French
    r"|(?:el|en)\b.{3,400}\bescribi[óo]\b.{0,200}"  # Spanish
    r"|(?:il|in data)\b.{3,400}\bha\s+scritto\b"  # Italian
    r"|(?:em|no dia|a)\b.{3,400}\bescreveu\b.{0,200}"  # Portuguese
    r"|(?:op)\b.{3,400}\b(?:schreef|het volgende geschreven)\b.{0,200}"  # Dutch
    r"|(?:den|på)\b.{3,400}\bskrev\b.{0,200}"  # Danish, Norwegian, Swedish
    r"|(?:dnia|w dniu)\b.{3,400}\bnapisał\(?a?\)?"  # Polish
    r"|.{3,300}\bпис(?:ал|ала|ал\(а\))"  # Russian
    r"|\d{4}[-/年].{3,300}(?:写道|寫道|のメール|さんは書きました)"  # Chinese, Japanese
    r"|\d{4}[-/年]\d\d?[-/月]\d\d?.{1,60}<[^<>\s]+@[^<>\s]+>"  # Gmail in the languages that need no verb
    r"|.{2,200}<[^<>\s]+@[^<>\s]+>\s+(?:wrote|schrieb|a écrit|escribió|napisał\(?a?\)?|пис(?:ал|ала|ал\(а\)))"
    r")\s*[:：]?[\s*_]*",
    re.IGNORECASE | re.DOTALL,
)
_ENDS_LIKE_WROTE = re.compile(
    r"(?:wrote|writes|said|schrieb.{0,200}|[ée]crit|escribi[óo].{0,200}|scritto|escreveu.{0,200}|schreef.{0,200}|geschreven"
    r"|skrev.{0,200}|napisał\(?a?\)?|пис(?:ал|ала|ал\(а\))|写道|寫道|>)\s*[:：][\s*_]*$",
    re.IGNORECASE,
)
# The line above a mail that Outlook and its relatives quote without marks.
_ORIGINAL = re.compile(
    r"[\s>]*[-_=]{3,}\s*(?:original[- ](?:message|nachricht|appointment)|ursprüngliche nachricht|message d['’]origine"
    r"|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|reply message|original-nachricht"
    r"|urspr.{1,10}meddelande|oprindelig meddelelse|исходное сообщение|原始邮件|原始郵件)\s*[-_=]*\s*",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"[\s>]*(?:[-_=]{2,}\s*(?:forwarded (?:message|by)|weitergeleitete nachricht|message transféré|mensaje reenviado"
    r"|messaggio (?:inoltrato|reindirizzato)|mensagem encaminhada|doorgestuurd bericht|videresendt|vidarebefordrat)"
    r"|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)|début du message"
    r" (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato)",
    re.IGNORECASE,
)
# The header that Outlook puts above what it quotes: From, Sent, To, Subject in the language of the program.
_SENDER = r"(?:from|von|de|da|van|fra|från|od|от|发件人|寄件者|差出人)"
_FROM = re.compile(rf"[\s>*]*{_SENDER}\s*:\**\s*\S", re.IGNORECASE)
_LABEL = re.compile(
    r"[\s>*]*(?:(?:from|von|de|da|van|fra|från|od|от|发件人|寄件者|差出人)\s*:|[-_=]{3,})", re.IGNORECASE
)
_MORE = re.compile(
    r"[\s>*]*(?:(?P<sent>sent|date|gesendet|datum|envoyé|date d['’]envoi|enviado(?: el)?|fecha|inviato|data|verzonden"
    r"|sendt|skickat|wysłano|отправлено|дата|发送时间|日期|送信日時)|(?P<to>to|an|à|para|a|aan|til|till|do|кому|收件人|宛先)"
    r"|(?P<subject>subject|betreff|objet|asunto|oggetto|assunto|onderwerp|emne|ämne|temat|тема|主题|主旨|件名)"
    r"|cc|kopie|copie|reply-to|importance|wichtigkeit|priority)\s*:",
    re.IGNORECASE,
)
_DELIMITER = re.compile(
    r"#{2,}-.{0,200}-#{2,}\s*$|[-_*=\s]*(?:please )?(?:reply|type your reply) above this line", re.IGNORECASE
)
_DEVICE = re.compile(
    r"\s*(?:(?:sent|get) (?:from|with|via) (?:my )?\w|get outlook for|von meinem .{2,60} gesendet|gesendet"
    r" (?:von|mit|aus) |diese nachricht wurde von meinem .{2,60} gesendet"
    r"|envoyé (?:de(?:puis)?|à partir d[e'’]) ?(?:mon|ma|l['’])?"
    r"|télécharge[rz] outlook|enviado (?:desde|de) mi |enviado desde |obtener outlook|inviato da |verzonden vanaf |"
    r"skickat från |sendt fra |outlook für (?:ios|android) )",
    re.IGNORECASE,
)
_QUOTE_MARK = re.compile(r"\s{0,3}(?:>|\|\s?>)")
_DASHES = re.compile(r"--\s?")
_RULE = re.compile(r"\s*[_-]{20,}\s*")


def is_forward(subject: str) -> bool:
    """Whether a subject says that a mail hands on another: that one is what it is about, and is never folded."""
    return bool(re.match(r"\s*(?:fwd?|wg|tr|rv|i|enc|vs|vb|doorst|pd|転送|转发)\s*:", subject, re.IGNORECASE))


def split_text(text: str, *, forward: bool = False) -> tuple[Segment, ...]:
    """Cut plain text into what is new, quoted and signature, in order; put together they are the text again.

    Args:
        text: with newline line ends.
        forward: whether the mail hands on another, by `is_forward`.
    """
    lines = text.split("\n", MAX_LINES)
    roles = [Role.NEW] * len(lines)
    position = 0
    while position < len(lines):
        position = _role_at(lines, roles, position)
    if forward or not any(line.strip() and role == Role.NEW for line, role in zip(lines, roles, strict=True)):
        return (Segment(text, Role.NEW),) if text else ()
    _sign(lines, roles)
    return _folded(_runs(lines, roles))


def split_html(safe_html: str, *, forward: bool = False) -> tuple[Segment, ...]:
    """Cut safe HTML into what is new, quoted and signature, in order. Each segment is well-formed by itself.

    Args:
        safe_html: from `make_safe`, which keeps the marks of the clients.
        forward: whether the mail hands on another, by `is_forward`.
    """
    every = list(markup_tokens(safe_html))
    whole = (Segment(safe_html, Role.NEW),) if safe_html.strip() else ()
    if forward:
        return whole
    spans = _merged(every, _spans(every))
    if len(spans) > MAX_SPANS:
        return whole
    pieces = _cut(every, spans)
    if not any(role == Role.NEW and _says(piece) for piece, role in pieces):
        return whole
    return _folded(Segment(piece, role) for piece, role in pieces if role != Role.NEW or _says(piece))


def new_text(segments: Iterable[Segment]) -> str:
    """What a mail says itself, plain: for cards, search, and whoever reads along.

    Args:
        segments: of plain text.
    """
    said = "\n".join(segment.content for segment in segments if segment.role == Role.NEW)
    return re.sub(r"\n{3,}", "\n\n", said).strip()


def _role_at(lines: Sequence[str], roles: list[Role], position: int) -> int:
    """Find out what begins at a line; returns the first line that is not decided yet."""
    line = lines[position]
    if _FORWARDED.match(line):
        return len(lines)
    if _DELIMITER.match(line) or _ORIGINAL.fullmatch(line) or _is_header(lines, position):
        start = position
        while start and (not lines[start - 1].strip() or _RULE.fullmatch(lines[start - 1])):
            start -= 1
        roles[start:] = [Role.QUOTED] * (len(lines) - start)
        return len(lines)
    if _QUOTE_MARK.match(line):
        return _quoted(lines, roles, position, position)
    taken = _attribution(lines, position)
    return _quoted(lines, roles, position, position + taken) if taken else position + 1


def _quoted(lines: Sequence[str], roles: list[Role], start: int, position: int) -> int:
    """Mark an attribution and the marked lines below it, empty ones between them too."""
    end = position
    while position < len(lines) and (not lines[position].strip() or _QUOTE_MARK.match(lines[position])):
        if lines[position].strip():
            end = position + 1
        position += 1
    if end == position - 0 and end == start:
        return start + 1
    roles[start:end] = [Role.QUOTED] * (end - start)
    return max(end, start + 1)


def _attribution(lines: Sequence[str], position: int) -> int:
    """How many lines say who wrote what follows; 0 when none do, or nothing that is quoted follows."""
    if not lines[position].strip():
        return 0
    for taken in range(1, 5):
        said = lines[position : position + taken]
        if len(said) < taken or not said[-1].strip() or any(len(each) > 400 for each in said):
            return 0
        if not _ENDS_LIKE_WROTE.search(said[-1][-250:]):
            continue
        if not _WROTE.fullmatch(" ".join(said)):
            continue
        after = position + taken
        while after < len(lines) and after < position + taken + 3 and not lines[after].strip():
            after += 1
        if after < len(lines) and _QUOTE_MARK.match(lines[after]):
            return taken
    return 0


def _is_header(lines: Sequence[str], position: int) -> bool:
    """Whether Outlook's header of a quoted mail begins here."""
    if not _FROM.match(lines[position]):
        return False
    found: set[str] = set()
    for line in lines[position + 1 : position + 9]:
        if match := _MORE.match(line):
            found |= {name for name, value in match.groupdict().items() if value}
    return len(found) >= 2


def _sign(lines: Sequence[str], roles: list[Role]) -> None:
    """Mark the signature: from "-- " to the next quotation, or the line with which a phone ends a mail."""
    start = next((n for n, line in enumerate(lines) if roles[n] == Role.NEW and _DASHES.fullmatch(line)), None)
    last = max((n for n, line in enumerate(lines) if roles[n] == Role.NEW and line.strip()), default=None)
    if start is None and last is not None and len(lines[last]) < 120 and _DEVICE.match(lines[last]):
        start = last
    if start is None or not any(line.strip() and roles[n] == Role.NEW for n, line in enumerate(lines[:start])):
        return
    for number in range(start, len(lines)):
        if roles[number] != Role.NEW:
            break
        roles[number] = Role.SIGNATURE


def _folded(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    each = tuple(segments)
    quoted = [number for number, segment in enumerate(each) if segment.role == Role.QUOTED]
    last_new = max((number for number, segment in enumerate(each) if _is_new(segment)), default=-1)
    first_new = next((number for number, segment in enumerate(each) if _is_new(segment)), len(each))
    return tuple(
        replace(
            segment, is_folded=number in quoted and (number > last_new or (len(quoted) == 1 and number < first_new))
        )
        for number, segment in enumerate(each)
    )


def _is_new(segment: Segment) -> bool:
    return segment.role == Role.NEW and bool(segment.content.strip())


def _runs(lines: Sequence[str], roles: Sequence[Role]) -> Iterable[Segment]:
    start = 0
    for number in range(1, len(lines) + 1):
        if number == len(lines) or roles[number] != roles[start]:
            yield Segment("\n".join(lines[start:number]), roles[start])
            start = number


# --- HTML ---------------------------------------------------------------------------------------------------------

_OUTLOOK_IDS = re.compile(
    r"(x_)*(divRplyFwdMsg|appendonsend|mail-editor-reference-message-container|ms-outlook-mobile-reference-message|zwchr)"
)
_QUOTE_CLASSES = re.compile(
    r"(x_)*(gmail_quote(_container)?|moz-cite-prefix|protonmail_quote|tutanota_quote|zmail_extra|OutlookMessageHeader"
    r"|yahoo-quoted|[\w-]*yahoo_quoted[\w-]*)"
)
_TO_THE_END = re.compile(r"(x_)*OutlookMessageHeader")
_SIGNATURES = re.compile(
    r"(x_)*(gmail_signature(_prefix)?|moz-signature|Apple-Mail-Signature|AppleMailSignature|ms-outlook-mobile-signature)"
)
_Span = tuple[int, int, Role]


def _spans(every: Sequence[Token]) -> list[_Span]:
    """The pieces that are quoted or signatures, as places among the tokens, in order, none in another."""
    found: list[_Span] = []
    place = headers = 0
    while place < len(every):
        token = every[place]
        role, to_the_end = _mark(token) if token.name and not token.is_end else (None, False)
        if role is None and headers < MAX_HEADERS and _may_open_header(every, place):
            headers += 1
            if _opens_header(every, place):
                role, to_the_end = Role.QUOTED, True
        if role is None:
            place += 1
            continue
        end = len(every) if to_the_end else _end_of(every, place)
        if role == Role.QUOTED and _FORWARDED.match(_said(every[place:end], 300)):
            return found
        found.append((place, end, role))
        place = end
    return found


def _mark(token: Token) -> tuple[Role | None, bool]:
    """What an element is by the marks of its client, and whether all that follows belongs to it."""
    if token.name == "blockquote":
        attributes = token.attributes
        is_cite = attributes.get("type") == "cite" or "gmail_quote" in attributes.get("class", "").split()
        return (Role.QUOTED if is_cite else None), False
    if " class=" not in token.source and " id=" not in token.source and " name=" not in token.source:
        return None, False
    attributes = token.attributes
    names = [*attributes.get("class", "").split(), attributes.get("id", "")]
    if any(_OUTLOOK_IDS.fullmatch(name) or _TO_THE_END.fullmatch(name) for name in names):
        return Role.QUOTED, True
    if attributes.get("name") == "quote" or any(_QUOTE_CLASSES.fullmatch(name) for name in names):
        return Role.QUOTED, False
    return (Role.SIGNATURE if any(_SIGNATURES.fullmatch(name) for name in names) else None), False


def _may_open_header(every: Sequence[Token], place: int) -> bool:
    token = every[place]
    if token.name not in ("div", "p", "b", "span", "font", "hr", "table") or token.is_end:
        return False
    first = next((each for each in every[place + 1 : place + 12] if not each.name and each.source.strip()), None)
    return first is not None and bool(_LABEL.match(first.text))


def _opens_header(every: Sequence[Token], place: int) -> bool:
    """Whether Outlook's header begins here: "-----Original Message-----", or "From: Sent: To: Subject:"."""
    said = [line for line in _said(every[place : place + 120], 1500).split("\n") if line.strip()]
    return bool(said) and (bool(_ORIGINAL.fullmatch(said[0])) or _is_header(said, 0))


def _said(piece: Sequence[Token], most: int) -> str:
    """The beginning of what a piece says."""
    return to_text_of("".join(token.source for token in piece[:200])).lstrip("> \n")[:most]


def _end_of(every: Sequence[Token], place: int) -> int:
    """Behind the element that begins here."""
    if every[place].name in VOID:
        return place + 1
    depth = 0
    for number in range(place, len(every)):
        token = every[number]
        if token.name and token.name not in VOID:
            depth += -1 if token.is_end else 1
            if depth == 0:
                return number + 1
    return len(every)


def _merged(every: Sequence[Token], spans: Sequence[_Span]) -> list[_Span]:
    """Quotations with nothing to read between them are one; an attribution above one belongs to it."""
    merged: list[_Span] = []
    for start, end, role in spans:
        begins = _with_attribution(every, start, merged[-1][1] if merged else 0) if role == Role.QUOTED else start
        if merged and merged[-1][2] == role and not _says(_source(every[merged[-1][1] : begins])):
            merged[-1] = (merged[-1][0], end, role)
        else:
            merged.append((begins, end, role))
    return merged


def _with_attribution(every: Sequence[Token], start: int, least: int) -> int:
    """Where a quotation begins, with the line above it that says who wrote it."""
    place, taken, said = start, 0, ""
    while place > least and taken < 40:
        place -= 1
        taken += 1
        token = every[place]
        said = (token.text if not token.name else " " if token.name in ("br", "div", "p") else "") + said
        plain = " ".join(said.split())
        if len(plain) > 600:
            return start
        if plain and not token.name and _ENDS_LIKE_WROTE.search(plain[-250:]) and _WROTE.fullmatch(plain):
            return place
    return start


def _cut(every: Sequence[Token], spans: Sequence[_Span]) -> list[tuple[str, Role]]:
    """The pieces, each with the elements around it opened before and closed behind."""
    pieces: list[tuple[str, Role]] = []
    around: list[Token] = []
    place = 0
    for start, end, role in [*spans, (len(every), len(every), Role.NEW)]:
        for first, last, what in ((place, start, Role.NEW), (start, end, role)):
            if last > first:
                before = "".join(token.source for token in around)
                around = _around(around, every[first:last])
                after = "".join(f"</{token.name}>" for token in reversed(around))
                pieces.append((f"{before}{_source(every[first:last])}{after}", what))
        place = end
    return pieces


def _around(around: Sequence[Token], piece: Sequence[Token]) -> list[Token]:
    open_ = list(around)
    for token in piece:
        if token.name and token.name not in VOID:
            if not token.is_end:
                open_.append(token)
            elif open_:
                open_.pop()
    return open_


def _source(piece: Sequence[Token]) -> str:
    return "".join(token.source for token in piece)


def _says(piece: str) -> bool:
    """Whether there is anything to see."""
    return "<img" in piece or any(token.text.strip(" \t\n\xa0\u200b\ufeff") for token in markup_tokens(piece))
