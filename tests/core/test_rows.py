"""Rows by written statements: the same as the ORM, and right when somebody else was faster."""

import time
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from apps.agents.models import Agent, Status
from apps.agents.steps import agent_lock
from apps.contacts.models import Contact
from apps.conversations.choices import EventKind
from apps.conversations.models import Conversation, ConversationEvent
from apps.core.rows import row_add, row_add_once, row_has, row_lock, row_save, rows_add
from tests.support.people import ContactFactory, arrive, make_agent
from tests.support.race import race


@pytest.mark.django_db
def test_a_row_is_added_read_and_written_as_the_orm_does_it(acme):
    contact = row_add(Contact(name="Ada", attributes={"plan": ["gold"]}))
    assert Contact.objects.get(pk=contact.pk).attributes == {"plan": ["gold"]}
    read = row_lock(Contact, contact.pk)
    assert (read.attributes, read.created_at, read._state.adding) == ({"plan": ["gold"]}, contact.created_at, False)
    read.name, read.email = "Ada L.", "unwritten@example.test"
    row_save(read, ["name"])
    stored = Contact.objects.get(pk=contact.pk)
    assert (stored.name, stored.email) == ("Ada L.", "")
    assert row_has(Contact, name="Ada L.")
    assert not row_has(Contact, name="Ada")


@pytest.mark.django_db
def test_a_row_whose_key_the_database_gives_is_added(acme):
    conversation = arrive()
    row_add(ConversationEvent(conversation=conversation, kind=EventKind.ENDED, data={"a": 1}))
    assert ConversationEvent.objects.get(kind=EventKind.ENDED).data == {"a": 1}


@pytest.mark.django_db
def test_what_is_not_there_is_not_found_and_not_saved(acme):
    assert row_lock(Contact, uuid4()) is None
    with pytest.raises(DatabaseError):
        row_save(ContactFactory.build(), ["name"])


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_one_row_at_once_one_does(acme):
    contact, like, key = ContactFactory(), arrive(), uuid4()

    def add() -> bool:
        fresh = Conversation(start_key=key, channel="chat", queue=like.queue, contact=contact)
        return row_add_once(fresh)

    assert sorted(race([add] * 8)) == [False] * 7 + [True]
    assert Conversation.objects.filter(start_key=key).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_was_waited_for_finds_the_agent_whose_status_changed_meanwhile(acme):
    agent = make_agent()
    busy = Status.objects.get(code="busy")

    def change() -> None:
        with transaction.atomic():
            Agent.objects.select_for_update().get(pk=agent.pk)
            time.sleep(0.5)
            Agent.objects.filter(pk=agent.pk).update(status=busy)

    def lock() -> str:
        time.sleep(0.2)
        with transaction.atomic():
            return agent_lock(agent.pk).status.code

    assert race([change, lock]) == [None, "busy"]


@pytest.mark.django_db
def test_rows_of_several_models_are_added_in_any_order(acme):
    conversation = arrive()
    first, second = (ConversationEvent(conversation=conversation, kind=EventKind.ENDED, data={"n": n}) for n in (1, 2))
    contact = Contact(name="Between")
    rows_add([first, contact, second])
    assert Contact.objects.get(pk=contact.pk).name == "Between"
    stored = ConversationEvent.objects.filter(kind=EventKind.ENDED).order_by("pk")
    assert [line.data for line in stored] == [{"n": 1}, {"n": 2}]
