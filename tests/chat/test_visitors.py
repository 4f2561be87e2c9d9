"""Visitors: who is found, what two starts at the same time make, and when somebody counts as gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.agents.actions import agent_status_choose
from apps.agents.models import Agent
from apps.chat.actions import (
    LEFT_DEADLINE,
    LEFT_GRACE,
    Introduction,
    OpenedVisitor,
    visitor_leave,
    visitor_left_expire,
    visitor_open,
    visitor_start,
)
from apps.chat.models import Visit, Visitor, WidgetChannel
from apps.chat.presence import presence_drop, presence_keep
from apps.chat.tokens import token_make, token_read
from apps.contacts.actions import contact_block, contact_get_or_create
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.choices import EndCause, Side, State
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.routing.models import Offer
from apps.timers.models import Wakeup
from tests.support.people import make_agent
from tests.support.race import race

pytestmark = pytest.mark.django_db


def opened() -> OpenedVisitor:
    return visitor_open(channel=WidgetChannel.objects.get(), token=None, page={})


def start(browser: OpenedVisitor, body: str = "Hello", start_key: UUID | None = None, **who: str) -> Message:
    WidgetChannel.objects.update(need_name=False, need_email=False)
    introduction = Introduction(name=who.get("name", "Lena"), email=who.get("email", "lena@example.test"), page={})
    return visitor_start(
        channel=WidgetChannel.objects.select_related("queue").get(),
        opened=browser,
        start_key=start_key or uuid4(),
        who=introduction,
        first=MessageDraft(client_id=uuid4(), body=body),
    )


def test_an_address_that_is_typed_is_a_claim(acme: Any) -> None:
    """CHAT-12: a contact of one's own, which says that it is the known one; the same browser is the same contact."""
    known = Contact.objects.create(name="Lena Okafor", email="lena@example.test")
    browser = opened()
    conversation = start(browser, name="Somebody", email=" LENA@example.test ").conversation
    contact = conversation.contact
    assert (contact.name, contact.email, contact.claims) == ("Somebody", "lena@example.test", known)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    again = start(browser, "Once more").conversation
    assert (again.contact, again.previous) == (contact, conversation)
    known.refresh_from_db()
    assert (known.name, known.claims, known.conversations.count()) == ("Lena Okafor", None, 0)


def test_who_is_proven_to_have_an_address_is_claimed_before_who_was_known_longer(acme: Any) -> None:
    Contact.objects.create(name="Longer", email="lena@example.test")
    held = contact_get_or_create(email="lena@example.test", name="Lena")
    assert [start(opened()).conversation.contact.claims for _ in range(2)] == [held, held]


def test_who_says_that_they_are_somebody_who_is_blocked_comes_in_no_more_than_they(acme: Any) -> None:
    """CON-10: at first, and where the address is given later."""
    Contact.objects.create(email="lena@example.test", blocked_at=timezone.now())
    later = opened()
    conversation = start(later, email="").conversation
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    for browser in (opened(), later):
        with pytest.raises(DomainError, match="not_welcome"):
            start(browser, email="lena@example.test")
    assert Conversation.objects.get() == conversation


def test_who_was_blocked_in_anothers_name_locks_nobody_out(acme: Any) -> None:
    """CON-10: whoever typed a stranger's address, and was blocked for it, blocks not the stranger."""
    known = Contact.objects.create(name="Lena Okafor", email="lena@example.test")
    spam = start(opened()).conversation.contact
    contact_block(contact_id=spam.pk, by="Kim Berg")
    assert start(opened()).conversation.contact.claims == known


def test_who_was_blocked_in_the_name_of_somebody_unknown_locks_them_out_no_longer_than_they_are(acme: Any) -> None:
    """CON-10: the address alone is refused, and so is the browser; whose it is proven to be is not."""
    spammer = opened()
    spam = start(spammer).conversation
    conversation_end(conversation_id=spam.pk, by=Side.CUSTOMER, actor=None)
    contact_block(contact_id=spam.contact_id, by="Kim Berg")
    with pytest.raises(DomainError, match="not_welcome"):
        start(opened())
    held = contact_get_or_create(email="lena@example.test", name="Lena")
    assert (held.claims, held.is_refused) == (spam.contact, False)
    assert start(opened()).conversation.contact.claims == held
    with pytest.raises(DomainError, match="not_welcome"):
        start(spammer)


