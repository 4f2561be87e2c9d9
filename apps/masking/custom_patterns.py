"""Own patterns of the tenant's: what one costs per character is bounded when it is saved, by its program's size."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.patterns import PatternError, compile_pattern
from apps.masking.choices import Refusal
from apps.masking.normalization import fold_text

Span = tuple[int, int]

MOST_PATTERN = 500
MOST_PROGRAM = 1000
"""Instructions of a compiled pattern: that of a reference number has a few dozen."""
WINDOW, OVERLAP = 16_384, 1024
"""Characters that are looked at in one go, and how many of them again in the next: as long as a match may be."""


def check_custom_pattern(pattern: str) -> None:
    """Whether a pattern can be used.

    Raises:
        DomainError: ``pattern_wrong`` for what is none, ``pattern_empty`` for one that finds nothing at all anywhere,
            ``pattern_too_large``.
    """
    try:
        compiled = compile_pattern(pattern)
    except PatternError as error:
        raise DomainError(Refusal.PATTERN_WRONG, _("This is no pattern: %(why)s.") % {"why": error}) from error
    if compiled.programsize > MOST_PROGRAM:
        raise DomainError(
            Refusal.PATTERN_TOO_LARGE, _("This pattern is too large: repeat fewer things, or fewer times.")
        )
    if compiled.search("") is not None:
        raise DomainError(
            Refusal.PATTERN_EMPTY, _("This pattern also finds nothing at all: it would be found everywhere.")
        )


def find_custom_pattern(pattern: str, text: str) -> Iterator[Span]:
    """Where an own pattern is found: digits are the same in every script, spaces and dashes too."""
    plain, places = fold_text(text)
    for start, end in _found(compile_pattern(pattern), plain):
        yield (start, end) if places is None else (places[start], places[end - 1] + 1)


def _found(compiled: Any, text: str) -> Iterator[Span]:
    begin, done = 0, 0
    while True:
        window = text[begin : begin + WINDOW]
        is_last = begin + WINDOW >= len(text)
        for match in compiled.finditer(window):
            start, end = match.start() + begin, match.end() + begin
            if start >= done and end > start and (is_last or match.start() < WINDOW - OVERLAP):
                done = end
                yield start, end
        if is_last:
            return
        begin = max(begin + WINDOW - OVERLAP, done)
