"""Tickets: what lets a browser upload one file, once (CHAT-9).

Whoever is allowed to send something somewhere is handed one by the app that knows so. It says of which tenant, for
which file and how many bytes, and is signed: the door reads it before it takes in a single byte.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.db import connection
from django.urls import reverse

from apps.files.frames import UploadTerms
from apps.files.models import FileRules, StoredFile

SALT = "parley.files.ticket"
UPLOAD_SECONDS = 15 * 60
"""How long an upload may take to begin."""
DROP_SECONDS = 24 * 60 * 60
"""How long what it uploaded can be taken back by it."""


@dataclass(frozen=True)
class UploadTicket:
    """What a ticket says."""

    schema: str
    file_id: UUID
    size: int


def ticket_url(file: StoredFile) -> str:
    """Where the content of a file is to be sent to."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    text = signing.dumps([schema, file.pk.hex, file.size], salt=SALT)
    return reverse("files:upload", args=[text])


def upload_terms(file: StoredFile) -> UploadTerms:
    """What a socket answers to who has announced a file."""
    return UploadTerms(file=file.pk, address=ticket_url(file), max_files=FileRules.load().max_files)


def ticket_read(text: str, *, seconds: int) -> UploadTicket | None:
    """What a ticket says, if it is one of ours that is not too old.

    Args:
        text: from the address.
        seconds: how old it may be.
    """
    try:
        schema, file_id, size = signing.loads(text, salt=SALT, max_age=seconds)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return UploadTicket(schema, UUID(hex=file_id), size)
