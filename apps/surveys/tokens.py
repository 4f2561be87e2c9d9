"""The link to a survey: whoever holds it may answer that one survey, once, until it expires (SRV-5)."""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import connection

from apps.surveys.models import SurveyRequest


def token_make(request: SurveyRequest) -> str:
    """What stands in the link: the request and a signature for it, good in this tenant alone. Nothing is stored."""
    return _signer().sign(request.pk.hex)


def token_read(text: str) -> UUID | None:
    """The request that a token is for, if the current tenant made it."""
    try:
        return UUID(hex=_signer().unsign(text[:120]))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return Signer(salt=f"parley.surveys.{schema}", sep=".")
