"""What an agent has begun to write is kept for them alone, and goes with what it was for (CON-1)."""

from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.core.errors import DomainError
from apps.responses.actions import draft_save
from apps.responses.models import Draft
from apps.routing.actions import conversation_assign, conversation_requeue
from apps.tenants.models import Tenant
from tests.support.people import make_agent, talk
from tests.support.responses import engaged

whole = pytest.mark.django_db(transaction=True)
"""For what commits: offers follow the commit."""


def bodies() -> list[str]:
    return list(Draft.objects.order_by("pk").values_list("body", flat=True))


@pytest.mark.django_db
def test_one_is_kept_for_each_conversation_and_agent(acme: Any) -> None:
    agent = make_agent(available=False)
    first, second = engaged(agent), engaged(agent)
    for conversation, body in ((first, "Hel"), (first, "Hello"), (second, " Bye ")):
        draft = draft_save(conversation_id=conversation.pk, body=body, actor=agent.user)
        assert draft is not None
        assert draft.body == body
    assert bodies() == ["Hello", " Bye "]
    assert draft_save(conversation_id=first.pk, body=" \n", actor=agent.user) is None
    assert bodies() == [" Bye "]


@pytest.mark.django_db
def test_it_costs_three_statements(acme: Any) -> None:
    agent = make_agent(available=False)
    conversation = engaged(agent)
    with CaptureQueriesContext(connection) as queries:
        draft_save(conversation_id=conversation.pk, body="Hello", actor=agent.user)
    assert len([each for each in queries if each["sql"].split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}]) == 3


@pytest.mark.django_db
def test_what_the_database_cannot_hold_goes(acme: Any) -> None:
    agent = make_agent(available=False)
    conversation = engaged(agent)
    draft_save(conversation_id=conversation.pk, body="a\x00b\ud800c\td", actor=agent.user)
    assert bodies() == ["abc\td"]
    with pytest.raises(DomainError, match="message_too_long"):
        draft_save(conversation_id=conversation.pk, body="x" * 10_001, actor=agent.user)


@whole
def test_only_who_has_it_keeps_one_and_only_while_it_lives(acme: Any, globex: Any) -> None:
    agent, other = make_agent(), make_agent(available=False)
    conversation = talk(agent)
    with tenant_context(globex):
        stranger = make_agent().user
    for actor in (other.user, stranger):
        with pytest.raises(DomainError, match="not_yours"):
            draft_save(conversation_id=conversation.pk, body="x", actor=actor)
    with pytest.raises(DomainError, match="conversation_unknown"):
        draft_save(conversation_id=uuid4(), body="x", actor=agent.user)
    draft_save(conversation_id=conversation.pk, body="Hello", actor=agent.user)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    assert bodies() == []
    with pytest.raises(DomainError, match="conversation_ended"):
        draft_save(conversation_id=conversation.pk, body="x", actor=agent.user)
    assert bodies() == []


@whole
def test_it_does_not_outlive_whose_conversation_it_was(acme: Any) -> None:
    """Sent back to its queue it may come again; with somebody else it is gone."""
    agent = make_agent()
    conversation = talk(agent)
    draft_save(conversation_id=conversation.pk, body="Hello", actor=agent.user)
    chief = make_agent(available=False, role=Role.objects.get(code="owner")).user
    conversation_requeue(conversation_id=conversation.pk, actor=chief)
    assert bodies() == ["Hello"]
    other = make_agent(available=False)
    conversation_assign(conversation_id=conversation.pk, agent_id=other.pk, actor=chief)
    assert bodies() == []


@pytest.mark.django_db
def test_the_database_keeps_one_and_none_that_says_nothing(acme: Any) -> None:
    agent = make_agent(available=False)
    conversation = engaged(agent)
    Draft.objects.create(conversation=conversation, agent=agent.user, body="x", saved_at=timezone.now())
    for body in ("y", ""):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.create(conversation=conversation, agent=agent.user, body=body, saved_at=timezone.now())


@whole
def test_an_end_at_the_same_time_leaves_none_behind(acme: Any) -> None:
    agent = make_agent(chat=8)
    for _ in range(5):
        conversation, start = talk(agent), Barrier(2)
        tenant = Tenant.objects.get(schema_name="acme")

        def keep(conversation: Any = conversation, start: Any = start, tenant: Any = tenant) -> None:
            with tenant_context(tenant):
                start.wait()
                try:
                    draft_save(conversation_id=conversation.pk, body="Hello", actor=agent.user)
                except DomainError as refused:
                    assert refused.code == "conversation_ended"
            connection.close()

        def end(conversation: Any = conversation, start: Any = start, tenant: Any = tenant) -> None:
            with tenant_context(tenant):
                start.wait()
                conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
            connection.close()

        threads = [Thread(target=keep), Thread(target=end)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert bodies() == []
