"""An agent who wants to read a customer whom they never served: every way that could make it so (CON-5, CHAT-12)."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.agents.models import Agent, Membership
from apps.console.files.selectors import file_readable_by
from apps.contacts.actions import contact_create, contact_get_or_create, contact_update, contact_vouch
from apps.contacts.models import Contact, ProvenEmail
from apps.contacts.selectors import claimed_contact, contact_by_proven_email
from apps.conversations.actions import (
    contact_merge_checked,
    conversation_change_contact,
    message_post,
)
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.selectors import (
    conversations_readable_by,
)
from apps.conversations.steps import MessageDraft
from apps.notes.actions import note_add
from apps.notes.models import Note
from apps.notes.selectors import notes_readable_by
from tests.isolation.strangers import ANA, Stranger, again
from tests.support.browser import user_as
from tests.support.people import arrive, default_queue, talk

pytestmark = pytest.mark.django_db(transaction=True)


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
