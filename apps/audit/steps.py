"""The night's work on the log, inside the transaction of whoever calls it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import connection
from django.utils import timezone

from apps.audit.keys import sign, statement
from apps.audit.models import AuditHead, AuditSeal

SEAL_DEADLINE: Final = "audit.seal"
SEAL_ID: Final = UUID(int=0)
"""One chain a tenant."""
SEAL_EVERY: Final = timedelta(days=1)

log = structlog.get_logger(__name__)


def head_seal() -> AuditSeal | None:
    """Sign the head of the current schema's chain, and say it in the log, which leaves the database.

    Returns:
        The signed head; None where nothing has been added since the last one.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    head = AuditHead.objects.select_for_update().first()
    if head is None or AuditSeal.objects.filter(seq__gte=head.seq).exists():
        return None
    at, digest = timezone.now(), bytes(head.hash)
    public_key, signature = sign(statement(schema, head.seq, digest, at))
    seal = AuditSeal.objects.create(at=at, seq=head.seq, hash=digest, public_key=public_key, signature=signature)
    log.info(
        "audit.sealed",
        schema=schema,
        entries=head.seq,
        hash=digest.hex(),
        at=at.isoformat(),
        public_key=public_key,
        signature=signature.hex(),
    )
    return seal
