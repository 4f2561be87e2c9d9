"""IBANs: how each country writes them, and where one stands in a text."""

import re
from collections.abc import Iterator

from apps.masking.check_digits import is_iban
from apps.masking.normalization import GAPS, UNSEEN, NormalizedText

Span = tuple[int, int]

# What follows country and check digits: digits (n), letters (a), both (c). From SWIFT's registry of IBANs.
_COUNTRIES = """
AD n8c12|AE n19|AL n8c16|AT n16|AZ a4c20|BA n16|BE n12|BG a4n6c8|BH a4c14|BI n23|BR n23a1c1
BY c4n4c16|CH n5c12|CR n18|CY n8c16|CZ n20|DE n18|DJ n23|DK n14|DO c4n20|EE n16|EG n25|ES n20|FI n14
FK a2n12|FO n14|FR n10c11n2|GB a4n14|GE a2n16|GI a4c15|GL n14|GR n7c16|GT c20|HR n17|HU n24|IE a4n14
IL n19|IQ a4n15|IS n22|IT a1n10c12|JO a4n4c18|KW a4c22|KZ n3c13|LB n4c20|LC a4c24|LI n5c12|LT n16
LU n3c13|LV a4c13|LY n21|MC n10c11n2|MD c20|ME n18|MK n3c10n2|MN n16|MR n23|MT a4n5c18|MU a4n19a3
NI a4n20|NL a4n10|NO n11|OM n3c16|PK a4c16|PL n24|PS a4c21|PT n21|QA a4c21|RO a4c16|RS n18|RU n14c15
SA n2c18|SC a4n20a3|SD n14|SE n20|SI n15|SK n20|SM a1n10c12|SO n19|ST n21|SV a4n20|TL n19|TN n20
TR n6c16|UA n6c19|VA n18|VG a4n16|XK n16|YE a4n4c18
"""
_CLASSES = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}
MOST_GAP = 4
"""Signs between two signs of one number, those that can't be seen counted."""


def _shapes() -> dict[str, tuple[int, re.Pattern[str]]]:
    shapes = {}
    for each in re.split(r"[|\n]", _COUNTRIES.strip()):
        country, structure = each.split()
        parts = re.findall(r"([nac])(\d+)", structure)
        pattern = "".join(f"{_CLASSES[kind]}{{{count}}}" for kind, count in parts)
        shapes[country] = 4 + sum(int(count) for _kind, count in parts), re.compile(pattern)
    return shapes


SHAPES = _shapes()
"""By country: how many signs there are in all, and what follows the first four."""
_GAP = rf"[{re.escape(GAPS + UNSEEN)}]{{0,{MOST_GAP}}}"
_START = re.compile(rf"(?:(?<![0-9A-Z])|(?<=IBAN))([A-Z]){_GAP}([A-Z]){_GAP}[0-9]{_GAP}[0-9]")


def find_ibans(view: NormalizedText) -> Iterator[Span]:
    """Where IBANs stand: of a country that has them, as long as its own are, built like them, with the check digits."""
    position = 0
    while match := _START.search(view.signs, position):
        position = match.start() + 1
        shape = SHAPES.get(match[1] + match[2])
        end = _end(view, match.start(), *shape) if shape else None
        if end is not None:
            yield match.start(), end
            position = end


def _end(view: NormalizedText, start: int, length: int, shape: re.Pattern[str]) -> int | None:
    signs: list[str] = []
    gap = 0
    for position in range(start, len(view.signs)):
        sign = view.signs[position]
        if sign.isalnum():
            signs.append(sign)
            gap = 0
            if len(signs) == length:
                text = "".join(signs)
                is_one = not view.sign_at(position + 1).isalnum() and shape.fullmatch(text[4:]) and is_iban(text)
                return position + 1 if is_one else None
            continue
        gap += 1
        if gap > MOST_GAP or sign not in GAPS + UNSEEN:
            return None
    return None
