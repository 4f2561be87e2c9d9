"""Encrypt values of the current tenant, and read them again. No value is readable in another tenant or another place.

A sealed value is a version byte, the id of the data key, and what AES-256-GCM makes of it: bound to the tenant, the
purpose and the row that owns it, so that swapping two values in the database is noticed.
"""

from collections.abc import Mapping
from uuid import UUID

from django.views.decorators.debug import sensitive_variables

from apps.core.rows import row_get
from apps.vault.master_keys import DecryptionError, associated_data, decrypt_bytes, encrypt_bytes, unwrap_key
from apps.vault.models import DataKey
from apps.vault.steps import data_key_current

VERSION = b"\x01"
_HEAD = len(VERSION) + 16


@sensitive_variables("plain")
def encrypt_value(plain: bytes, *, purpose: str, owner: UUID) -> bytes:
    """Encrypt a value. Inside the transaction that stores it.

    Args:
        plain: the value.
        purpose: which of the tenant's keys, such as "mail".
        owner: the row that it belongs to: it is readable as this row's alone.
    """
    row = data_key_current(purpose=purpose)
    return VERSION + row.pk.bytes + encrypt_bytes(_key(row), plain, associated_data=associated_data(purpose, owner))


def decrypt_value(sealed: bytes | memoryview, *, purpose: str, owner: UUID) -> bytes:
    """Read a value again.

    Args:
        sealed: what `encrypt_value` returned.
        purpose: as it was sealed for.
        owner: as it was sealed for.

    Raises:
        DecryptionError: its key was erased, or it is not what was sealed here for this row.
    """
    value = bytes(sealed)
    if value[:1] != VERSION or len(value) < _HEAD:
        raise DecryptionError("this is no sealed value")
    row = row_get(DataKey, UUID(bytes=value[1:_HEAD]))
    if row is None or row.erased_at is not None or row.purpose != purpose:
        raise DecryptionError("the key of this value was erased")
    return decrypt_bytes(_key(row), value[_HEAD:], associated_data=associated_data(purpose, owner))


def decrypt_values(sealed: Mapping[UUID, bytes | memoryview], *, purpose: str) -> dict[UUID, bytes]:
    """Read several values again: the keys of all of them are fetched at once.

    Args:
        sealed: what `encrypt_value` returned, by the row that each belongs to.
        purpose: as they were sealed for.

    Raises:
        DecryptionError: the key of one of them was erased, or it is not what was sealed here for its row.
    """
    values = {owner: bytes(value) for owner, value in sealed.items()}
    if any(value[:1] != VERSION or len(value) < _HEAD for value in values.values()):
        raise DecryptionError("this is no sealed value")
    named = {owner: UUID(bytes=value[1:_HEAD]) for owner, value in values.items()}
    rows = DataKey.objects.filter(pk__in=set(named.values()), purpose=purpose, erased_at=None) if named else ()
    keys = {row.pk: _key(row) for row in rows}
    if set(named.values()) - keys.keys():
        raise DecryptionError("the key of these values was erased")
    return {
        owner: decrypt_bytes(keys[named[owner]], value[_HEAD:], associated_data=associated_data(purpose, owner))
        for owner, value in values.items()
    }


def _key(row: DataKey) -> bytes:
    return unwrap_key(bytes(row.wrapped), row.master, associated_data=associated_data(row.purpose, row.pk))
