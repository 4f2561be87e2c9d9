"""A text as those see it who look for numbers: every way to write a digit, a letter or a gap is the same one."""

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

UNSEEN = "\0"
OTHER = "\1"
GAPS = " -./_:|,\n"
"""What people put between the groups of a number, each standing for its kind."""
MOST_GAP = 3
"""Signs between two digits of one number, those that can't be seen not counted."""

_ALIKE = {
    "\t": " ",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "\\": "/",
    "\u2044": "/",
    "\u2215": "/",
    "\u2212": "-",
    "\u2043": "-",
    "\u00b7": ".",
    "\u2022": ".",
    "\u2024": ".",
    "\u2027": ".",
    "\u2219": ".",
    "\u22c5": ".",
    "\u3002": ".",
    "\u30fb": ".",
    "\u00a6": "|",
    "\u3001": ",",
}
_BY_CATEGORY = {"Zs": " ", "Pd": "-", "Cf": UNSEEN, "Mn": UNSEEN, "Me": UNSEEN}


class _Signs(dict[int, str]):
    """For each character the one that stands for it; found out once, when it is first met."""

    def __missing__(self, point: int) -> str:
        self[point] = sign = _sign(chr(point))
        return sign


def _sign(character: str) -> str:
    value = unicodedata.digit(character, -1)
    if value >= 0:
        return str(value)
    if character in _ALIKE or character in GAPS:
        return _ALIKE.get(character, character)
    if character == "+":
        return "+"
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii() and plain.isalpha():
        return plain.upper()
    if plain in GAPS:
        return plain
    return _BY_CATEGORY.get(unicodedata.category(character), OTHER)


_SIGNS = _Signs()
_DIGITS = re.compile(r"[0-9]+")
_ENOUGH = re.compile(r"(?:[0-9][^0-9]*){6}")
"""No number that we know by itself has fewer digits."""


@dataclass(frozen=True, slots=True)
class DigitRun:
    """Digits with nothing but gaps between them.

    Attributes:
        digits: all of them.
        groups: where each group of digits stands in the text, from and to.
        starts: at which of the digits each group begins; and, last, how many there are.
        gaps: of what kind each gap between a group and the next one is: spaces around a sign don't count, and what
            can't be seen is of none.
    """

    digits: str
    groups: list[tuple[int, int]]
    starts: list[int]
    gaps: list[str]

    def gap_kinds(self, first: int, last: int) -> set[str]:
        """The kinds of gaps between two groups and those in between."""
        return set(self.gaps[first:last]) - {""}

    def group_ending(self, first: int, length: int) -> int | None:
        """The group with which so many digits end that begin with a group; None where they end within one."""
        end = self.starts[first] + length
        place = bisect_left(self.starts, end, first)
        return place - 1 if place < len(self.starts) and self.starts[place] == end else None


class NormalizedText:
    """A text to look for numbers in.

    Attributes:
        text: it.
        signs: as long as the text: digits, capital letters, `GAPS`, "+", `UNSEEN` and, for all else, `OTHER`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.signs = text.translate(_SIGNS)

    @property
    def has_numbers(self) -> bool:
        """Whether there may be anything to find at all."""
        return _ENOUGH.search(self.signs) is not None

    @cached_property
    def runs(self) -> list[DigitRun]:
        """Every run of digits."""
        runs: list[DigitRun] = []
        before: tuple[int, int] | None = None
        for match in _DIGITS.finditer(self.signs):
            group = match.span()
            gap = self.signs[before[1] : group[0]].replace(UNSEEN, "") if before else None
            before = group
            if gap is None or len(gap) > MOST_GAP or gap.strip(GAPS):
                runs.append(DigitRun(match[0], [group], [0, len(match[0])], []))
                continue
            run = runs[-1]
            run.groups.append(group)
            run.gaps.append(gap.strip(" ") or gap[:1])
            run.starts.append(run.starts[-1] + len(match[0]))
        return [DigitRun(self._digits(run), run.groups, run.starts, run.gaps) for run in runs]

    def _digits(self, run: DigitRun) -> str:
        return "".join(self.signs[start:end] for start, end in run.groups)

    def sign_at(self, position: int) -> str:
        """What stands at a position; nothing beyond the text."""
        return self.signs[position] if 0 <= position < len(self.signs) else ""


def fold_text(text: str) -> tuple[str, list[int] | None]:
    """A text for own patterns: digits are ASCII ones, dashes and spaces the plain ones, and nothing in it is unseen.

    Returns:
        It, and where each of its characters stands in the text; None where each stands at its own place.
    """
    if text.isascii():
        return text, None
    plain = text.translate(_FOLDED)
    if UNSEEN not in plain:
        return plain, None
    places = [place for place, character in enumerate(plain) if character != UNSEEN]
    return plain.replace(UNSEEN, ""), places


class _Folded(dict[int, str]):
    """As `_Signs`, but only of what is written in several ways."""

    def __missing__(self, point: int) -> str:
        sign = _SIGNS[point]
        is_alike = sign.isdigit() or sign in " -\n" or (sign == UNSEEN and not _is_accent(point))
        self[point] = plain = sign if is_alike else chr(point)
        return plain


def _is_accent(point: int) -> bool:
    """Whether it belongs to the letter before it."""
    is_selector = 0xFE00 <= point <= 0xFE0F or point == 0x34F
    return unicodedata.category(chr(point)) == "Mn" and not is_selector


_FOLDED = _Folded()
