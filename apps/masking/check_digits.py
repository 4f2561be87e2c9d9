"""Check digits, as pure functions of the digits and letters of a number."""

from datetime import date

_DOUBLED = str.maketrans("0123456789", "0246813579")
_VERHOEFF_MULTIPLY = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_VERHOEFF_PERMUTE = (
    "0123456789",
    "1576283094",
    "5803796142",
    "8916043527",
    "9453126870",
    "4286573901",
    "2793806415",
    "7046913258",
)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CF_ODD = {
    **dict(zip("0123456789", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21), strict=True)),
    **dict(
        zip(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
            strict=True,
        )
    ),
}


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: payment cards."""
    return (sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0


def is_iban(text: str) -> bool:
    """ISO 13616: the remainder by 97 is 1."""
    return int("".join(str(int(each, 36)) for each in text[4:] + text[:4])) % 97 == 1


def is_verhoeff(digits: str) -> bool:
    """Verhoeff's check digit: Aadhaar."""
    check = 0
    for place, each in enumerate(reversed(digits)):
        check = int(_VERHOEFF_MULTIPLY[check][int(_VERHOEFF_PERMUTE[place % 8][int(each)])])
    return check == 0


def is_in_aadhaar(digits: str) -> bool:
    """Twelve digits, none of the first two beginning them, no palindrome, and Verhoeff's digit."""
    return digits[0] not in "01" and digits != digits[::-1] and is_verhoeff(digits)


def is_de_tax(digits: str) -> bool:
    """German tax number: of the first ten digits exactly one comes twice or thrice; ISO/IEC 7064 MOD 11,10."""
    counts = sorted((digits[:10].count(each) for each in set(digits[:10])), reverse=True)
    if digits[0] == "0" or counts[0] not in (2, 3) or any(each > 1 for each in counts[1:]):
        return False
    if counts[0] == 3 and any(digits[at] == digits[at + 1] == digits[at + 2] for at in range(8)):
        return False
    product = 10
    for each in digits[:10]:
        product = ((int(each) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_nl_bsn(digits: str) -> bool:
    """Dutch citizen service number: the eleven test."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(set(digits)) > 1 and _weighed(digits, weights) % 11 == 0


def is_br_cpf(digits: str) -> bool:
    """Brazilian taxpayer: two check digits; not all the same."""
    if len(set(digits)) == 1:
        return False
    first = _weighed(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = _weighed(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def is_pl_pesel(digits: str) -> bool:
    """Polish PESEL: a day of birth with its century in the month, and a check digit."""
    century = {0: 1900, 1: 2000, 2: 2100, 3: 2200, 4: 1800}[int(digits[2]) // 2]
    try:
        date(century + int(digits[:2]), int(digits[2:4]) % 20, int(digits[4:6]))
    except ValueError:
        return False
    return _weighed(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def is_ch_ahv(digits: str) -> bool:
    """Swiss social security: 756 and the check digit of an EAN."""
    return digits.startswith("756") and _weighed(digits, (1, 3) * 6 + (1,)) % 10 == 0


def is_fr_nir(text: str) -> bool:
    """French social security: sex, year, month, place, and a key of 97; Corsica has letters."""
    month = int(text[3:5])
    known = text[0] in "123478" and (1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99)
    digits = text[:13].replace("2A", "19").replace("2B", "18")
    return known and digits.isdigit() and 97 - int(digits) % 97 == int(text[13:])


def is_es_dni(text: str) -> bool:
    """Spanish DNI and NIE: a letter that follows from the number."""
    digits = text[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(digits) % 23] == text[-1]


def is_it_cf(text: str) -> bool:
    """Italian tax code: the last letter follows from the fifteen signs before it."""
    total = sum(_CF_ODD[each] for each in text[0:15:2])
    total += sum(int(each) if each.isdigit() else ord(each) - ord("A") for each in text[1:15:2])
    return ord("A") + total % 26 == ord(text[15])


def _weighed(digits: str, weights: "tuple[int, ...] | range") -> int:
    return sum(int(each) * weight for each, weight in zip(digits, weights, strict=False))
