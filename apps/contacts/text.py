"""What may stand in a contact, and how it is written."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.contacts.choices import FieldKind
from apps.contacts.models import ContactField
from apps.tenants.zones import zone_names

MOST = 10
"""How many further emails or phones a contact can have."""
TEXT_LENGTH = 500
"""Characters in a field of the company's own."""

# A name stands inside other lines: neither control characters nor bidirectional overrides may reach out of it.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def clean_line(text: str, length: int) -> str:
    """One line of plain text.

    Raises:
        ValidationError: it is longer than that.
    """
    line = " ".join(_UNFIT.sub(" ", text).split())
    if len(line) > length:
        raise ValidationError(_("At most %(length)s characters.") % {"length": length})
    return line


def clean_name(text: str) -> str:
    """A name."""
    return clean_line(text, 160)


def clean_email(text: str) -> str:
    """An email address in lower case, or nothing."""
    email = text.strip().lower()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not email or len(email) > 254:
        raise ValidationError(_("Enter a whole email address, such as ana@example.com."))
    return email


def clean_phone(text: str) -> str:
    """A phone number in the form of E.164, such as +34600123456, or nothing."""
    typed = clean_line(text, 60)
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", typed), None)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(_("Start with + and the country, such as +34 600 123 456.")) from error
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValidationError(_("This is no phone number: it has too few or too many digits."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_text(phone: str) -> str:
    """A stored number as people read it; what is none is shown as it is."""
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def clean_language(text: str) -> str:
    """A language tag, such as es or pt-BR, or nothing."""
    tag = text.strip()
    if tag and (len(tag) > 16 or not _TAG.fullmatch(tag)):
        raise ValidationError(_("Enter a language tag, such as es or pt-BR."))
    return tag


def clean_time_zone(text: str) -> str:
    """A time zone's name, or nothing."""
    zone = text.strip()
    if zone and zone not in zone_names():
        raise ValidationError(_("This is not a time zone, such as Europe/Madrid."))
    return zone


def clean_external_id(text: str) -> str:
    """The key of another system."""
    return clean_line(text, 120)


def list_cleaner(clean: Callable[[str], str]) -> Callable[[list[str]], list[str]]:
    """The same for a list: each once, in order, without what is empty."""

    def cleaned(texts: list[str]) -> list[str]:
        found = list(dict.fromkeys(filter(None, map(clean, texts))))
        if len(found) > MOST:
            raise ValidationError(_("At most %(most)s of them.") % {"most": MOST})
        return found

    return cleaned


CLEAN: dict[str, Callable[[Any], Any]] = {
    "name": clean_name,
    "email": clean_email,
    "phone": clean_phone,
    "more_emails": list_cleaner(clean_email),
    "more_phones": list_cleaner(clean_phone),
    "language": clean_language,
    "time_zone": clean_time_zone,
    "external_id": clean_external_id,
}
"""How each field of a contact that people change is made fit to be stored."""


def clean_custom(field: ContactField, text: str) -> Any:
    """A value of one of the company's own fields as it is stored; None for none.

    Raises:
        ValidationError: it is none of this kind.
    """
    typed = text.strip()
    return _KINDS[FieldKind(field.kind)](field, typed) if typed else None


def _text(_field: ContactField, typed: str) -> str:
    return clean_line(typed, TEXT_LENGTH)


def _number(_field: ContactField, typed: str) -> str:
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError(_("Enter a number.")) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise ValidationError(_("Enter a number."))
    # As text: a number that went through binary floating point comes back as another one.
    return f"{number.normalize():f}"


def _date(_field: ContactField, typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError as error:
        raise ValidationError(_("Enter a date, such as 2026-03-29.")) from error


def _choice(field: ContactField, typed: str) -> str:
    if typed not in field.options:
        raise ValidationError(_("Choose one of those that are offered."))
    return typed


def _yes_no(_field: ContactField, typed: str) -> bool:
    if typed not in {"yes", "no"}:
        raise ValidationError(_("Choose yes or no."))
    return typed == "yes"


_KINDS: dict[FieldKind, Callable[[ContactField, str], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.YES_NO: _yes_no,
}
