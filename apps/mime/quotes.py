"""What a mail says itself, what it quotes, and who signed it (EML-4): by the habits of the clients that wrote it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.mime.quote_phrases import (
    ATTRIBUTION,
    ATTRIBUTION_END,
    DEVICE_SIGNATURE,
    FORWARDED_MESSAGE,
    ORIGINAL_MESSAGE,
    QUOTE_MARK,
    REPLY_DELIMITER,
    RULE_LINE,
    SIGNATURE_DASHES,
    is_quoted_header,
)

MAX_LINES = 50_000
"""Lines that are looked at; what comes after goes with the last of them."""


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
    return fold_history(_runs(lines, roles))


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
    if FORWARDED_MESSAGE.match(line):
        return len(lines)
    if REPLY_DELIMITER.match(line) or ORIGINAL_MESSAGE.fullmatch(line) or is_quoted_header(lines, position):
        start = position
        while start and (not lines[start - 1].strip() or RULE_LINE.fullmatch(lines[start - 1])):
            start -= 1
        roles[start:] = [Role.QUOTED] * (len(lines) - start)
        return len(lines)
    if QUOTE_MARK.match(line):
        return _quoted(lines, roles, position, position)
    taken = _attribution(lines, position)
    return _quoted(lines, roles, position, position + taken) if taken else position + 1


def _quoted(lines: Sequence[str], roles: list[Role], start: int, position: int) -> int:
    """Mark an attribution and the marked lines below it, empty ones between them too."""
    end = position
    while position < len(lines) and (not lines[position].strip() or QUOTE_MARK.match(lines[position])):
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
        if not ATTRIBUTION_END.search(said[-1][-250:]):
            continue
        if not ATTRIBUTION.fullmatch(" ".join(said)):
            continue
        after = position + taken
        while after < len(lines) and after < position + taken + 3 and not lines[after].strip():
            after += 1
        if after < len(lines) and QUOTE_MARK.match(lines[after]):
            return taken
    return 0


def _sign(lines: Sequence[str], roles: list[Role]) -> None:
    """Mark the signature: from "-- " to the next quotation, or the line with which a phone ends a mail."""
    start = next((n for n, line in enumerate(lines) if roles[n] == Role.NEW and SIGNATURE_DASHES.fullmatch(line)), None)
    last = max((n for n, line in enumerate(lines) if roles[n] == Role.NEW and line.strip()), default=None)
    if start is None and last is not None and len(lines[last]) < 120 and DEVICE_SIGNATURE.match(lines[last]):
        start = last
    if start is None or not any(line.strip() and roles[n] == Role.NEW for n, line in enumerate(lines[:start])):
        return
    for number in range(start, len(lines)):
        if roles[number] != Role.NEW:
            break
        roles[number] = Role.SIGNATURE


def fold_history(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The segments with what is history folded.

    Args:
        segments: all of a mail, in order.
    """
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
