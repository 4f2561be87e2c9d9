"""The token by which a browser finds its conversation again (CHAT-12): `<id>.<generation>.<signature>`."""

import hmac
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

SALT = "parley.chat.visitor"
FILE_SALT = "parley.chat.files"
FILE_SECONDS = 24 * 60 * 60
"""How long a page fetches files by one key; it is handed a new one at every connect, and when it asks."""


@dataclass(frozen=True)
class VisitorToken:
    """What a token says once its signature has been found good."""

    visitor: UUID
    generation: int


def token_make(*, channel: UUID, visitor: UUID, generation: int) -> str:
    """A token of the current tenant.

    Args:
        channel: the widget channel it is good for.
        visitor: the browser.
        generation: counts the hellos of this browser.
    """
    signature = _sign(channel, visitor, generation, settings.SECRET_KEY)
    return f"{visitor.hex}.{generation}.{signature}"


def token_read(text: str, *, channel: UUID) -> VisitorToken | None:
    """What a token says, if it was made by the current tenant for this channel.

    Args:
        text: whatever the browser sent.
        channel: the widget channel it came through.
    """
    head, _, signature = text[:200].rpartition(".")
    visitor_text, _, generation_text = head.partition(".")
    if not generation_text.isascii() or not generation_text.isdigit() or len(generation_text) > 9:
        return None
    try:
        visitor, generation = UUID(hex=visitor_text), int(generation_text)
    except ValueError:
        return None
    keys = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    good = any(
        hmac.compare_digest(_sign(channel, visitor, generation, key).encode(), signature.encode()) for key in keys
    )
    return VisitorToken(visitor, generation) if good else None


def file_key_make(visitor: UUID) -> str:
    """What a browser's page puts into the addresses of files: pictures in a frame on another site carry no cookie.

    It opens nothing by itself: whether this browser may have a file is asked each time.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return signing.dumps([schema, visitor.hex], salt=FILE_SALT)


def file_key_read(text: str) -> UUID | None:
    """The browser that a key was made for, if the current tenant made it within a day."""
    try:
        schema, visitor = signing.loads(text, salt=FILE_SALT, max_age=FILE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return UUID(hex=visitor) if schema == connection.schema_name else None  # type: ignore[attr-defined]


def _sign(channel: UUID, visitor: UUID, generation: int, key: str) -> str:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    value = f"{schema}|{channel.hex}|{visitor.hex}|{generation}"
    return salted_hmac(SALT, value, secret=key, algorithm="sha256").hexdigest()
