"""Reads the whole chain of the current schema once and says whether anything in it was touched (AUD-1).

Hashes are computed here from the rows as they are, by no function of the database. One snapshot, one row at a time:
a million of them take no more memory than one.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from apps.audit.keys import is_signed, public_keys, statement
from apps.audit.models import AuditHead, AuditSeal

GENESIS: Final = bytes(32)
BODY: Final = """jsonb_build_array(
    e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_kind, e.actor_id, e.actor_name,
    e.address, e.verb, e.target_type, e.target_id, e.target_name, e.changes, e.before,
    e.detail, e.conversation_id
)::text"""
"""An entry as its hash holds it; as in the trigger."""
CHAIN: Final = f"""
SELECT l.seq, l.hash, {BODY}, e.id IS NOT NULL
FROM audit_auditlink l LEFT JOIN audit_auditentry e ON e.id = l.entry_id ORDER BY l.seq
"""  # noqa: S608
UNLINKED: Final = """
SELECT e.id FROM audit_auditentry e
WHERE NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.entry_id = e.id) LIMIT 1
"""
AT_ONCE: Final = 2000


class ChainError(Exception):
    """The first thing that is wrong with a chain: a sentence for an administrator of the installation."""


@dataclass(frozen=True)
class Verified:
    """A chain in which nothing is wrong.

    Attributes:
        first: the number of the first entry that is kept.
        last: the number of the last one.
        seals: how many signed heads there are.
    """

    first: int
    last: int
    seals: int

    @property
    def rows(self) -> int:
        """How many entries are kept."""
        return self.last - self.first + 1


def chain_verify(keys: Collection[str] | None = None) -> Verified:
    """Verify the chain of the current schema: every entry, its place, and every signed head.

    Args:
        keys: public keys in hexadecimal whose signatures are believed; None for those of `AUDIT_KEYS`.

    Raises:
        ChainError: an entry was changed, removed, inserted or moved, or the chain is not the one that was signed.
        RuntimeError: inside a transaction, where there may be more than one snapshot.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        seals = _seals(public_keys() if keys is None else keys)
        with connection.cursor() as cursor:
            cursor.execute(UNLINKED)
            if (found := cursor.fetchone()) is not None:
                raise ChainError(f"entry {found[0]} is in no place of the chain: it was inserted past it")
        return _walk(seals)


def _seals(keys: Collection[str]) -> dict[int, bytes]:
    """The hash of each signed head by its number."""
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    seals: dict[int, bytes] = {}
    for seal in AuditSeal.objects.order_by("seq"):
        digest = bytes(seal.hash)
        if seal.public_key not in keys:
            raise ChainError(f"the head of {seal.at:%Y-%m-%d} is signed with a key that is none of ours")
        if not is_signed(statement(schema, seal.seq, digest, seal.at), seal.public_key, bytes(seal.signature)):
            raise ChainError(f"the signed head of {seal.at:%Y-%m-%d} was changed")
        seals[seal.seq] = digest
    return seals


def _walk(seals: dict[int, bytes]) -> Verified:
    first = last = 0
    digest = GENESIS
    for seq, kept, body, is_there in _chain():
        if not first:
            first = seq
            if seq > 1:
                digest = _anchor(seals, seq)
        elif seq != last + 1:
            raise ChainError(f"number {last + 1} is missing: it was removed")
        if not is_there:
            raise ChainError(f"the entry of number {seq} is missing: it was removed")
        digest = hashlib.sha256(digest + seq.to_bytes(8) + body.encode()).digest()
        if digest != bytes(kept):
            raise ChainError(f"number {seq} is not what was recorded: it was changed, moved or inserted")
        if seals.get(seq, digest) != digest:
            raise ChainError(f"number {seq} is not the head that was signed: the chain was rewritten")
        last = seq
    _head_compare(last, digest, seals)
    return Verified(first or last + 1, last, len(seals))


def _anchor(seals: dict[int, bytes], first: int) -> bytes:
    """The signed head that the kept entries go on from."""
    if first - 1 not in seals:
        raise ChainError(f"the entries before number {first} were removed, and not by the retention")
    return seals[first - 1]


def _head_compare(last: int, digest: bytes, seals: dict[int, bytes]) -> None:
    newest = max(seals, default=0)
    head = AuditHead.objects.first()
    if head is None:
        if last or newest:
            raise ChainError("the head of the chain was removed")
        return
    if not last and head.seq == newest and seals.get(newest) == bytes(head.hash):
        return  # Everything up to a signed head has expired.
    if newest > last:
        raise ChainError(f"the entries after number {last} were removed: number {newest} was signed")
    if head.seq != last or bytes(head.hash) != digest:
        raise ChainError(f"the head of the chain says number {head.seq}, and its last entry is number {last}")


def _chain() -> Iterator[tuple[int, Any, str, bool]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(CHAIN)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
