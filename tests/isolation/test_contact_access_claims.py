"""A claim to be somebody whom an agent never served, and its proof (CHAT-12)."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.contacts.actions import contact_create, contact_merge, contact_vouch
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.conversations.actions import (
    conversation_change_contact,
    conversation_prove_contact,
    merge_request_create,
    merge_request_decide,
)
from apps.conversations.selectors import (
    contacts_writable_by,
)
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.transfers.actions import transfer_to_queue
from tests.isolation.strangers import ANA, Stranger, again, ended, offer_take
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_claim_opens_nothing_until_it_is_proven_and_then_to_who_serves_them(
    ana: Stranger, agent: Agent, boss: User
) -> None:
    """CHAT-12: to the stay that goes on, and not to one that is over."""
    claims = contact_create(name="Ana", email=ANA)
    earlier = make_agent(chat=1)
    Membership.objects.exclude(agent=earlier).filter(queue=default_queue()).delete()
    ended(again(earlier, claims))
    Membership.objects.filter(agent=earlier).delete()
    Membership.objects.create(agent=agent, queue=default_queue())
    mine = again(agent, claims)
    assert mine.contact.claims == ana.contact
    assert not ana.is_open_to(agent.user)
    request = merge_request_create(conversation_id=mine.pk, about="", reason="", actor=agent.user)
    merge_request_decide(request_id=request.pk, other_id=ana.contact.pk, actor=boss)
    mine.refresh_from_db()
    assert (mine.contact, mine.contact.claims) == (ana.contact, None)
    assert ana.is_open_to(agent.user)
    assert not ana.is_open_to(earlier.user)


def test_a_proof_opens_to_who_has_the_conversation_from_then_on(ana: Stranger, agent: Agent) -> None:
    """CHAT-12: while it waits, and to whom it is handed on."""
    mine = arrive()
    conversation_change_contact(conversation_id=mine.pk, contact=ana.contact)
    assert not ana.is_open_to(agent.user)
    offer_take(agent, mine)
    assert ana.is_open_to(agent.user)
    colleague, queue = make_agent(queues=[], chat=9), Queue.objects.create(name="Next")
    Membership.objects.create(agent=colleague, queue=queue)
    transfer_to_queue(conversation_id=mine.pk, queue_id=queue.pk, actor=agent.user)
    assert not ana.is_open_to(colleague.user)
    offer_take(colleague, mine)
    assert ana.is_open_to(colleague.user)


def test_a_proof_opens_nothing_to_whose_stay_was_over(ana: Stranger, agent: Agent) -> None:
    """CHAT-12: nor does being asked about somebody afterwards."""
    Queue.objects.update(acw_mode="off")
    mine = ended(talk(agent))
    conversation_change_contact(conversation_id=mine.pk, contact=ana.contact)
    assert not ana.is_open_to(agent.user)
    assert not contacts_writable_by(agent.user).filter(pk=ana.contact.pk).exists()
    with pytest.raises(DomainError, match="not_yours"):
        merge_request_create(conversation_id=mine.pk, about=ANA, reason="", actor=agent.user)


def test_an_answer_to_a_mail_proves_whose_its_conversation_is_and_no_more(ana: Stranger, agent: Agent) -> None:
    """CHAT-12: a browser that gave the address stays what it was."""
    contact_vouch(contact_id=ana.contact.pk, values={"email": ANA})
    claims = contact_create(name="Ana", email=ANA)
    chat, by_mail = again(agent, claims), again(agent, claims)
    conversation_prove_contact(conversation_id=by_mail.pk, email=ANA)
    chat.refresh_from_db()
    by_mail.refresh_from_db()
    assert (chat.contact, by_mail.contact) == (claims, ana.contact)
    assert ana.is_open_to(agent.user)


def test_an_answer_from_an_address_that_is_nobodys_makes_it_the_conversations_own(acme: Any) -> None:
    agent = make_agent(chat=9)
    only = again(agent, contact_create(name="Ana", email=ANA))
    assert conversation_prove_contact(conversation_id=only.pk, email=ANA).contact == only.contact
    assert contact_by_proven_email(ANA) == only.contact
    # One of several: which browser gave the address is not known by that.
    bo = contact_create(name="Bo", email="bo@example.test")
    first, second = again(agent, bo), again(agent, bo)
    moved = conversation_prove_contact(conversation_id=second.pk, email="bo@example.test").contact
    assert moved not in {bo, only.contact}
    assert (moved.claims, contact_by_proven_email("bo@example.test")) == (bo, moved)
    first.refresh_from_db()
    assert first.contact == bo


def test_claims_follow_a_merge_and_end_with_whom_they_claim(ana: Stranger, agent: Agent, boss: User) -> None:
    claims, other = contact_create(name="Ana", email=ANA), ContactFactory()
    contact_merge(kept_id=other.pk, gone_id=ana.contact.pk, taken=(), actor=boss)
    claims.refresh_from_db()
    assert claims.claims == other
    assert claimed_contact(ANA) == other
    contact_merge(kept_id=claims.pk, gone_id=other.pk, taken=(), actor=boss)
    claims.refresh_from_db()
    assert claims.claims is None
    erased = ContactFactory(email="x@example.test")
    late = contact_create(name="", email="x@example.test")
    erased.delete()
    late.refresh_from_db()
    assert late.claims is None
