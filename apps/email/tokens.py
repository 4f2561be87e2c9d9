"""What our mails carry so that an answer finds its conversation again (EML-3): an address of its own, and a tag.

The address is the channel's with a token behind a plus sign: signed, so that nobody can make one up. The tag stands in
the subject for people to see; it is short and can be guessed, so it lets nobody in by itself.
"""

import base64
import re
import secrets
from uuid import UUID

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "parley.email.reply"
MAC_BYTES = 8
TOKEN_LENGTH = 39
_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_TAG = re.compile(r"\[#([A-HJKMNP-TV-Z2-9]{4})-([A-HJKMNP-TV-Z2-9]{4})\]", re.IGNORECASE)


def reply_address(address: str, conversation_id: UUID) -> str:
    """Where answers to a conversation's mails go.

    Args:
        address: the channel's.
        conversation_id: it.
    """
    local, _at, domain = address.rpartition("@")
    return f"{local}+{_token(conversation_id)}@{domain}"


def conversation_at(address: str) -> UUID | None:
    """The conversation whose answers go to an address, if it is one of ours, of this tenant, and genuine.

    Args:
        address: any; mail servers may have changed its letters' case.
    """
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        # Base32 in groups of eight letters: 24 bytes are 39, and a sign that nothing is missing.
        read = base64.b32decode(token + "=")
    except ValueError:
        return None
    conversation_id = UUID(bytes=read[:16])
    return conversation_id if constant_time_compare(_mac(conversation_id), read[16:]) else None


def _token(conversation_id: UUID) -> str:
    return base64.b32encode(conversation_id.bytes + _mac(conversation_id)).decode().rstrip("=").lower()


def _mac(conversation_id: UUID) -> bytes:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return salted_hmac(SALT, f"{schema}/{conversation_id}", algorithm="sha256").digest()[:MAC_BYTES]


def reference_new() -> str:
    """A reference by which customers and agents name a conversation, such as ``K7QX-2M4P``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def tag_of(reference: str) -> str:
    """A reference as it stands in a subject."""
    return f"[#{reference}]"


def references_in(subject: str) -> list[str]:
    """The references whose tags stand in a subject, at most three."""
    return [f"{first}-{second}".upper() for first, second in _TAG.findall(subject)][:3]
