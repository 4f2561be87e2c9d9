"""What follows from a good token: whose conversations one sees, who is blocked, what a site says (CHAT-12, CON-10)."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.chat import selectors
from apps.chat.actions import Introduction, OpenedVisitor, visitor_attributes_set, visitor_open, visitor_start
from apps.chat.identity import Identity
from apps.chat.models import Visitor, WidgetChannel
from apps.contacts.actions import contact_block, contact_unblock
from apps.contacts.models import Contact
from apps.contacts.selectors import contact_by_proven_email
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from tests.support.widget import channel

pytestmark = pytest.mark.django_db


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
