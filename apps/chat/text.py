"""What a customer says about themselves, made fit to be shown to agents."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from apps.core.errors import DomainError

NAME_LENGTH = 160
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
        raise DomainError("bad_frame", _("Please enter a whole email address, such as ana@example.com."), field="email")
    return email


def clean_page(page: dict[str, Any]) -> dict[str, str]:
    """What the browser tells about itself (CHAT-14); addresses are kept only when they are of the web."""
    cleaned = {name: clean_line(str(page.get(name) or ""), length) for name, length in PAGE_LENGTHS.items()}
    for name in ("url", "referrer"):
        if not cleaned[name].startswith(("http://", "https://")):
            cleaned[name] = ""
    return cleaned
