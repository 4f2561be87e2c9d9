"""An agent who wants to read a customer whom they never served: every way that could make it so (CON-5, CHAT-12)."""

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.console.files.selectors import file_readable_by
from apps.console.panel.selectors import conversations_of_contact, past_conversation_of
from apps.contacts.actions import contact_create, contact_get_or_create, contact_merge, contact_update, contact_vouch
from apps.contacts.models import Contact, ProvenEmail
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.conversations.actions import (
    contact_merge_checked,
    conversation_change_contact,
    conversation_end,
    conversation_prove_contact,
    merge_request_create,
    merge_request_decide,
    message_post,
)
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.selectors import (
    contacts_readable_by,
    contacts_writable_by,
    conversation_readers,
    conversations_readable_by,
    merge_requests_decidable_by,
)
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.forms.actions import form_reveal
from apps.forms.selectors import sent_form_for
from apps.notes.actions import note_add
from apps.notes.models import Note
from apps.notes.selectors import note_of, notes_of_contact, notes_readable_by
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.transfers.actions import transfer_to_queue
from tests.support.browsing import user_as
from tests.support.forms import ANSWERS, fill, send, talked
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)

ANA = "ana@example.test"


class Stranger:
    """Ana, whom a colleague has served in another queue: a conversation, a note, a form with secured values."""

    def __init__(self) -> None:
        self.queue = Queue.objects.create(name="Elsewhere")
        self.colleague = make_agent(queues=[self.queue], chat=9)
        self.contact = ContactFactory(name="Ana Ruiz", email=ANA)
        self.conversation = talked(self.colleague, contact=self.contact, queue=self.queue, body="My secret")
        self.form = fill(send(self.colleague, conversation=self.conversation), **ANSWERS)
        self.note = write_note(self.conversation, self.colleague.user)

    def is_open_to(self, user: User) -> bool:
        """Whether anything of hers is: all doors say the same."""
        contact = Conversation.objects.get(pk=self.conversation.pk).contact
        ways = {
            "read": conversations_readable_by(user).filter(pk=self.conversation.pk).exists(),
            "reader": conversation_readers(Conversation.objects.get(pk=self.conversation.pk))
            .filter(pk=user.pk)
            .exists(),
            "listed": self.conversation in conversations_of_contact(user, contact.pk).conversations,
            "past": past_conversation_of(user, self.conversation.pk) is not None,
            "note": note_of(user, self.note.pk) is not None,
            "notes": self.note in notes_of_contact(contact.pk, user=user).notes,
            "form": sent_form_for(user, self.form.pk) is not None,
            "reveal": self._reveals(user),
        }
        assert len(set(ways.values())) == 1, ways
        return ways["read"]

    def _reveals(self, user: User) -> bool:
        try:
            form_reveal(sent_id=self.form.pk, name="card", reason="", actor=user)
        except DomainError as refused:
            assert refused.code == "form_unknown"
            return False
        return True


def write_note(conversation: Conversation, author: User, *, on_contact: bool = True) -> Note:
    return note_add(
        conversation_id=conversation.pk, key=uuid4(), body="She is ill", on_contact=on_contact, actor=author
    ).note


@pytest.fixture
def ana(acme: Any) -> Stranger:
    return Stranger()


@pytest.fixture
def agent(ana: Stranger) -> Agent:
    return make_agent(chat=9)


@pytest.fixture
def boss(ana: Stranger) -> User:
    return user_as("administrator")


def ended(conversation: Conversation) -> Conversation:
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    return conversation


def again(agent: Agent, contact: Contact, **arrival: Any) -> Conversation:
    return talk(agent, contact=Contact.objects.get(pk=contact.pk), **arrival)


# --- What opens it


def test_who_served_them_reads_them_and_nobody_else(ana: Stranger, agent: Agent, boss: User) -> None:
    supervisor, other = user_as("supervisor"), user_as("supervisor")
    Membership.objects.create(agent=supervisor.agent, queue=ana.queue)
    Membership.objects.create(agent=other.agent, queue=default_queue())
    assert ana.is_open_to(ana.colleague.user)
    assert ana.is_open_to(boss)
    assert ana.is_open_to(supervisor)
    assert not ana.is_open_to(agent.user)
    assert not ana.is_open_to(other)


