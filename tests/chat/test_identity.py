"""Who the company says that its customer is: what a token must be, and what follows from a good one (CHAT-12)."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.chat import selectors
from apps.chat.actions import (
    Introduction,
    OpenedVisitor,
    identity_key_make,
    identity_keys_revoke,
    visitor_attributes_set,
    visitor_open,
    visitor_start,
)
from apps.chat.identity import Identity, identity_read, secret_of, token_sign
from apps.chat.models import IdentityKey, Visitor, WidgetChannel
from apps.contacts.actions import contact_block, contact_unblock
from apps.contacts.models import Contact
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def channel() -> WidgetChannel:
    return WidgetChannel.objects.select_related("queue").earliest("pk")


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


def test_or_revoked_at_once(secret: str) -> None:
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


# --- What follows

ANA = Identity("ana", "Ana Ruiz", "ana@example.test")
BEN = Identity("ben", "Ben")


def hello(token: str | None = None, identity: Identity | None = None) -> OpenedVisitor:
    return visitor_open(channel=channel(), token=token, page={}, identity=identity)


def begin(browser: OpenedVisitor, **who: Any) -> Conversation:
    WidgetChannel.objects.update(need_name=False, need_email=False)
    introduction = Introduction(**{"name": "", "email": "", "page": {}, **who})
    first = MessageDraft(client_id=uuid4(), body="Hello")
    return visitor_start(
        channel=channel(), opened=browser, start_key=uuid4(), who=introduction, first=first
    ).conversation


def sees(browser: OpenedVisitor, conversation: Conversation) -> bool:
    try:
        return selectors.conversation_of(browser.visitor_id, conversation.pk) == conversation
    except DomainError:
        return False


def test_identity_makes_a_contact_once(acme: Any) -> None:
    first, second = hello(identity=ANA), hello(identity=ANA)
    contact = Contact.objects.get()
    assert (contact.external_id, contact.name, contact.email) == ("ana", "Ana Ruiz", "ana@example.test")
    assert contact.proven_at is not None
    assert set(contact.visitors.values_list("pk", flat=True)) == {first.visitor_id, second.visitor_id}
    assert hello(first.token, ANA).visitor_id == first.visitor_id
    assert Visitor.objects.count() == 2


def test_what_the_company_says_counts_for_more_than_what_was_typed(acme: Any) -> None:
    browser = hello()
    conversation = begin(browser, name="annie", phone="+34 600 123 456")
    hello(browser.token, ANA)
    contact = Contact.objects.get()
    conversation.refresh_from_db()
    assert conversation.contact_id == contact.pk
    assert (contact.name, contact.external_id, contact.phone) == ("Ana Ruiz", "ana", "+34 600 123 456")
    again = hello(browser.token)
    begin(again, name="Somebody", email="other@example.test")
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Ana Ruiz", "ana@example.test")


def test_a_chat_that_was_begun_by_nobody_goes_to_the_known_contact(acme: Any) -> None:
    known = hello(identity=ANA)
    nobody = hello()
    conversation = begin(nobody)
    version = conversation.version
    hello(nobody.token, ANA)
    conversation.refresh_from_db()
    assert conversation.contact == Contact.objects.get()  # The one of before is not left behind.
    assert conversation.version == version + 1
    assert conversation.timeline.filter(kind="contact_changed").count() == 1
    assert sees(known, conversation)


def test_on_another_device_the_open_conversation_is_there(acme: Any) -> None:
    at_home = hello(identity=ANA)
    conversation = begin(at_home)
    on_the_way = hello(identity=ANA)
    assert selectors.visit_newest(on_the_way.visitor_id) == conversation
    assert sees(on_the_way, conversation)
    # What is written there goes into it.
    assert begin(on_the_way) == conversation


def test_others_see_nothing_of_it(acme: Any) -> None:
    """TEN-1, CHAT-12: not who is proven to be somebody else, and not who typed the address."""
    conversation = begin(hello(identity=ANA))
    ben, typed = hello(identity=BEN), hello()
    other = begin(typed, email="ana@example.test")
    assert other.contact_id != conversation.contact_id
    assert not sees(ben, conversation)
    assert not sees(typed, conversation)
    assert not sees(hello(identity=ANA), other)


def test_who_typed_an_address_does_not_take_its_contact_along(acme: Any) -> None:
    """A contact that others have written as is not theirs, whoever they prove to be."""
    victim = Contact.objects.create(name="Victim", email="victim@example.test")
    theirs = begin(hello(), email="victim@example.test")
    attacker = hello()
    mine = begin(attacker, email="victim@example.test")
    assert theirs.contact.claims == mine.contact.claims == victim
    assert len({theirs.contact, mine.contact, victim}) == 3
    hello(attacker.token, BEN)
    victim.refresh_from_db()
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (victim.external_id, victim.proven_at, victim.name) == ("", None, "Victim")
    assert (theirs.contact.claims, mine.contact.external_id, mine.contact.claims) == (victim, "ben", None)
    assert not sees(attacker, theirs)


def test_somebody_else_signs_in_at_the_same_browser(acme: Any) -> None:
    """Nothing of the first one's is left for the second."""
    ana = hello(identity=ANA)
    conversation = begin(ana)
    ben = hello(ana.token, BEN)
    assert ben.visitor_id != ana.visitor_id
    assert not sees(ben, conversation)
    assert selectors.visit_newest(ben.visitor_id) is None
    conversation.refresh_from_db()
    assert conversation.contact.external_id == "ana"


