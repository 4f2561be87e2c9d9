"""Queries that are compiled once: the same rows as Django's own, whatever values are given."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, UUIDField
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.agents.models import Agent, Capacity
from apps.core.statements import Parameter, Statement, statements_compile
from tests.support.people import make_agent

pytestmark = pytest.mark.django_db

AGENT = Parameter("agent", UUIDField())


def by_key() -> Statement[Agent]:
    return Statement(lambda: Agent.objects.select_related("user", "status").filter(pk=AGENT))


def test_reads_models_with_what_was_selected_along(acme: Any) -> None:
    stored, statement = make_agent(), by_key()
    found = statement.first(agent=stored.pk)
    assert found == Agent.objects.get(pk=stored.pk)
    with CaptureQueriesContext(connection) as asked:
        shown = (found.user.pk, found.status.code)
    assert not asked.captured_queries
    assert shown == (stored.pk, "available")
    assert not found._state.adding


def test_gives_other_rows_for_other_values(acme: Any) -> None:
    statement, one, other = by_key(), make_agent(), make_agent()
    assert [statement.first(agent=each.pk) for each in (one, other, one)] == [one, other, one]
    assert statement.first(agent=UUID(int=0)) is None
    assert not statement.exists(agent=UUID(int=0))


def test_reads_values_flat_and_in_rows(acme: Any) -> None:
    agent = make_agent(chat=2)
    mine = Capacity.objects.filter(agent=AGENT, family="chat")
    assert Statement(lambda: mine.values_list("limit", flat=True)).all(agent=agent.pk) == [2]
    assert Statement(lambda: mine.values_list("limit", "family", "used")).all(agent=agent.pk) == [(2, "chat", 0)]


def test_counts_in_the_database(acme: Any) -> None:
    agent = make_agent()
    mine = Statement(lambda: Capacity.objects.filter(agent=AGENT).values_list("pk"))
    assert (mine.count(agent=agent.pk), mine.count(agent=UUID(int=0))) == (3, 0)


def test_a_value_may_stand_in_a_subquery(acme: Any) -> None:
    one, other = make_agent(), make_agent()
    same = Exists(Capacity.objects.filter(agent=OuterRef("pk")).filter(agent=AGENT))
    statement: Statement[UUID] = Statement(lambda: Agent.objects.exclude(same).values_list("pk", flat=True))
    assert one.pk in statement.all(agent=other.pk)
    assert other.pk not in statement.all(agent=other.pk)


def test_the_tenant_is_the_connections(acme: Any, globex: Any) -> None:
    agent, statement = make_agent(), by_key()
    assert statement.exists(agent=agent.pk)
    with tenant_context(globex):
        assert not statement.exists(agent=agent.pk)


def test_a_value_that_is_missing_is_an_error(acme: Any) -> None:
    with pytest.raises(KeyError):
        by_key().first()


def test_what_never_changes_stands_in_the_text_and_values_beside_it(acme: Any) -> None:
    agent, sent = make_agent(), []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(params)
        return execute(sql, params, many, context)

    mine = Capacity.objects.filter(agent=AGENT, family="chat").exclude(family__contains="100%")
    statement = Statement(lambda: mine.values_list("family", flat=True))
    with connection.execute_wrapper(note):
        assert statement.all(agent=agent.pk) == ["chat"]
    assert sent == [[agent.pk]]


@pytest.mark.django_db(transaction=True)
def test_a_process_that_starts_compiles_what_it_knows(acme: Any) -> None:
    statement, agent = by_key(), make_agent()
    statements_compile()
    assert all("_compiled" in vars(each) for each in Statement.known)
    assert statement.first(agent=agent.pk) == agent
