"""Proof of who a site's customer is: a token that the company's own server has signed (CHAT-12).

A token is a JSON Web Token, HS256, signed with a secret of the widget. The secret is derived from the row of its key
and the installation's own key: it stands in no table, and in no page but the one that shows it once.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from apps.chat.choices import Refusal
from apps.chat.models import IdentityKey
from apps.chat.text import clean_email, clean_line, clean_name
from apps.core.errors import DomainError

SALT = "parley.chat.identity"
ALGORITHM = "HS256"
LONGEST = timedelta(hours=24)
"""How far ahead a token may expire: one that leaked is of no use for longer."""
SKEW = timedelta(seconds=60)
"""How far the clock of the company's server may be off."""
TOKEN_LENGTH = 4096
SUBJECT_LENGTH = 120

MALFORMED, ALGORITHM_REFUSED, NO_SECRET = "malformed", "algorithm", "no_secret"
SIGNATURE, REPLACED = "signature", "replaced"
NO_EXPIRY, EXPIRED, TOO_LONG, NOT_YET = "no_expiry", "expired", "too_long", "not_yet"
SUBJECT, EMAIL = "subject", "email"


@dataclass(frozen=True)
class Identity:
    """Who the company says that a customer is.

    Attributes:
        external_id: their key in the company's own system.
        name: empty when the token has none.
        email: empty when the token has none.
    """

    external_id: str
    name: str = ""
    email: str = ""


def secret_of(key: IdentityKey) -> str:
    """The secret that stands for a key: 256 bits, as text that can be copied."""
    return _secret(key.pk, settings.SECRET_KEY)


def _secret(key_id: UUID, master: str) -> str:
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    digest = salted_hmac(SALT, f"{schema}|{key_id.hex}", secret=master, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def identity_read(token: str, *, channel: UUID) -> Identity:
    """What a token says, if the company has signed it for this widget.

    Args:
        token: whatever the browser sent.
        channel: the widget.

    Raises:
        DomainError: ``identity_refused``, with a ``reason`` for whoever builds the site: ``malformed``, ``algorithm``
            (only HS256 is taken), ``no_secret`` (the widget has none), ``signature``, ``replaced`` (signed with a
            secret that is not good any more), ``no_expiry``, ``expired``, ``too_long`` (good for more than a day),
            ``not_yet``, ``subject`` (without ``sub``) or ``email``.
    """
    if len(token) > TOKEN_LENGTH:
        raise _refused(MALFORMED)
    _check_header(token)
    claims = _claims(token, channel)
    _check_times(claims)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(clean_line(subject, SUBJECT_LENGTH + 1)) <= SUBJECT_LENGTH:
        raise _refused(SUBJECT)
    return Identity(clean_line(subject, SUBJECT_LENGTH), clean_name(_text(claims, "name")), _email(claims))


def _check_header(token: str) -> None:
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise _refused(MALFORMED) from error
    # Before any key is looked at: neither "none" nor another algorithm is ever tried.
    if header.get("alg") != ALGORITHM:
        raise _refused(ALGORITHM_REFUSED)


def _claims(token: str, channel: UUID) -> dict[str, Any]:
    """The claims, once a key of the widget has been found that signed them."""
    keys = list(IdentityKey.objects.filter(channel=channel))
    if not keys:
        raise _refused(NO_SECRET)
    masters = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    for key, master in ((key, master) for key in keys for master in masters):
        try:
            claims = jwt.decode(token, _secret(key.pk, master), algorithms=[ALGORITHM], options=ONLY_SIGNATURE)
        except jwt.InvalidSignatureError:
            continue
        except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
            raise _refused(MALFORMED) from error
        if key.ends_at is not None and key.ends_at <= timezone.now():
            raise _refused(REPLACED)
        return dict(claims)
    raise _refused(SIGNATURE)


# The times are checked by ourselves: each refusal has its own reason, and the longest life is no rule of the library's.
ONLY_SIGNATURE: Any = {
    "verify_signature": True,
    **dict.fromkeys(
        ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub", "verify_jti"), False
    ),
}


def _check_times(claims: dict[str, Any]) -> None:
    now = timezone.now()
    if "exp" not in claims:
        raise _refused(NO_EXPIRY)
    expires = _time(claims, "exp")
    if expires + SKEW <= now:
        raise _refused(EXPIRED)
    if expires > now + LONGEST + SKEW:
        raise _refused(TOO_LONG)
    for name in ("nbf", "iat"):
        if name in claims and _time(claims, name) > now + SKEW:
            raise _refused(NOT_YET)


def _time(claims: dict[str, Any], name: str) -> datetime:
    value = claims[name]
    # A bool is an int to Python, and no time to anybody.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refused(MALFORMED)
    try:
        return datetime.fromtimestamp(value, tz=timezone.get_default_timezone())
    except (OverflowError, ValueError, OSError) as error:
        raise _refused(TOO_LONG if value > 0 else EXPIRED) from error


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _email(claims: dict[str, Any]) -> str:
    try:
        return clean_email(_text(claims, "email"))
    except DomainError as error:
        raise _refused(EMAIL) from error


def _refused(reason: str) -> DomainError:
    return DomainError(Refusal.IDENTITY_REFUSED, _("Your sign-in could not be confirmed."), reason=reason)


def token_sign(key: IdentityKey, **claims: Any) -> str:
    """A token as the company's own server would make it; the demo site has no other server."""
    return jwt.encode(claims, secret_of(key), algorithm=ALGORITHM)


def keys_now(channel: UUID) -> Any:
    """The keys of a widget whose signatures are taken now, the current one first."""
    good = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    return IdentityKey.objects.filter(good, channel=channel).order_by("-created_at")
