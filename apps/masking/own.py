"""Own patterns: regular expressions of the tenant's, run by RE2, which can't backtrack.

Whatever the pattern and the text, the time grows in step with the text: a text that hangs another engine for minutes is
read through once. What a pattern costs per character is bounded when it is saved, by the size of its program.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import re2
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.masking.view import folded

Span = tuple[int, int]

MOST_PATTERN = 500
MOST_PROGRAM = 1000
"""Instructions of a compiled pattern: that of a reference number has a few dozen."""
MOST_MEMORY = 4 * 1024 * 1024
WINDOW, OVERLAP = 16_384, 1024
"""Characters that are looked at in one go, and how many of them again in the next: as long as a match may be."""


def pattern_check(pattern: str) -> None:
    """Whether a pattern can be used.

    Raises:
        DomainError: ``pattern_wrong`` for what is none, ``pattern_empty`` for one that finds nothing at all anywhere,
            ``pattern_too_large``.
    """
    try:
        compiled = compiled_of(pattern)
    except re2.error as error:
        raise DomainError("pattern_wrong", _("This is no pattern: %(why)s.") % {"why": _why(error)}) from error
    if compiled.programsize > MOST_PROGRAM:
        raise DomainError("pattern_too_large", _("This pattern is too large: repeat fewer things, or fewer times."))
    if compiled.search("") is not None:
        raise DomainError("pattern_empty", _("This pattern also finds nothing at all: it would be found everywhere."))


def _why(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)


@lru_cache(maxsize=512)
def compiled_of(pattern: str) -> Any:
    """A pattern ready to be run; capitals and small letters are the same.

    Raises:
        re2.error: it is none.
    """
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    return re2.compile(pattern, options)


def find_own(pattern: str, text: str) -> Iterator[Span]:
    """Where an own pattern is found: digits are the same in every script, spaces and dashes too."""
    plain, places = folded(text)
    for start, end in _found(compiled_of(pattern), plain):
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