def test_a_token_that_is_refused_leaves_nothing(secret: str) -> None:
    assert reason(jwt.encode(good(), "x" * 43, algorithm="HS256")) == "signature"
    assert (Contact.objects.count(), Visitor.objects.count()) == (0, 0)


# --- Who is blocked: CON-10


def test_the_blocked_open_nothing(acme: Any) -> None:
    browser = hello()
    contact = begin(browser, email="spam@example.test").contact
    Conversation.objects.update(state="closed", ended_at=timezone.now(), closed_at=timezone.now())
    contact_block(contact_id=contact.pk, by="Sam")
    for attempt in (hello(browser.token), hello()):
        with pytest.raises(DomainError) as refused:
            begin(attempt, email="spam@example.test")
        assert refused.value.code == "not_welcome"
        assert "block" not in str(refused.value.message).lower()
    assert Conversation.objects.count() == 1
    contact_unblock(contact_id=contact.pk)
    begin(hello(browser.token))
    assert Conversation.objects.count() == 2


def test_a_blocked_identity_is_blocked_everywhere(acme: Any) -> None:
    contact_block(contact_id=hello(identity=ANA).visitor.contact_id, by="Sam")  # type: ignore[union-attr]
    with pytest.raises(DomainError, match="not_welcome"):
        begin(hello(identity=ANA))


def test_the_blocked_do_not_get_round_it_by_signing_in(acme: Any) -> None:
    browser = hello()
    contact_block(contact_id=begin(browser).contact_id, by="Sam")
    Conversation.objects.update(state="closed", ended_at=timezone.now(), closed_at=timezone.now())
    with pytest.raises(DomainError, match="not_welcome"):
        begin(hello(browser.token, BEN))


# --- What a site says of its customer


def attributes_of(browser: OpenedVisitor) -> tuple[Any, Any]:
    visitor = Visitor.objects.select_related("contact").get(pk=browser.visitor_id)
    return visitor.attributes, visitor.contact.attributes


def test_attributes_reach_contact_and_conversation(acme: Any) -> None:
    browser = hello(identity=ANA)
    conversation = begin(browser, attributes={"plan": "pro"})
    visitor_attributes_set(visitor_id=browser.visitor_id, attributes={"seats": 5, "plan": None})
    assert attributes_of(browser) == ({"seats": 5}, {"seats": 5})
    shown = selectors.browser_of(conversation)
    assert shown is not None
    assert (shown.attributes, shown.is_proven) == ({"seats": 5}, True)


def test_what_an_agent_has_written_stays(acme: Any) -> None:
    browser = hello(identity=ANA)
    Contact.objects.update(attributes={"plan": "gold"})
    visitor_attributes_set(visitor_id=browser.visitor_id, attributes={"plan": "free", "vip": True})
    assert attributes_of(browser) == ({"plan": "free", "vip": True}, {"plan": "gold", "vip": True})


def test_who_only_typed_an_address_changes_no_contact(acme: Any) -> None:
    first, stranger = hello(), hello()
    begin(first, email="shared@example.test")
    begin(stranger, email="shared@example.test", attributes={"vip": True})
    assert attributes_of(stranger) == ({"vip": True}, {"vip": True})
    assert attributes_of(first) == ({}, {})


def test_an_external_id_that_an_agent_wrote_down_draws_nobody_to_it(acme: Any) -> None:
    """CHAT-12, CON-5: else the first visit of whom the company vouches for would be theirs to read."""
    written = Contact.objects.create(name="Written", external_id="ana")
    proven = begin(hello(identity=ANA)).contact
    written.refresh_from_db()
    assert (proven == written, proven.external_id, written.external_id) == (False, "ana", "")
    line = written.changes.get()
    assert (line.before, line.after, line.kind) == ({"external_id": "ana"}, {"external_id": ""}, "vouched")


def test_an_external_id_that_was_written_at_ones_own_contact_is_found_there(acme: Any) -> None:
    browser = hello()
    mine = begin(browser).contact
    Contact.objects.filter(pk=mine.pk).update(external_id="ana")
    hello(browser.token, ANA)
    assert Contact.objects.get() == mine


def test_the_address_that_the_company_vouches_for_is_proven(acme: Any) -> None:
    hello(identity=ANA)
    assert contact_by_proven_email("ana@example.test") == Contact.objects.get()


def test_there_is_an_end_to_attributes(acme: Any) -> None:
    browser = hello(identity=ANA)
    visitor_attributes_set(visitor_id=browser.visitor_id, attributes={f"a{n}": n for n in range(20)})
    visitor_attributes_set(visitor_id=browser.visitor_id, attributes={f"b{n}": n for n in range(20)})
    mine, contacts = attributes_of(browser)
    assert mine == contacts == {f"a{n}": n for n in range(20)}
