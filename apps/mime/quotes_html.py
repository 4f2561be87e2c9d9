"""What an HTML mail says itself, quotes, and is signed with (EML-4): by the marks of the clients that wrote it."""

import re
from collections.abc import Sequence

from apps.mime.markup import VOID, Token, markup_tokens
from apps.mime.plain import to_text_of
from apps.mime.quote_phrases import (
    ATTRIBUTION,
    ATTRIBUTION_END,
    FORWARDED_MESSAGE,
    HEADER_BEGINNING,
    ORIGINAL_MESSAGE,
    is_quoted_header,
)
from apps.mime.quotes import Role, Segment, fold_history

MAX_SPANS = 100
"""Quotations in one mail; one with more is shown as it is."""
MAX_HEADERS = 100
"""Places of one mail that are looked at for Outlook's header."""

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
    return fold_history(Segment(piece, role) for piece, role in pieces if role != Role.NEW or _says(piece))


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
        if role == Role.QUOTED and FORWARDED_MESSAGE.match(_said(every[place:end], 300)):
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
    return first is not None and bool(HEADER_BEGINNING.match(first.text))


def _opens_header(every: Sequence[Token], place: int) -> bool:
    """Whether Outlook's header begins here: "-----Original Message-----", or "From: Sent: To: Subject:"."""
    said = [line for line in _said(every[place : place + 120], 1500).split("\n") if line.strip()]
    return bool(said) and (bool(ORIGINAL_MESSAGE.fullmatch(said[0])) or is_quoted_header(said, 0))


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
        if plain and not token.name and ATTRIBUTION_END.search(plain[-250:]) and ATTRIBUTION.fullmatch(plain):
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
