"""What a customer says about themselves, made fit to be shown to agents."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.chat.choices import Refusal
from apps.core.errors import DomainError

NAME_LENGTH = 160
PHONE_LENGTH = 32
PAGES = 20
"""How many of the pages that a browser was on are kept."""
ATTRIBUTES = 20
"""How many things a site may say about one customer."""
ATTRIBUTE_LENGTH = 200
Attributes = dict[str, str | int | float | bool | None]
PAGE_LENGTHS = {"url": 2000, "title": 300, "referrer": 2000, "language": 16, "time_zone": 50}

# A name stands inside other lines: neither control characters nor bidirectional overrides may reach out of it.
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def clean_line(text: str, length: int) -> str:
    """One line of plain text, cut to a length."""
    return " ".join(_UNFIT.sub(" ", text).split())[:length]


def clean_name(text: str) -> str:
    """A name as agents see it."""
    return clean_line(text, NAME_LENGTH)


def clean_email(text: str) -> str:
    """An email address in lower case; empty when none is given.

    Raises:
        DomainError: ``bad_frame`` with ``field`` when it is none.
    """
    email = text.strip().lower()
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError:
        email = ""
    if not email or len(email) > 254:
        raise DomainError(
            Refusal.BAD_FRAME, _("Please enter a whole email address, such as ana@example.com."), field="email"
        )
    return email


def clean_phone(text: str) -> str:
    """A phone number as it was typed, without what no number holds; empty when none is given.

    Raises:
        DomainError: ``bad_frame`` with ``field`` when it is none.
    """
    phone = clean_line(text, 200)
    if phone and (not _PHONE.fullmatch(phone) or not 5 <= sum(map(str.isdigit, phone)) <= 15):
        message = _("Please enter a phone number with its area code, such as +34 600 123 456.")
        raise DomainError(Refusal.BAD_FRAME, message, field="phone")
    return phone


_PHONE = re.compile(rf"\+?[0-9(][0-9 ()./-]{{3,{PHONE_LENGTH - 2}}}")


def clean_address(text: str, length: int) -> str:
    """A web address without what it may carry in secret: user, query and fragment are left out (CHAT-14)."""
    try:
        parts = urlsplit(clean_line(text, length))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path or '/'}"[:length]


def clean_pages(pages: Iterable[dict[str, Any]]) -> list[dict[str, str]]:
    """The pages of the site that a browser was on: the newest, oldest first, each with its time in UTC."""
    cleaned = [seen for seen in map(clean_seen, pages) if seen["url"]]
    return cleaned[-PAGES:]


def clean_seen(page: dict[str, Any]) -> dict[str, str]:
    """One page with the time at which it was opened; a time that can't be is now."""
    now = datetime.now(UTC)
    told = page.get("at")
    at = told.astimezone(UTC) if isinstance(told, datetime) and told.tzinfo else now
    return {
        "url": clean_address(str(page.get("url") or ""), 500),
        "title": clean_line(str(page.get("title") or ""), 120),
        "at": min(at, now).isoformat(timespec="seconds"),
    }


def clean_attributes(attributes: dict[str, Any]) -> Attributes:
    """What a site says about its customer: at most `ATTRIBUTES` words, numbers and switches, by short names.

    Raises:
        DomainError: ``bad_frame`` with ``field`` for a name or a value that is none, or too many of them.
    """
    if len(attributes) > ATTRIBUTES:
        raise _no_attribute()
    return {_attribute_name(name): _attribute_value(value) for name, value in attributes.items()}


def _attribute_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise _no_attribute()
    return name


def _attribute_value(value: Any) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) < 2**53:
        return value
    if isinstance(value, str) and len(value) <= ATTRIBUTE_LENGTH:
        return clean_line(value, ATTRIBUTE_LENGTH)
    raise _no_attribute()


# A letter of any script first: what stands in a panel must be readable, and a name must not look like a command.
_NAME = re.compile(r"[^\W\d_][\w .-]{0,39}")


def _no_attribute() -> DomainError:
    message = _("Attributes are at most 20 short names with a text, a number or a switch each.")
    return DomainError(Refusal.BAD_FRAME, message, field="attributes")


def clean_page(page: dict[str, Any]) -> dict[str, str]:
    """What the browser tells about itself (CHAT-14); addresses are kept only when they are of the web."""
    cleaned = {name: clean_line(str(page.get(name) or ""), length) for name, length in PAGE_LENGTHS.items()}
    for name in ("url", "referrer"):
        cleaned[name] = clean_address(cleaned[name], PAGE_LENGTHS[name])
    return cleaned
