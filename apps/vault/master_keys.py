"""The installation's master keys: they encrypt the tenants' keys, and stand in no database.

`VAULT_KEYS` names them, the newest first: that one encrypts, all of them decrypt.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection

KEY_BYTES = 32
NONCE_BYTES = 12


class Unreadable(Exception):  # noqa: N818 - what it says of a value, not of a program
    """A value can't be decrypted: its key was erased, is not there, or it was tampered with."""


@dataclass(frozen=True)
class Master:
    """A master key.

    Attributes:
        key: its bytes.
    """

    key: bytes

    @property
    def fingerprint(self) -> str:
        """By which a wrapped key names it; says nothing about it."""
        return hashlib.sha256(b"parley.vault" + self.key).hexdigest()[:16]


def masters() -> list[Master]:
    """All that there are, the one that encrypts first."""
    return [Master(_key(text)) for text in settings.VAULT_KEYS]


def _key(text: str) -> bytes:
    """Read one of `VAULT_KEYS`.

    Raises:
        ValueError: it is not 32 bytes in base64.
    """
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("a vault key is 32 bytes in URL-safe base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError("a vault key is 32 bytes in URL-safe base64")
    return key


def wrap(key: bytes, *, place: bytes) -> tuple[bytes, str]:
    """Encrypt a tenant's key under the newest master key.

    Args:
        key: its bytes.
        place: what else must be the same when it is unwrapped.

    Returns:
        What to store, and the master key's fingerprint.
    """
    master = masters()[0]
    return lock(master.key, key, place=place), master.fingerprint


def unwrap(wrapped: bytes, fingerprint: str, *, place: bytes) -> bytes:
    """The tenant's key again.

    Raises:
        Unreadable: the master key is not among `VAULT_KEYS`, or this is no key of this place.
    """
    master = next((each for each in masters() if each.fingerprint == fingerprint), None)
    if master is None:
        raise Unreadable(f"VAULT_KEYS has no key with the fingerprint {fingerprint}")
    return unlock(master.key, wrapped, place=place)


def lock(key: bytes, plain: bytes, *, place: bytes) -> bytes:
    """Encrypt with AES-256-GCM under a nonce made by chance, which stands in front."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place)


def unlock(key: bytes, sealed: bytes, *, place: bytes) -> bytes:
    """Decrypt what `lock` has made.

    Raises:
        Unreadable: another key, another place, or tampered with.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError) as error:
        raise Unreadable("this was not encrypted with this key, for this place") from error


def bound_to(purpose: str, owner: UUID) -> bytes:
    """The place of a value, or of a key, of the current tenant: rows stolen or swapped are of no use elsewhere.

    Args:
        purpose: what is encrypted.
        owner: the row that it belongs to.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return f"{schema}/{purpose}/{owner}".encode()