def test_without_an_address_everybody_is_somebody_new(acme: Any) -> None:
    first, second = start(opened(), email=""), start(opened(), email="")
    assert first.conversation.contact_id != second.conversation.contact_id


def test_what_is_said_later_is_added_to_a_contact_of_ones_own(acme: Any) -> None:
    browser = opened()
    conversation = start(browser, name="", email="").conversation
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    start(browser, name="Lena", email="lena@example.test")
    contact = Contact.objects.get()
    assert (contact.name, contact.email) == ("Lena", "lena@example.test")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wraps_up", [True, False], ids=["in wrap-up", "closed"])
def test_who_writes_after_the_end_gets_a_linked_one_in_the_same_queue_with_the_last_agent_first(
    acme: Any, wraps_up: bool
) -> None:
    """WRP-8: whatever the queue's own switch says."""
    queue = Queue.objects.create(name="Elsewhere", acw_mode="immediate" if wraps_up else "off")
    last, longest_idle = make_agent(queues=[queue]), make_agent(queues=[queue], available=False)
    WidgetChannel.objects.update(queue=queue)
    browser = opened()
    first = start(browser).conversation
    offer_accept(offer_id=Offer.objects.get().pk, actor=last.user)
    conversation_end(conversation_id=first.pk, by=Side.AGENT, actor=last.user)
    agent_status_choose(agent_id=longest_idle.pk, code="available")
    Agent.objects.filter(pk=longest_idle.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    WidgetChannel.objects.update(queue=Queue.objects.get(is_default=True))
    second = start(browser, "One more thing").conversation
    assert (second.previous_id, second.queue_id, second.goes_on) == (first.pk, queue.pk, True)
    assert not queue.last_agent_first
    assert Offer.objects.get(conversation=second).agent_id == last.pk


def test_a_closed_queue_refuses_and_leaves_nothing(acme: Any) -> None:
    WidgetChannel.objects.update(queue=Queue.objects.create(name="Closed", is_active=False))
    with pytest.raises(DomainError, match="queue_closed"):
        start(opened())
    assert (Visitor.objects.count(), Contact.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_one_start_in_many_threads_is_one_conversation(acme: Any) -> None:
    """CHAT-1: whatever the network repeats, on one socket or on several."""
    browser, key = opened(), uuid4()
    answers = race([lambda: start(browser, start_key=key) for _ in range(6)])
    assert {answer.conversation_id for answer in answers} == {answers[0].conversation_id}
    assert (Conversation.objects.count(), Visitor.objects.count(), Contact.objects.count()) == (1, 1, 1)
    assert Visit.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_pages_that_begin_at_once_share_a_conversation(acme: Any) -> None:
    browser = opened()
    answers = race([lambda number=number: start(browser, f"page {number}") for number in range(4)])
    assert Conversation.objects.count() == 1
    assert sorted(answer.number for answer in answers) == [1, 2, 3, 4]
    assert sorted(Message.objects.values_list("body", flat=True)) == ["page 0", "page 1", "page 2", "page 3"]


def test_a_token_is_good_for_one_tenant_and_one_channel(acme: Any, globex: Any) -> None:
    """CHAT-12."""
    channel, visitor = uuid4(), uuid4()
    token = token_make(channel=channel, visitor=visitor, generation=7)
    read = token_read(token, channel=channel)
    assert read is not None
    assert (read.visitor, read.generation) == (visitor, 7)
    assert token_read(token, channel=uuid4()) is None
    with tenant_context(globex):
        assert token_read(token, channel=channel) is None


def test_a_token_outlives_a_change_of_the_key(acme: Any, settings: Any) -> None:
    channel = uuid4()
    token = token_make(channel=channel, visitor=uuid4(), generation=1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert token_read(token, channel=channel) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert token_read(token, channel=channel) is None


class TestLeaving:
    """EDG-2: a closed tab while waiting counts after 60 s."""

    def gone(self) -> tuple[OpenedVisitor, Conversation, Visitor]:
        browser = opened()
        conversation = start(browser).conversation
        presence_drop(browser.visitor_id, "page")
        visitor_leave(visitor_id=browser.visitor_id)
        return browser, conversation, Visitor.objects.get()

    def due(self, visitor: Visitor) -> None:
        assert visitor.left_at is not None
        visitor_left_expire(visitor_id=visitor.pk, due_at=visitor.left_at + LEFT_GRACE)

    def state(self) -> tuple[str, str]:
        row = Conversation.objects.get()
        return row.state, row.end_cause

    def test_who_does_not_come_back_has_abandoned(self, acme: Any) -> None:
        _browser, _conversation, visitor = self.gone()
        wakeup = Wakeup.objects.get(kind=LEFT_DEADLINE)
        assert (wakeup.object_id, wakeup.due_at) == (visitor.pk, visitor.left_at + LEFT_GRACE)
        self.due(visitor)
        assert self.state() == (State.CLOSED, EndCause.ABANDONED)
        assert Conversation.objects.get().ended_by == Side.CUSTOMER
        visitor.refresh_from_db()
        assert visitor.left_at is None

    def test_who_comes_back_in_time_still_waits(self, acme: Any) -> None:
        browser, _conversation, visitor = self.gone()
        visitor_open(channel=WidgetChannel.objects.get(), token=browser.token, page={})
        assert not Wakeup.objects.filter(kind=LEFT_DEADLINE).exists()
        self.due(visitor)
        assert self.state() == (State.WAITING, "")

    def test_another_page_that_is_open_counts(self, acme: Any) -> None:
        browser, _conversation, visitor = self.gone()
        presence_keep(browser.visitor_id, "page")
        self.due(visitor)
        assert self.state() == (State.WAITING, "")
        presence_drop(browser.visitor_id, "page")

    def test_leaving_again_moves_the_deadline(self, acme: Any) -> None:
        _browser, _conversation, visitor = self.gone()
        with time_machine.travel(timezone.now() + timedelta(seconds=30)):
            visitor_leave(visitor_id=visitor.pk)
        self.due(visitor)
        assert self.state() == (State.WAITING, "")
        visitor.refresh_from_db()
        self.due(visitor)
        assert self.state() == (State.CLOSED, EndCause.ABANDONED)

    def test_with_an_agent_nothing_ends(self, acme: Any) -> None:
        browser = opened()
        agent = make_agent()
        conversation = start(browser).conversation
        offer = Offer.objects.filter(conversation=conversation).first()
        if offer is None:  # Inside a test's transaction the dispatch that follows the commit never comes.
            from apps.routing.actions import conversation_dispatch

            offer = conversation_dispatch(conversation_id=conversation.pk)
        assert offer is not None
        offer_accept(offer_id=offer.pk, actor=agent.user)
        visitor_leave(visitor_id=browser.visitor_id)
        assert Visitor.objects.get().left_at is None
        assert not Wakeup.objects.filter(kind=LEFT_DEADLINE).exists()
        assert self.state() == (State.ACTIVE, "")

    def test_who_found_an_agent_meanwhile_is_not_gone(self, acme: Any) -> None:
        _browser, conversation, visitor = self.gone()
        agent = make_agent()
        from apps.routing.actions import conversation_dispatch

        offer = conversation_dispatch(conversation_id=conversation.pk)
        assert offer is not None
        offer_accept(offer_id=offer.pk, actor=agent.user)
        self.due(visitor)
        assert self.state() == (State.ACTIVE, "")

    def test_a_browser_that_never_wrote_leaves_nothing(self, acme: Any) -> None:
        visitor_leave(visitor_id=uuid4())
        visitor_left_expire(visitor_id=uuid4(), due_at=timezone.now())
        assert not Wakeup.objects.filter(kind=LEFT_DEADLINE).exists()
