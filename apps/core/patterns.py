"""Patterns that administrators write, run by RE2, which can't backtrack.

Whatever the pattern and the text, the time grows in step with the text: a text that hangs another engine for minutes is
read through once. The price is that there is no look-around, and no reference back to what was found.
"""

from functools import lru_cache
from typing import Any

import re2

MOST_MEMORY = 4 * 1024 * 1024


class PatternError(ValueError):
    """This is no pattern; its message says why."""


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, *, case_sensitive: bool = False) -> Any:
    """A pattern ready to be run.

    Args:
        pattern: a regular expression, as RE2 reads it.
        case_sensitive: whether capitals and small letters differ.

    Raises:
        PatternError: it is none.
    """
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.log_errors = False
    options.max_mem = MOST_MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise PatternError(_why(error)) from error


def _why(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode(errors="replace") if isinstance(told, bytes) else str(told)
