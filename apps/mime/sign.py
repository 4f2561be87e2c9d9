"""Signing (DKIM, RFC 6376): a domain says that a mail is its own.

Libraries write the moment of signing into the signature; ours holds nothing but the mail, so that each attempt is the
same bytes (EML-10).
"""

import base64
import hashlib
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

KEY_BITS = 2048
"""What every verifier has to take, and what DNS answers hold (RFC 8301, 3.2)."""
SIGNED = (
    *("from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "content-transfer-encoding"),
    *("auto-submitted", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
"""What of the head is signed where it is there (RFC 6376, 5.4.1)."""
GUARDED = ("from", "to", "cc", "reply-to", "subject", "date")
"""Signed once more than they are there: none can be added (RFC 6376, 8.15)."""
_SPACES = re.compile(rb"[ \t]+")
_TXT = 255
"""Bytes of one string of a TXT record (RFC 1035, 3.3.14)."""


def key_make() -> tuple[bytes, str]:
    """A new pair of keys.

    Returns:
        The private one (PKCS #8, DER), and the public one as it stands in the DNS: base64.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    encoding = serialization.Encoding.DER
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, base64.b64encode(public).decode()


def dns_record(public: str) -> str:
    """The TXT record of a public key as zone files hold it: in strings of 255 bytes (RFC 6376, 3.6.1).

    Args:
        public: as `key_make` returns it.
    """
    text = f"v=DKIM1; k=rsa; p={public}"
    return " ".join(f'"{text[at : at + _TXT]}"' for at in range(0, len(text), _TXT))


def sign_mail(raw: bytes, *, domain: str, selector: str, private: bytes) -> bytes:
    """A mail with a signature in front of it; the same one each time (rsa-sha256, relaxed/relaxed).

    Args:
        raw: the mail, its lines ended by CRLF.
        domain: whose it is, in ASCII: that of its sender.
        selector: under which of the domain's names the public key stands.
        private: as `key_make` returns it.
    """
    head, _blank, body = raw.partition(b"\r\n\r\n")
    fields = _fields(head + b"\r\n")
    names = [name for name in SIGNED if name in fields]
    listed = [*names, *GUARDED]
    digest = base64.b64encode(hashlib.sha256(_body(body)).digest()).decode()
    lines = [
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};",
        f" s={selector}; bh={digest};",
        *_folded(" h=", ":".join(listed), ":", ";"),
        " b=",
    ]
    unsigned = "\r\n".join(lines).encode()
    # Of a field that is there once, the second mention signs that there is no other one.
    signed = b"".join(fields[name] + b"\r\n" for name in names) + _field(unsigned)[1]
    key = serialization.load_der_private_key(private, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("DKIM keys are RSA keys here")
    signature = base64.b64encode(key.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()
    pieces = [signature[at : at + 72] for at in range(0, len(signature), 72)]
    return unsigned + "\r\n ".join(pieces).encode() + b"\r\n" + raw


def _folded(start: str, text: str, between: str, end: str) -> list[str]:
    lines, line = [], start
    for word in text.split(between):
        if len(line) + len(word) > 72:
            lines.append(line)
            line = " "
        line += word + between
    return [*lines, line.removesuffix(between) + end]


def _fields(head: bytes) -> dict[str, bytes]:
    """The fields of a head by name, canonical. Our own mails have each once."""
    return dict(_field(each) for each in re.split(rb"\r\n(?![ \t])", head) if each)


def _field(written: bytes) -> tuple[str, bytes]:
    """A field's name, and the field as it is signed (RFC 6376, 3.4.2), without the end of its line."""
    name, _colon, value = written.partition(b":")
    key = name.strip().lower()
    return key.decode("ascii"), key + b":" + _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip()


def _body(body: bytes) -> bytes:
    """A body as it is signed (RFC 6376, 3.4.4)."""
    lines = [_SPACES.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)
