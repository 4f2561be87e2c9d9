"""Rules at work: a text goes in, and comes out without what they find (FRM-6)."""

import time
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.masking.cards import find_cards
from apps.masking.choices import BAR, OWN_WORD, MaskingMethod, Refusal, RuleKind, Speaker
from apps.masking.custom_patterns import find_custom_pattern
from apps.masking.ibans import find_ibans
from apps.masking.identity_numbers import (
    Finder,
    find_br_cpf,
    find_ch_ahv,
    find_de_tax,
    find_es_dni,
    find_fr_nir,
    find_in_aadhaar,
    find_it_cf,
    find_nl_bsn,
    find_pl_pesel,
    find_uk_nino,
    find_us_ssn,
)
from apps.masking.normalization import UNSEEN, NormalizedText

Span = tuple[int, int]

FINDS: dict[str, Finder] = {
    RuleKind.CARD: find_cards,
    RuleKind.IBAN: find_ibans,
    RuleKind.US_SSN: find_us_ssn,
    RuleKind.UK_NINO: find_uk_nino,
    RuleKind.DE_TAX: find_de_tax,
    RuleKind.FR_NIR: find_fr_nir,
    RuleKind.ES_DNI: find_es_dni,
    RuleKind.IT_CF: find_it_cf,
    RuleKind.NL_BSN: find_nl_bsn,
    RuleKind.PL_PESEL: find_pl_pesel,
    RuleKind.CH_AHV: find_ch_ahv,
    RuleKind.BR_CPF: find_br_cpf,
    RuleKind.IN_AADHAAR: find_in_aadhaar,
}
ROUNDS = 4
"""How often what is left is looked through again: what stays of one number may make another with what follows it."""
SECONDS, SECONDS_MORE = 0.5, 10 / 1_000_000
"""Of processor time that a text may take, and for each of its characters more: many times what any does take."""


@dataclass(frozen=True)
class MaskedText:
    """A text that may be stored. Messages are written of nothing else.

    Attributes:
        text: it.
        removed: what was taken out, each once: a `RuleKind`, or `OWN_WORD` and the name of what an own pattern finds.
    """

    text: str
    removed: tuple[str, ...] = ()

    def with_removed(self, more: tuple[str, ...]) -> "MaskedText":
        """The same, with more that was taken out of what stands beside it."""
        return MaskedText(self.text, tuple(dict.fromkeys((*self.removed, *more)))) if more else self

    @classmethod
    def unchecked(cls, text: str) -> "MaskedText":
        """What the company has set up to be said in its name: no rule looks at it."""
        return cls(text)


