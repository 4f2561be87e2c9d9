"""The link to a sent form: whoever holds it may fill in that one form, once, until it expires (FRM-2)."""

from dataclasses import dataclass
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import connection

from apps.forms.choices import Via

_LETTERS = {"w": Via.WIDGET, "l": Via.LINK}
_BY = {via: letter for letter, via in _LETTERS.items()}


@dataclass(frozen=True)
class FormToken:
    """What a token says once its signature has been found good."""

    sent: UUID
    via: Via


def token_make(sent: UUID, via: Via) -> str:
    """What stands in the link: which form, for which way, and a signature; good in this tenant alone.

    Nothing of it is stored: whoever reads the database opens no form with it.

    Args:
        sent: the sent form's id.
        via: the widget is handed another one than a mail: how a form was filled in is kept.
    """
    return _signer().sign(f"{sent.hex}{_BY[via]}")


def token_read(text: str) -> FormToken | None:
    """What a token says, if the current tenant made it."""
    try:
        said = _signer().unsign(text[:120])
        return FormToken(UUID(hex=said[:-1]), _LETTERS[said[-1:]])
    except (BadSignature, ValueError, KeyError):
        return None


def _signer() -> Signer:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return Signer(salt=f"parley.forms.{schema}", sep=".")