def test_a_stay_with_them_opens_what_came_before(ana: Stranger, agent: Agent) -> None:
    again(agent, ana.contact)
    assert ana.is_open_to(agent.user)


# --- A merge


def test_who_may_not_be_read_is_not_merged(ana: Stranger, agent: Agent) -> None:
    mine = talk(agent)
    for kept, gone in ((mine.contact_id, ana.contact.pk), (ana.contact.pk, mine.contact_id)):
        with pytest.raises(DomainError, match="contact_unknown"):
            contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=agent.user)
    assert not contacts_readable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert not ana.is_open_to(agent.user)


@pytest.mark.parametrize("keeps", ["theirs", "mine"])
def test_a_merge_opens_nothing_to_who_served_one_of_them_before(
    ana: Stranger, agent: Agent, boss: User, keeps: str
) -> None:
    """Both ways round, whoever merges, for the stay that goes on and for those that are over."""
    mine = talk(agent)
    before = ended(again(agent, mine.contact))
    write_note(mine, agent.user)
    kept, gone = (ana.contact.pk, mine.contact_id) if keeps == "theirs" else (mine.contact_id, ana.contact.pk)
    contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=boss)
    assert not ana.is_open_to(agent.user)
    assert ana.is_open_to(ana.colleague.user)
    mine_still = conversations_readable_by(agent.user).values_list("pk", flat=True)
    assert set(mine_still) == {mine.pk, before.pk}
    theirs = conversations_readable_by(ana.colleague.user).values_list("pk", flat=True)
    assert set(theirs) == {ana.conversation.pk}
    contact = Contact.objects.get(pk=kept)
    assert [each.author for each in notes_of_contact(contact.pk, user=agent.user).notes] == [agent.user]
    assert [each.author for each in notes_of_contact(contact.pk, user=ana.colleague.user).notes] == [ana.colleague.user]


def test_a_stay_after_a_merge_is_one_with_both(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = ended(talk(agent))
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    again(agent, ana.contact)
    assert ana.is_open_to(agent.user)
    assert conversation_readers(Conversation.objects.get(pk=mine.pk)).filter(pk=agent.pk).exists()


def test_a_chain_of_merges_opens_nothing(ana: Stranger, agent: Agent, boss: User) -> None:
    mine, third = talk(agent).contact, ContactFactory()
    contact_merge_checked(kept_id=third.pk, gone_id=mine.pk, taken=(), actor=boss)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=third.pk, taken=(), actor=boss)
    assert not ana.is_open_to(agent.user)


def test_who_reads_a_part_of_somebody_makes_them_one_with_nobody(ana: Stranger, agent: Agent, boss: User) -> None:
    """The next chat of the one would open the rest of the other; a supervisor is asked."""
    mine, accomplice = ended(talk(agent)), talk(agent)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    assert contacts_readable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert set(contacts_writable_by(agent.user)) == {accomplice.contact}
    for kept, gone in ((accomplice.contact_id, ana.contact.pk), (ana.contact.pk, accomplice.contact_id)):
        with pytest.raises(DomainError, match="contact_unknown"):
            contact_merge_checked(kept_id=kept, gone_id=gone, taken=(), actor=agent.user)
    again(agent, accomplice.contact)
    assert not ana.is_open_to(agent.user)
    merge_request_create(conversation_id=accomplice.pk, about=ANA, reason="", actor=agent.user)
    again(agent, ana.contact)
    assert contacts_writable_by(agent.user).filter(pk=ana.contact.pk).exists()
    assert ana.is_open_to(agent.user)


def test_who_supervises_makes_one_of_all_whom_they_may_know(ana: Stranger, agent: Agent, boss: User) -> None:
    supervisor, mine = user_as("supervisor"), talk(agent)
    Membership.objects.create(agent=supervisor.agent, queue=default_queue())
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    for user in (supervisor, boss):
        assert contacts_writable_by(user).filter(pk=ana.contact.pk).exists()


def conversation_retake(agent: Agent, conversation: Conversation) -> Conversation:
    """Given to another queue of one's own, and accepted from there."""
    queue = Queue.objects.create(name=f"Next {uuid4()}")
    Membership.objects.create(agent=agent, queue=queue)
    transfer_to_queue(conversation_id=conversation.pk, queue_id=queue.pk, actor=agent.user)
    return offer_take(agent, conversation)


