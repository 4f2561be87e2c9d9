"""What is said to and by an OpenID Connect provider: the code flow with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote_plus, urlencode
from uuid import UUID

import jwt
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.translation import gettext as _

from apps.accounts.choices import Refusal
from apps.accounts.models import OpenIDProvider
from apps.core.errors import DomainError
from apps.core.outbound import OutboundError, json_fetch
from apps.vault.encryption import decrypt_value
from apps.vault.master_keys import DecryptionError

PURPOSE: Final = "openid"
"""Under which of the tenant's keys the client's secret is encrypted."""
OWNER: Final = UUID(int=1)
"""Whose it is: the settings' one row has a number and no UUID."""
SCOPES: Final = "openid email profile"
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that a public key verifies: never HS256, for which that key would be a secret."""
LEEWAY_SECONDS: Final = 60
KEPT_SECONDS: Final = 600
"""How long what a provider says of itself is remembered: a stranger's clicks make no requests."""


@dataclass(frozen=True)
class Discovery:
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    posts_secret: bool


@dataclass(frozen=True)
class Attempt:
    """What a sign-in remembers until the provider sends the browser back."""

    state: str
    nonce: str
    verifier: str
    wanted: str

    @classmethod
    def new(cls, wanted: str) -> "Attempt":
        """One that nobody can guess, to a page of this host."""
        return cls(get_random_string(43), get_random_string(43), get_random_string(64), wanted)


def provider_discover(issuer: str) -> Discovery:
    """Ask a provider where its pages are.

    Args:
        issuer: its address, as it names itself.

    Raises:
        DomainError: ``provider_unusable``, with what is wrong.
    """
    said = _ask(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        message = _("The provider calls itself %(name)s: enter the issuer exactly so.")
        raise _unusable(message % {"name": str(said.get("issuer", ""))[:200]})
    if "code" not in _words(said, "response_types_supported", []):
        raise _unusable(_("The provider doesn’t offer the authorization code flow."))
    addresses = {name: said.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    if missing := [name for name, address in addresses.items() if not isinstance(address, str) or not address]:
        raise _unusable(_("The provider doesn’t say its %(names)s.") % {"names": ", ".join(missing)})
    start = issuer.partition("://")[0] + "://"
    if start == "https://" and not all(str(address).startswith(start) for address in addresses.values()):
        raise _unusable(_("The provider names an address that does not begin with https://."))
    ways = _words(said, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Discovery(
        issuer=issuer,
        **{name: str(address) for name, address in addresses.items()},
        userinfo_endpoint=str(said.get("userinfo_endpoint") or ""),
        posts_secret="client_secret_basic" not in ways,
    )


def provider_discovery(issuer: str) -> Discovery:
    """As `provider_discover`, remembered for ten minutes."""
    key = "openid:" + sha256(issuer.encode()).hexdigest()
    found = cache.get(key)
    if found is None:
        found = provider_discover(issuer).__dict__
        cache.set(key, found, KEPT_SECONDS)
    return Discovery(**found)


def authorization_address(provider: OpenIDProvider, attempt: Attempt, back: str) -> str:
    """Where the browser is sent to.

    Args:
        provider: the tenant's.
        attempt: just begun.
        back: where the provider sends the browser afterwards; registered there.

    Raises:
        DomainError: ``provider_unusable``.
    """
    address = provider_discovery(provider.issuer).authorization_endpoint
    digest = base64.urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    words = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": SCOPES,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": digest,
        "code_challenge_method": "S256",
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(words)}"


def code_redeem(provider: OpenIDProvider, attempt: Attempt, code: str, back: str) -> dict[str, Any]:
    """What the provider says of somebody, checked: signature, issuer, audience, time and nonce (Core 1.0, 3.1.3.7).

    Raises:
        DomainError: ``provider_unusable``; ``sign_in_refused`` when its word is not good.
    """
    found = provider_discovery(provider.issuer)
    tokens = _tokens(provider, found, attempt, code, back)
    claims = _claims(found, str(tokens.get("id_token", "")), provider.client_id)
    if not constant_time_compare(str(claims.get("nonce", "")), attempt.nonce):
        raise _bad_token()
    if "email" not in claims and found.userinfo_endpoint and tokens.get("access_token"):
        more = _ask(found.userinfo_endpoint, headers={"Authorization": f"Bearer {tokens['access_token']}"})
        if more.get("sub") == claims["sub"]:
            claims |= {name: more.get(name) for name in ("email", "email_verified")}
    return claims


def _tokens(provider: OpenIDProvider, found: Discovery, attempt: Attempt, code: str, back: str) -> dict[str, Any]:
    words = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": attempt.verifier,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    secret = _secret(provider)
    if found.posts_secret:
        words |= {"client_id": provider.client_id, "client_secret": secret}
    else:
        pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"  # RFC 6749, 2.3.1
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return _ask(found.token_endpoint, body=urlencode(words).encode(), headers=headers)


def _claims(found: Discovery, token: str, client_id: str) -> dict[str, Any]:
    keys = _ask(found.jwks_uri)
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in jwt.PyJWKSet.from_dict(keys).keys if wanted is None or key.key_id == wanted]
        if len(fitting) != 1:
            raise _bad_token()
        claims: dict[str, Any] = jwt.decode(
            token,
            fitting[0],
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=found.issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
    except jwt.PyJWTError as error:
        raise _bad_token() from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise _bad_token()
    return claims


def _secret(provider: OpenIDProvider) -> str:
    try:
        return decrypt_value(provider.sealed or b"", purpose=PURPOSE, owner=OWNER).decode()
    except DecryptionError as error:
        raise _unusable(_("The client secret can’t be read any more: enter it again.")) from error


def _ask(url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        return json_fetch(url, body=body, headers=headers)
    except OutboundError as error:
        raise _unusable(str(error)) from error


def _words(said: dict[str, Any], name: str, default: list[str]) -> list[Any]:
    found = said.get(name, default)
    return found if isinstance(found, list) else default


def _unusable(message: str) -> DomainError:
    return DomainError(Refusal.PROVIDER_UNUSABLE, message)


def _bad_token() -> DomainError:
    return DomainError(Refusal.SIGN_IN_REFUSED, _("The provider’s answer could not be verified. Please try again."))
