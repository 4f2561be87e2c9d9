"""What a token must be by which a company says who its customer is (CHAT-12)."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.chat.actions import identity_key_make, identity_keys_revoke
from apps.chat.identity import Identity, identity_read, secret_of, token_sign
from apps.chat.models import IdentityKey, Visitor, WidgetChannel
from apps.contacts.models import Contact
from apps.core.errors import DomainError
from tests.support.widget import channel

pytestmark = pytest.mark.django_db


def good(**claims: Any) -> dict[str, Any]:
    return {"sub": "customer-7", "exp": int(time.time()) + 300, **claims}


def reason(token: str, of: WidgetChannel | None = None) -> str:
    with pytest.raises(DomainError) as refused:
        identity_read(token, channel=(of or channel()).pk)
    assert refused.value.code == "identity_refused"
    return str(refused.value.extra["reason"])


@pytest.fixture
def secret(acme: Any) -> str:
    return identity_key_make(channel=channel(), keep=timedelta())


def by_hand(header: Any, claims: Any, secret: str = "") -> str:
    """A token that no library would make."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest() if secret else b""
    return ".".join([*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


# --- The token


def test_a_good_token(secret: str) -> None:
    token = jwt.encode(good(name="  Ana\u202e Ruiz ", email="ANA@example.test"), secret, algorithm="HS256")
    assert identity_read(token, channel=channel().pk) == Identity("customer-7", "Ana Ruiz", "ana@example.test")


def test_claims_of_others_are_no_hindrance(secret: str) -> None:
    token = jwt.encode(good(aud="somebody", iss="else", jti="1", iat=int(time.time())), secret, algorithm="HS256")
    assert identity_read(token, channel=channel().pk) == Identity("customer-7")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "é.é.é", "." * 50, "x" * 5000, "\x00.\x00.\x00"])
def test_what_is_no_token(secret: str, token: str) -> None:
    assert reason(token) == "malformed"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256", "hs256", "", None, 5])
def test_no_other_algorithm(secret: str, alg: Any) -> None:
    """None at all, a stronger one with the right secret, a public key's: refused before any key is looked at."""
    assert reason(by_hand({"alg": alg, "typ": "JWT"}, good(), secret)) in {"algorithm", "malformed"}
    assert reason(by_hand({"alg": alg}, good())) in {"algorithm", "malformed"}
    assert reason(by_hand({"typ": "JWT"}, good(), secret)) in {"algorithm", "malformed"}


def test_none_is_named(secret: str) -> None:
    assert reason(by_hand({"alg": "none"}, good())) == "algorithm"
    assert reason(jwt.encode(good(), secret, algorithm="HS512")) == "algorithm"


def test_without_a_secret_nothing_is_taken(acme: Any) -> None:
    assert reason(jwt.encode(good(), "x" * 43, algorithm="HS256")) == "no_secret"


def test_the_signature_counts(secret: str) -> None:
    header, claims, signature = jwt.encode(good(), secret, algorithm="HS256").split(".")
    other = jwt.encode(good(sub="somebody-else"), secret, algorithm="HS256").split(".")[1]
    assert reason(f"{header}.{other}.{signature}") == "signature"
    assert reason(f"{header}.{claims}.") == "signature"
    assert reason(jwt.encode(good(), "x" * 43, algorithm="HS256")) == "signature"
    assert reason(jwt.encode(good(), settings.SECRET_KEY, algorithm="HS256")) == "signature"


def test_another_widgets_secret(secret: str) -> None:
    second = WidgetChannel.objects.create(name="Second", queue=channel().queue)
    token = jwt.encode(good(), secret, algorithm="HS256")
    assert reason(token, second) == "no_secret"
    identity_key_make(channel=second, keep=timedelta())
    assert reason(token, second) == "signature"


def test_another_tenants_secret(acme: Any, globex: Any) -> None:
    """TEN-1: even of a key with the same id."""
    key = IdentityKey.objects.create(channel=channel())
    token = token_sign(key, **good())
    with tenant_context(globex):
        theirs = IdentityKey.objects.create(pk=key.pk, channel=channel())
        assert secret_of(theirs) not in token
        assert reason(token) == "signature"


def test_times(secret: str) -> None:
    now = int(time.time())

    def signed(**claims: Any) -> str:
        return jwt.encode({"sub": "1", **claims}, secret, algorithm="HS256")

    assert reason(signed()) == "no_expiry"
    assert reason(signed(exp=now - 61)) == "expired"
    assert identity_read(signed(exp=now - 50), channel=channel().pk).external_id == "1"
    assert identity_read(signed(exp=now + 24 * 3600), channel=channel().pk).external_id == "1"
    assert reason(signed(exp=now + 24 * 3600 + 120)) == "too_long"
    assert reason(signed(exp=1e300)) == "too_long"
    assert reason(signed(exp=-1e300)) == "expired"
    assert reason(signed(exp=now + 300, nbf=now + 120)) == "not_yet"
    assert reason(signed(exp=now + 300, iat=now + 120)) == "not_yet"
    for odd in ("soon", True, None, [], {}):
        assert reason(by_hand({"alg": "HS256"}, good(exp=odd), secret)) == "malformed"


@pytest.mark.parametrize("sub", [None, 5, "", "   ", "\u202e", "x" * 121, ["a"]])
def test_whose_it_is_must_be_said(secret: str, sub: Any) -> None:
    assert reason(by_hand({"alg": "HS256"}, good(sub=sub), secret)) == "subject"


def test_an_address_that_is_none(secret: str) -> None:
    assert reason(jwt.encode(good(email="nobody"), secret, algorithm="HS256")) == "email"


def test_claims_that_are_no_object(secret: str) -> None:
    assert reason(by_hand({"alg": "HS256"}, ["sub"], secret)) == "malformed"
    assert reason(by_hand(["alg"], good(), secret)) == "malformed"


# --- Another secret


def test_a_replaced_secret_is_good_for_a_while(secret: str) -> None:
    newer = identity_key_make(channel=channel(), keep=timedelta(hours=24))
    assert newer != secret
    for each in (secret, newer):
        assert identity_read(jwt.encode(good(), each, algorithm="HS256"), channel=channel().pk)
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        assert reason(jwt.encode(good(), secret, algorithm="HS256")) == "replaced"
        assert identity_read(jwt.encode(good(), newer, algorithm="HS256"), channel=channel().pk)


def test_secrets_are_revoked_at_once(secret: str) -> None:
    second = identity_key_make(channel=channel(), keep=timedelta(hours=24))
    third = identity_key_make(channel=channel(), keep=timedelta())
    for old in (secret, second):
        assert reason(jwt.encode(good(), old, algorithm="HS256")) == "replaced"
    assert identity_read(jwt.encode(good(), third, algorithm="HS256"), channel=channel().pk)
    identity_keys_revoke(channel=channel())
    assert reason(jwt.encode(good(), third, algorithm="HS256")) == "replaced"


def test_the_installations_key_may_change(secret: str, settings: Any) -> None:
    token = jwt.encode(good(), secret, algorithm="HS256")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert identity_read(token, channel=channel().pk).external_id == "customer-7"


def test_no_table_holds_a_secret(secret: str) -> None:
    assert secret not in str(list(IdentityKey.objects.values()))
    assert len(base64.urlsafe_b64decode(secret + "=")) == 32


def test_a_token_that_is_refused_leaves_nothing(secret: str) -> None:
    assert reason(jwt.encode(good(), "x" * 43, algorithm="HS256")) == "signature"
    assert (Contact.objects.count(), Visitor.objects.count()) == (0, 0)
