"""Numbers by which countries know people, and where one stands in a text."""

import re
from collections.abc import Callable, Iterator

from apps.masking import check_digits
from apps.masking.normalization import UNSEEN, DigitRun, NormalizedText

Span = tuple[int, int]
Finder = Callable[[NormalizedText], Iterator[Span]]

_GAP = rf"[ ./\-{UNSEEN}]{{0,3}}"
_ALONE, _ENDS = r"(?<![0-9A-Z])", r"(?![0-9A-Z])"


def digits_finder(length: int, check: Callable[[str], bool]) -> Finder:
    """Finds numbers of so many digits.

    Their check digits say little (one in ten or eleven passes by chance), so the number has to stand by itself: with
    other gaps around it than between its groups, on one line, and without a letter or a plus right beside it.
    """

    def find(view: NormalizedText) -> Iterator[Span]:
        for run in view.runs:
            if len(run.digits) >= length:
                yield from _in_run(view, run)

    def _in_run(view: NormalizedText, run: DigitRun) -> Iterator[Span]:
        for first, start in enumerate(run.starts[:-1]):
            last = run.group_ending(first, length)
            if last is not None and check(run.digits[start : start + length]) and _is_alone(view, run, first, last):
                yield run.groups[first][0], run.groups[last][1]

    return find


def _is_alone(view: NormalizedText, run: DigitRun, first: int, last: int) -> bool:
    inside = run.gap_kinds(first, last)
    around = {*run.gaps[max(first - 1, 0) : first], *run.gaps[last : last + 1]}
    if len(inside) > 2 or "\n" in inside or around & inside:
        return False
    is_phone = view.sign_at(run.groups[0][0] - 1) == "+"
    before, after = view.sign_at(run.groups[first][0] - 1), view.sign_at(run.groups[last][1])
    return not (is_phone or before.isalpha() or after.isalpha())


def pattern_finder(pattern: str, check: Callable[[str], bool]) -> Finder:
    """Finds numbers with letters in them.

    Args:
        pattern: of one sign each, between which there may be gaps.
        check: of the signs alone.
    """
    signs = re.findall(r"\[[^\]]*\]|\w", pattern)
    expression = re.compile(_ALONE + _GAP.join(signs) + _ENDS)

    def find(view: NormalizedText) -> Iterator[Span]:
        position = 0
        while match := expression.search(view.signs, position):
            position = match.start() + 1
            if check("".join(filter(str.isalnum, match[0]))):
                yield match.span()
                position = match.end()

    return find


def either_finder(*finds: Finder) -> Finder:
    """Finds what either finds."""

    def find(view: NormalizedText) -> Iterator[Span]:
        for each in finds:
            yield from each(view)

    return find


_SSN = re.compile(
    rf"(?<![0-9A-Z])(?<![0-9][ -])(?!000|666|9)[0-9]{{3}}{UNSEEN}*([ -]){UNSEEN}*(?!00)[0-9]{{2}}"
    rf"{UNSEEN}*\1{UNSEEN}*(?!0000)[0-9]{{4}}(?![0-9A-Z]|[ -][0-9])"
)


def find_us_ssn(view: NormalizedText) -> Iterator[Span]:
    """Where social security numbers stand. They have no check digit: only 3-2-4 digits with gaps between them count."""
    return (match.span() for match in _SSN.finditer(view.signs))


def _is_nino(text: str) -> bool:
    return text[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


find_uk_nino = pattern_finder("[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]" + "[0-9]" * 6 + "[A-D]", _is_nino)
find_es_dni = either_finder(
    pattern_finder("[0-9]" * 8 + "[A-Z]", check_digits.is_es_dni),
    pattern_finder("[XYZ]" + "[0-9]" * 7 + "[A-Z]", check_digits.is_es_dni),
)
# Where two people would have the same code, letters stand for some of its digits.
_CF = "[0-9LMNP-V]"
find_it_cf = pattern_finder(
    "[A-Z]" * 6 + _CF * 2 + "[A-EHLMPR-T]" + _CF * 2 + "[A-Z]" + _CF * 3 + "[A-Z]", check_digits.is_it_cf
)
find_fr_nir = either_finder(
    digits_finder(15, check_digits.is_fr_nir),
    pattern_finder("[12]" + "[0-9]" * 4 + "2[AB]" + "[0-9]" * 8, check_digits.is_fr_nir),
)
find_de_tax = digits_finder(11, check_digits.is_de_tax)
find_nl_bsn = digits_finder(9, check_digits.is_nl_bsn)
find_br_cpf = digits_finder(11, check_digits.is_br_cpf)
find_pl_pesel = digits_finder(11, check_digits.is_pl_pesel)
find_ch_ahv = digits_finder(13, check_digits.is_ch_ahv)
find_in_aadhaar = digits_finder(12, check_digits.is_in_aadhaar)