def offer_take(agent: Agent, conversation: Conversation) -> Conversation:
    offer = ringing(conversation)
    assert offer is not None
    assert offer.agent_id == agent.pk
    offer_accept(offer_id=offer.pk, actor=agent.user)
    return Conversation.objects.get(pk=conversation.pk)


def test_a_further_stay_in_what_went_on_opens_nothing(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = talk(agent)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    conversation_retake(agent, mine)
    assert not ana.is_open_to(agent.user)
    assert conversations_readable_by(agent.user).filter(pk=mine.pk).exists()


# --- A request


def test_an_agent_asks_and_a_supervisor_of_both_decides(ana: Stranger, agent: Agent) -> None:
    """CON-5: what the agent says opens nothing by being confirmed; the next stay does."""
    mine = talk(agent)
    of_one, of_both = user_as("supervisor"), user_as("supervisor")
    for user, queues in ((of_one, [default_queue()]), (of_both, [default_queue(), ana.queue])):
        for queue in queues:
            Membership.objects.create(agent=user.agent, queue=queue)
    request = merge_request_create(conversation_id=mine.pk, about=ANA.upper(), reason="She said so", actor=agent.user)
    assert [merge_requests_decidable_by(user).exists() for user in (of_both, of_one, agent.user)] == [
        True,
        False,
        False,
    ]
    for user in (of_one, agent.user):
        with pytest.raises(DomainError, match="request_unknown"):
            merge_request_decide(request_id=request.pk, other_id=ana.contact.pk, actor=user)
    merge_request_decide(request_id=request.pk, other_id=ana.contact.pk, actor=of_both)
    mine.refresh_from_db()
    assert mine.contact == ana.contact
    assert "has confirmed that" in agent.notices.get().text
    assert not ana.is_open_to(agent.user)
    with pytest.raises(DomainError, match="request_decided"):
        merge_request_decide(request_id=request.pk, other_id=None, actor=of_both)


def test_a_request_that_is_declined_changes_nothing_and_is_told(ana: Stranger, agent: Agent, boss: User) -> None:
    mine = talk(agent, contact=contact_create(name="Somebody", email=ANA))
    request = merge_request_create(conversation_id=mine.pk, about="", reason="", actor=agent.user)
    with pytest.raises(DomainError, match="merge_requested"):
        merge_request_create(conversation_id=mine.pk, about="", reason="", actor=agent.user)
    merge_request_decide(request_id=request.pk, other_id=None, actor=boss)
    contact = Contact.objects.get(pk=mine.contact_id)
    assert (contact.claims, contact.merged_into) == (None, None)
    assert "has declined" in agent.notices.get().text
    assert not ana.is_open_to(agent.user)


def test_only_ones_own_conversation_is_asked_about(ana: Stranger, agent: Agent) -> None:
    with pytest.raises(DomainError, match="not_yours"):
        merge_request_create(conversation_id=ana.conversation.pk, about="Ana", reason="", actor=agent.user)
    with pytest.raises(DomainError, match="merge_about_nobody"):
        merge_request_create(conversation_id=talk(agent).pk, about="  ", reason="", actor=agent.user)


# --- A claim


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


# --- Editing one's own contact


def test_what_an_agent_writes_down_draws_nobody_to_it(ana: Stranger, agent: Agent) -> None:
    mine = talk(agent)
    values = {"email": "new@example.test", "more_emails": [ANA]}
    contact_update(contact_id=mine.contact_id, version=0, values=values, actor=agent.user)
    known = contact_get_or_create(email="new@example.test", name="New")
    assert known != mine.contact
    theirs = again(ana.colleague, known, queue=ana.queue)
    assert not conversations_readable_by(agent.user).filter(pk=theirs.pk).exists()
    assert claimed_contact(ANA) == ana.contact


def test_what_an_agent_writes_down_is_no_claim(ana: Stranger, agent: Agent) -> None:
    """Whether anybody is known by it is not theirs to learn; what the customer said is forgotten with the address."""
    mine = talk(agent)
    contact_update(contact_id=mine.contact_id, version=0, values={"email": ANA}, actor=agent.user)
    assert Contact.objects.get(pk=mine.contact_id).claims is None
    said = again(agent, contact_create(name="", email=ANA)).contact
    contact_update(contact_id=said.pk, version=0, values={"email": "b@example.test"}, actor=agent.user)
    assert Contact.objects.get(pk=said.pk).claims is None


# --- Other hands on a conversation


def test_files_are_as_readable_as_their_conversations(ana: Stranger, agent: Agent, boss: User) -> None:
    from apps.conversations.steps import AttachedFiles
    from apps.files.actions import file_store
    from apps.files.models import Uploader

    uploader = Uploader(user_id=ana.colleague.pk)
    file = file_store(name="a.txt", content=b"Her contract", uploader=uploader)
    message_post(
        conversation_id=ana.conversation.pk,
        draft=MessageDraft(
            side=Side.AGENT,
            client_id=uuid4(),
            body="",
            author=ana.colleague.user,
            attached=AttachedFiles((file.pk,), uploader),
        ),
    )
    mine = talk(agent)
    contact_merge_checked(kept_id=mine.contact_id, gone_id=ana.contact.pk, taken=(), actor=boss)
    assert file_readable_by(agent.user, file.pk) is None
    assert file_readable_by(ana.colleague.user, file.pk) == file
    assert not ana.is_open_to(agent.user)


def test_naming_somebody_in_a_note_opens_nothing_to_them(ana: Stranger, agent: Agent) -> None:
    noted = note_add(
        conversation_id=ana.conversation.pk,
        key=uuid4(),
        body=f"@{agent.user.full_name} look",
        on_contact=False,
        actor=ana.colleague.user,
    )
    assert noted.untold == [agent.user]
    assert not ana.is_open_to(agent.user)


def test_who_waits_is_not_served(ana: Stranger, agent: Agent) -> None:
    """Neither an offer nor a place in one's own queue is a stay."""
    arrive(contact=ana.contact)
    assert not ana.is_open_to(agent.user)


# --- What was there before any of this was kept


def migrate(module: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(import_module(module).FORWARDS)


def test_what_was_merged_before_opens_nothing_either(ana: Stranger, agent: Agent, boss: User) -> None:
    """Which conversations a merge had brought was not written down: each is opened by its own stays, and later ones."""
    mine = talk(agent)
    contact_merge_checked(kept_id=ana.contact.pk, gone_id=mine.contact_id, taken=(), actor=boss)
    Conversation.objects.update(began_with=None, joined_at=None)
    Note.objects.update(written_in=None)
    assert not Note.objects.filter(pk__in=notes_readable_by(ana.colleague.user)).exists()
    migrate("apps.conversations.migrations.0014_claims")
    migrate("apps.notes.migrations.0002_claims")
    assert Note.objects.get(pk=ana.note.pk).written_in == ana.conversation
    assert ana.is_open_to(ana.colleague.user)
    assert not ana.is_open_to(agent.user)
    assert set(conversations_readable_by(agent.user)) == {mine}
    again(agent, ana.contact)
    assert ana.is_open_to(agent.user)


def test_what_was_proven_before_is_as_it_would_be_now(ana: Stranger, agent: Agent) -> None:
    """Whose a conversation was before stands on its timeline."""
    mine = talk(agent)
    before = mine.contact_id
    conversation_change_contact(conversation_id=mine.pk, contact=ana.contact)
    kept = Conversation.objects.values_list("began_with", "joined_at").get(pk=mine.pk)
    Conversation.objects.update(began_with=None, joined_at=None)
    migrate("apps.conversations.migrations.0014_claims")
    began_with, joined_at = Conversation.objects.values_list("began_with", "joined_at").get(pk=mine.pk)
    assert began_with == kept[0] == before
    assert abs(joined_at - kept[1]) < timedelta(seconds=1)
    assert Conversation.objects.get(pk=ana.conversation.pk).began_with is None


def test_addresses_that_were_known_before_stay_so(ana: Stranger) -> None:
    """Those that the company vouched for."""
    contact_vouch(contact_id=ana.contact.pk, values={"email": ANA})
    ProvenEmail.objects.all().delete()
    migrate("apps.contacts.migrations.0004_claims")
    assert contact_by_proven_email(ANA) == ana.contact
