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

from apps.mime.compose import domain_ascii

SALT = "parley.email.reply"
BOUNCE_SALT = "parley.email.bounce"
ID_SALT = "parley.email.id"
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
    return _with_token(address, conversation_id, SALT)


def reply_conversation_id(address: str) -> UUID | None:
    """The conversation whose answers go to an address, if it is one of ours, of this tenant, and genuine.

    Args:
        address: any; mail servers may have changed its letters' case.
    """
    return _read(address, SALT)


def mail_id_for(key: UUID, domain: str) -> str:
    """The Message-ID of a mail of ours, which nobody knows who has not had the mail.

    Args:
        key: of its row.
        domain: of the channel's address.
    """
    token = base64.b32encode(_mac(key, ID_SALT)).decode().rstrip("=").lower()
    return f"{key.hex}.{token}@{domain_ascii(domain)}"


def bounce_address(address: str, outbound_id: UUID) -> str:
    """Where reports about one mail of ours go: by it, it is known again, whatever the report says.

    Args:
        address: the channel's.
        outbound_id: the mail's row.
    """
    return _with_token(address, outbound_id, BOUNCE_SALT)


def bounce_outbound_id(address: str) -> UUID | None:
    """The mail of ours whose reports go to an address, if it is one of ours, of this tenant, and genuine."""
    return _read(address, BOUNCE_SALT)


def _with_token(address: str, key: UUID, salt: str) -> str:
    local, _at, domain = address.rpartition("@")
    token = base64.b32encode(key.bytes + _mac(key, salt)).decode().rstrip("=").lower()
    return f"{local}+{token}@{domain}"


def _read(address: str, salt: str) -> UUID | None:
    token = address.rpartition("@")[0].rpartition("+")[2].upper()
    if len(token) != TOKEN_LENGTH:
        return None
    try:
        # Base32 in groups of eight letters: 24 bytes are 39, and a sign that nothing is missing.
        read = base64.b32decode(token + "=")
    except ValueError:
        return None
    key = UUID(bytes=read[:16])
    return key if constant_time_compare(_mac(key, salt), read[16:]) else None


def _mac(key: UUID, salt: str) -> bytes:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    return salted_hmac(salt, f"{schema}/{key}", algorithm="sha256").digest()[:MAC_BYTES]


def reference_new() -> str:
    """A reference by which customers and agents name a conversation, such as ``K7QX-2M4P``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def subject_tag(reference: str) -> str:
    """A reference as it stands in a subject."""
    return f"[#{reference}]"


def subject_references(subject: str) -> list[str]:
    """The references whose tags stand in a subject, at most three."""
    return [f"{first}-{second}".upper() for first, second in _TAG.findall(subject)][:3]
