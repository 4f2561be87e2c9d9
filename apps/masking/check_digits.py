"""Check digits, as pure functions of the digits and letters of a number: python-stdnum's, and what it lets pass."""

from stdnum import luhn, verhoeff
from stdnum.br import cpf
from stdnum.ch import ssn
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.in_ import aadhaar
from stdnum.iso7064 import mod_97_10
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import pesel


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: payment cards."""
    return bool(luhn.is_valid(digits))


def is_iban(text: str) -> bool:
    """ISO 13616: the remainder by 97 is 1."""
    return bool(mod_97_10.is_valid(text[4:] + text[:4]))


def is_verhoeff(digits: str) -> bool:
    """Verhoeff's check digit: Aadhaar."""
    return bool(verhoeff.is_valid(digits))


def is_in_aadhaar(digits: str) -> bool:
    """Twelve digits, none of the first two beginning them, no palindrome, and Verhoeff's digit."""
    return bool(aadhaar.is_valid(digits))


def is_de_tax(digits: str) -> bool:
    """German tax number: of the first ten digits exactly one comes twice or thrice; ISO/IEC 7064 MOD 11,10."""
    # Three times the same in a row is given to nobody; the library does not know.
    in_a_row = any(digits[at] == digits[at + 1] == digits[at + 2] for at in range(8))
    return not in_a_row and bool(idnr.is_valid(digits))


def is_nl_bsn(digits: str) -> bool:
    """Dutch citizen service number: the eleven test."""
    return bool(bsn.is_valid(digits))


def is_br_cpf(digits: str) -> bool:
    """Brazilian taxpayer: two check digits; not all the same."""
    return len(set(digits)) > 1 and bool(cpf.is_valid(digits))


def is_pl_pesel(digits: str) -> bool:
    """Polish PESEL: a day of birth with its century in the month, and a check digit."""
    return bool(pesel.is_valid(digits))


def is_ch_ahv(digits: str) -> bool:
    """Swiss social security: 756 and the check digit of an EAN."""
    return bool(ssn.is_valid(digits))


def is_fr_nir(text: str) -> bool:
    """French social security: sex, year, month, place, and a key of 97; Corsica has letters."""
    # The library takes any sex and month.
    month = int(text[3:5])
    is_known = text[0] in "123478" and (1 <= month <= 12 or 20 <= month <= 42 or 50 <= month <= 99)
    return is_known and bool(nir.is_valid(text))


def is_es_dni(text: str) -> bool:
    """Spanish DNI and NIE: a letter that follows from the number."""
    return bool((nie if text[0] in "XYZ" else dni).is_valid(text))


def is_it_cf(text: str) -> bool:
    """Italian tax code: a day of birth, and a last letter that follows from the fifteen signs before it."""
    return bool(codicefiscale.is_valid(text))
