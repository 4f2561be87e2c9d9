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
from django.utils.translation import ngettext

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
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that a public key verifies: never HS256, for which that key would be a secret."""
LEEWAY_SECONDS: Final = 60
GROUPS_MOST: Final = 2000
"""Of how many groups of one person is read."""
NAMES: Final = ("given_name", "family_name", "name")
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
class Finding:
    """One thing that a check has found, in a sentence."""

    is_good: bool
    text: str


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
    said = _ask(_description(issuer))
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


def provider_keys(found: Discovery) -> int:
    """How many keys a provider has published with which its tokens can be verified.

    Raises:
        DomainError: ``provider_unusable``: none, or something else than keys.
    """
    try:
        keys = jwt.PyJWKSet.from_dict(_ask(found.jwks_uri)).keys
    except jwt.PyJWTError as error:
        raise _unusable(_("The provider publishes no keys by which its answers could be verified.")) from error
    return len(keys)


def provider_check(provider: OpenIDProvider) -> list[Finding]:
    """What is right and what is wrong with a provider as it is saved: its description, its keys, what it can tell.

    Raises:
        DomainError: ``provider_unusable`` where it can't be asked at all.
    """
    if not provider.issuer:
        raise _unusable(_("Enter its issuer and save first."))
    found = provider_discover(provider.issuer)
    number = provider_keys(found)
    said = _ask(_description(provider.issuer))
    findings = [
        Finding(True, _("It describes itself at %(address)s.") % {"address": _description(provider.issuer)}),
        Finding(
            number > 0,
            ngettext("It publishes %(number)d key.", "It publishes %(number)d keys.", number) % {"number": number},
        ),
    ]
    offered = _words(said, "scopes_supported", [])
    if offered and (missing := [each for each in provider.scopes.split() if each not in offered]):
        findings.append(Finding(False, _("It doesn’t offer the scopes: %(names)s.") % {"names": ", ".join(missing)}))
    claims = _words(said, "claims_supported", [])
    if provider.groups_claim and claims and provider.groups_claim not in claims:
        sentence = _("It doesn’t name “%(claim)s” among its claims: make sure that it tells it to this application.")
        findings.append(Finding(False, sentence % {"claim": provider.groups_claim}))
    if not provider.sealed:
        findings.append(Finding(False, _("There is no client secret yet.")))
    return findings


def _description(issuer: str) -> str:
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def provider_discovery(issuer: str) -> Discovery:
    """As `provider_discover`, remembered for ten minutes."""
    key = discovery_key(issuer)
    found = cache.get(key)
    if found is None:
        found = provider_discover(issuer).__dict__
        cache.set(key, found, KEPT_SECONDS)
    return Discovery(**found)


def discovery_key(issuer: str) -> str:
    """Under which word of the cache it is remembered."""
    return "openid:" + sha256(issuer.encode()).hexdigest()


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
        "scope": provider.scopes,
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
    groups = [provider.groups_claim] if provider.groups_claim else []
    wanting = not {"email", *groups} <= claims.keys()
    if wanting and found.userinfo_endpoint and tokens.get("access_token"):
        more = _ask(found.userinfo_endpoint, headers={"Authorization": f"Bearer {tokens['access_token']}"})
        if more.get("sub") == claims["sub"]:
            # An email and whether it is verified come from one place: the one's word says nothing of the other's.
            emails = () if "email" in claims else ("email", "email_verified", "xms_edov")
            claims |= {name: more.get(name) for name in (*emails, *NAMES, *groups) if name in more or name in emails}
    return claims


def verified_email(claims: dict[str, Any]) -> str:
    """The email of which a provider says that it is theirs; empty where it does not say so.

    ``email_verified`` is the standard's word (Core 1.0, 5.1), ``xms_edov`` that of Entra ID, which has no other.
    """
    email = claims.get("email")
    is_verified = claims.get("email_verified") is True or claims.get("xms_edov") in (True, "1")
    return email.strip() if isinstance(email, str) and is_verified else ""


def groups_said(provider: OpenIDProvider, claims: dict[str, Any]) -> frozenset[str] | None:
    """In which groups the provider says that somebody is; None where it says nothing that can be relied on.

    A claim that is missing is none: most providers leave it out for who is in no group. Entra ID leaves it out for who
    is in more than 200, and says so in ``_claim_names`` or ``hasgroups``.
    """
    elsewhere = claims.get("_claim_names")
    is_elsewhere = isinstance(elsewhere, dict) and provider.groups_claim in elsewhere
    if not provider.groups_claim or is_elsewhere or claims.get("hasgroups"):
        return None
    said = claims.get(provider.groups_claim) or []
    several = said if isinstance(said, list) else [said]
    return frozenset(each.strip() for each in several[:GROUPS_MOST] if isinstance(each, str))


def factor_said(provider: OpenIDProvider, claims: dict[str, Any]) -> bool:
    """Whether somebody has proven a second factor there, by a value that the tenant counts as one (RFC 8176)."""
    methods = claims.get("amr")
    said = {each for each in methods if isinstance(each, str)} if isinstance(methods, list) else set()
    if isinstance(claims.get("acr"), str):
        said.add(claims["acr"])
    return not said.isdisjoint(provider.second_factor_values.split())


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


def _unusable(reason: str) -> DomainError:
    message = _("The sign-in provider can’t be used. %(reason)s") % {"reason": reason}
    return DomainError(Refusal.PROVIDER_UNUSABLE, message)


def _bad_token() -> DomainError:
    return DomainError(Refusal.SIGN_IN_REFUSED, _("The provider’s answer could not be verified. Please try again."))
