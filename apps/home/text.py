"""Sentences of the home."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import ngettext

NAMED: Final = 5
"""How many names a line tells; of more it says how many."""


def some_of(names: Sequence[str]) -> str:
    """Names in a row, the first few of many.

    Args:
        names: all of them, in order.
    """
    rest = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", rest) % {
        "names": shown,
        "count": rest,
    }
