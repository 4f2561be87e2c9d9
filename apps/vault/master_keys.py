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


class DecryptionError(Exception):
    """A value can't be decrypted: its key was erased, is not there, or it was tampered with."""


@dataclass(frozen=True)
class MasterKey:
    """A master key.

    Attributes:
        key: its bytes.
    """

    key: bytes

    @property
    def fingerprint(self) -> str:
        """By which a wrapped key names it; says nothing about it."""
        return hashlib.sha256(b"parley.vault" + self.key).hexdigest()[:16]


def master_keys() -> list[MasterKey]:
    """All that there are, the one that encrypts first."""
    return [MasterKey(_key(text)) for text in settings.VAULT_KEYS]


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


def wrap_key(key: bytes, *, associated_data: bytes) -> tuple[bytes, str]:
    """Encrypt a tenant's key under the newest master key.

    Args:
        key: its bytes.
        associated_data: what else must be the same when it is unwrapped.

    Returns:
        What to store, and the master key's fingerprint.
    """
    master = master_keys()[0]
    return encrypt_bytes(master.key, key, associated_data=associated_data), master.fingerprint


def unwrap_key(wrapped: bytes, fingerprint: str, *, associated_data: bytes) -> bytes:
    """The tenant's key again.

    Raises:
        DecryptionError: the master key is not among `VAULT_KEYS`, or this is no key of this place.
    """
    master = next((each for each in master_keys() if each.fingerprint == fingerprint), None)
    if master is None:
        raise DecryptionError(f"VAULT_KEYS has no key with the fingerprint {fingerprint}")
    return decrypt_bytes(master.key, wrapped, associated_data=associated_data)


def encrypt_bytes(key: bytes, plain: bytes, *, associated_data: bytes) -> bytes:
    """Encrypt with AES-256-GCM under a nonce made by chance, which stands in front."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, associated_data)


def decrypt_bytes(key: bytes, sealed: bytes, *, associated_data: bytes) -> bytes:
    """Decrypt what `encrypt_bytes` has made.

    Raises:
        DecryptionError: another key, another place, or tampered with.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated_data)
    except (InvalidTag, ValueError) as error:
        raise DecryptionError("this was not encrypted with this key, for this place") from error


def associated_data(purpose: str, owner: UUID) -> bytes:
    """The place of a value, or of a key, of the current tenant: rows stolen or swapped are of no use elsewhere.

    Args:
        purpose: what is encrypted.
        owner: the row that it belongs to.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return f"{schema}/{purpose}/{owner}".encode()
