"""Payment cards: which numbers are issued, and where one stands in a text."""

from collections.abc import Iterator
from functools import lru_cache

from apps.masking.check_digits import is_luhn
from apps.masking.normalization import DigitRun, NormalizedText

Span = tuple[int, int]

# First and last of a range of beginnings, and how long such numbers are, the usual first. Visa's of 13 digits are not
# issued any more, and one in ten EANs of a German article would pass for one.
_BRANDS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (400000, 499999, (16, 19)),  # Visa
    (510000, 559999, (16,)),  # Mastercard
    (222100, 272099, (16,)),  # Mastercard
    (340000, 349999, (15,)),  # American Express
    (370000, 379999, (15,)),  # American Express
    (601100, 601199, (16, 19, 18, 17)),  # Discover
    (644000, 659999, (16, 19, 18, 17)),  # Discover, Elo, RuPay, Verve
    (620000, 629999, (16, 19, 18, 17)),  # UnionPay
    (810000, 817199, (16, 19, 18, 17)),  # UnionPay, RuPay
    (300000, 305999, (14, 16)),  # Diners Club
    (309500, 309599, (14, 16)),  # Diners Club
    (360000, 369999, (14, 16, 19)),  # Diners Club
    (380000, 399999, (14, 16)),  # Diners Club
    (352800, 358999, (16, 19, 18, 17)),  # JCB
    (220000, 220499, (16, 19, 18, 17)),  # Mir
    (501800, 501999, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro, Dankort
    (502000, 502099, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro
    (503800, 503899, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro
    (506000, 509999, (16, 18, 19)),  # Verve, Elo, RuPay
    (561000, 561099, (16,)),  # Bankcard
    (589300, 589399, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro
    (600000, 600999, (16,)),  # RuPay
    (602000, 608999, (16,)),  # RuPay, Hipercard
    (630400, 630499, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro
    (636200, 637999, (16,)),  # Elo, InstaPayment
    (675900, 676999, (16, 19, 18, 17, 15, 14, 13, 12)),  # Maestro
    (820000, 829999, (16,)),  # RuPay
    (979200, 979299, (16,)),  # Troy
)
_SHORTEST = 12
_PHONE = 15
"""Digits of the longest phone number: what begins with a plus and has no more is one."""


def find_cards(view: NormalizedText) -> Iterator[Span]:
    """Where card numbers stand.

    One begins and ends where a group of digits does, so that no long reference is searched for sixteen digits that
    happen to pass. Between groups there may be any gaps, all of one kind; of several kinds only where no group is
    shorter than three digits, as prices are.
    """
    for run in view.runs:
        if len(run.digits) >= _SHORTEST:
            yield from _in_run(view, run)


def _in_run(view: NormalizedText, run: DigitRun) -> Iterator[Span]:
    first = 0
    while first < len(run.groups):
        last = _ends(view, run, first)
        if last is not None:
            yield run.groups[first][0], run.groups[last][1]
            first = last
        first += 1


def _ends(view: NormalizedText, run: DigitRun, first: int) -> int | None:
    """The group with which the number ends that begins with this one."""
    start = run.starts[first]
    if len(run.digits) - start < _SHORTEST:
        return None
    lengths = lengths_of(run.digits[start : start + 6])
    if not lengths:
        return None
    is_phone = view.sign_at(run.groups[first][0] - 1) == "+"
    for length in lengths:
        last = run.group_ending(first, length)
        if last is None or (is_phone and length <= _PHONE):
            continue
        if is_luhn(run.digits[start : start + length]) and _is_plausible(run, first, last):
            return last
    return None


@lru_cache(maxsize=4096)
def lengths_of(beginning: str) -> tuple[int, ...]:
    """How long a card's number is that begins with these six digits; nothing where none is issued."""
    if len(beginning) < 6 or beginning[0] not in "2345689":
        return ()
    number = int(beginning)
    return next((lengths for low, high, lengths in _BRANDS if low <= number <= high), ())


def _is_plausible(run: DigitRun, first: int, last: int) -> bool:
    if len(run.gap_kinds(first, last)) <= 1:
        return True
    sizes = [end - start for start, end in zip(run.starts[first:last], run.starts[first + 1 : last + 1], strict=True)]
    return min(sizes) >= 3