@dataclass(frozen=True)
class ActiveRule:
    """A rule, ready to be run.

    Attributes:
        told_as: what its finds are called, of `OWN` ones.
        queues: those whose messages it looks at; None looks at all.
    """

    kind: str
    method: str
    who: str
    pattern: str = ""
    told_as: str = ""
    replacement: str = ""
    sign: str = "•"
    keep_last: int = 0
    queues: frozenset[UUID] | None = None
    name: str = ""

    @property
    def code(self) -> str:
        """What a message says it was taken out of it."""
        return f"{OWN_WORD}{self.told_as}" if self.kind == RuleKind.OWN else self.kind

    def applies_to(self, queue_id: UUID | None, who: str) -> bool:
        """Whether it looks at what this side says in this queue; in no queue it does if it does in any."""
        return self.who in (Speaker.BOTH, who) and (self.queues is None or queue_id is None or queue_id in self.queues)

    def find(self, view: NormalizedText) -> list[Span]:
        """Where something is to be taken out; nothing overlaps."""
        if self.kind == RuleKind.OWN:
            return list(find_custom_pattern(self.pattern, view.text))
        return _apart(FINDS[self.kind](view)) if view.has_numbers else []

    def replacement_for(self, found: str) -> str:
        """What stands in its place."""
        if self.method == MaskingMethod.REPLACE:
            return self.replacement
        return BAR if self.method == MaskingMethod.REDACT else self._signs(found)

    def _signs(self, found: str) -> str:
        """A sign for each letter and digit but for the last ones, of which never more than half stay."""
        marks = NormalizedText(found).signs
        hidden = [place for place, mark in enumerate(marks) if found[place].isalnum() or mark.isalnum()]
        hidden = hidden[: len(hidden) - min(self.keep_last, len(hidden) // 2)]
        where = set(hidden)
        signs = (self.sign if place in where else each for place, each in enumerate(found))
        return "".join(each for each, mark in zip(signs, marks, strict=True) if mark != UNSEEN)


def _apart(spans: Iterable[Span]) -> list[Span]:
    apart: list[Span] = []
    for start, end in sorted(spans):
        if not apart or start >= apart[-1][1]:
            apart.append((start, end))
    return apart


class TimeBudget:
    """Processor time that one text may take; it does not run while others use the machine.

    Args:
        characters: of the text.
    """

    def __init__(self, characters: int) -> None:
        self._until = time.thread_time() + SECONDS + SECONDS_MORE * characters

    def check(self) -> None:
        """Go on only while there is some left.

        Raises:
            DomainError: ``masking_too_long``.
        """
        if time.thread_time() > self._until:
            raise DomainError(Refusal.MASKING_TOO_LONG, _("This text could not be checked for numbers to be left out."))


@dataclass(frozen=True)
class Ruleset:
    """The rules for one side in one queue, in their order; each looks at what those before it have left."""

    rules: Sequence[ActiveRule] = field(default_factory=tuple)

    def apply(self, text: str) -> MaskedText:
        """A text without what the rules find.

        Raises:
            DomainError: ``masking_too_long``: nothing of it may be stored.
        """
        (piece,), removed = self.apply_to([text])
        return MaskedText(piece, removed)

    def apply_to(self, pieces: list[str]) -> tuple[list[str], tuple[str, ...]]:
        """The same of a text in pieces: a number that goes over several is found, and its place is in the first.

        Returns:
            As many pieces; what was taken out.

        Raises:
            DomainError: ``masking_too_long``.
        """
        work = _Work(pieces)
        for rule in self.rules:
            work.take_out(rule)
        for _round in range(ROUNDS if work.removed else 0):
            found = [work.take_out(rule, strict=True) for rule in self.rules if rule.kind != RuleKind.OWN]
            if not any(found):
                return work.pieces, tuple(work.removed)
        # A replacement that is itself a number, or digits without end: nothing of them stays.
        return ([BAR, *[""] * (len(pieces) - 1)] if work.removed else pieces), tuple(work.removed)


class _Work:
    """A text in pieces while the rules look at it."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.removed: dict[str, None] = {}
        self._view = NormalizedText("".join(pieces))
        self._budget = TimeBudget(len(self._view.text))

    def take_out(self, rule: ActiveRule, *, strict: bool = False) -> bool:
        """Take out what a rule finds.

        Args:
            rule: it.
            strict: nothing of it stays, whatever the rule says.

        Returns:
            Whether it has found anything.
        """
        self._budget.check()
        spans = rule.find(self._view)
        if not spans:
            return False
        self.removed[rule.code] = None
        starts = list(accumulate(map(len, self.pieces), initial=0))[:-1]
        made: list[list[str]] = [[] for _ in starts]
        position, text = 0, self._view.text
        for start, end in spans:
            _spread(text, position, start, starts, made)
            made[_place(starts, start)].append(BAR if strict else rule.replacement_for(text[start:end]))
            position = end
        _spread(text, position, len(text), starts, made)
        self.pieces = ["".join(parts) for parts in made]
        self._view = NormalizedText("".join(self.pieces))
        return True


def _spread(text: str, begin: int, end: int, starts: list[int], made: list[list[str]]) -> None:
    """Give each piece its own of a stretch of the text."""
    while begin < end:
        place = _place(starts, begin)
        stop = min(end, starts[place + 1]) if place + 1 < len(starts) else end
        made[place].append(text[begin:stop])
        begin = stop


def _place(starts: list[int], position: int) -> int:
    """The piece that a position is in."""
    return bisect_right(starts, position) - 1
