"""The installation's keys that sign the heads of the chains; they stand in no database.

`AUDIT_KEYS` names them, the newest first: that one signs, all of them verify.
"""

import base64
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


def _private_keys() -> list[Ed25519PrivateKey]:
    texts = [text + "=" * (-len(text) % 4) for text in settings.AUDIT_KEYS]
    return [Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(text)) for text in texts]


def public_keys() -> list[str]:
    """All public keys in hexadecimal, that of the one which signs first."""
    return [key.public_key().public_bytes_raw().hex() for key in _private_keys()]


def statement(schema: str, seq: int, digest: bytes, at: datetime) -> bytes:
    """What is signed: of which schema, how many entries, the hash of the last one, and when.

    Args:
        schema: the tenant's; "public" for the operators'.
        seq: the number of the last entry.
        digest: its hash.
        at: when, aware.
    """
    microseconds = round(at.timestamp() * 1_000_000)
    return f"parley.audit\n{schema}\n{seq}\n{digest.hex()}\n{microseconds}".encode()


def sign(message: bytes) -> tuple[str, bytes]:
    """Sign with the newest key.

    Returns:
        Its public key in hexadecimal, and the signature.
    """
    return public_keys()[0], _private_keys()[0].sign(message)


def is_signed(message: bytes, public_key: str, signature: bytes) -> bool:
    """Whether this is the signature of a message, by this key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
