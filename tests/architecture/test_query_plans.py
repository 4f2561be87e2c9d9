"""Costs grow with what is touched, not with what is stored: no hot path reads a whole table of conversations."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.console.figures.selectors import figures_for
from apps.console.panel.selectors import conversations_of_contact
from apps.console.selectors.own import agent_of
from apps.console.selectors.sync import missed_by
from apps.console.tray.selectors.tray import digest_for
from apps.contacts.selectors import matching_contacts
from apps.conversations.actions import conversation_end, marks_advance, message_post
from apps.conversations.selectors import contacts_writable_by, conversation_readers
from apps.conversations.steps import MessageDraft
from apps.core.statements import Statement, statements_compile
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.routing.actions import agent_dispatch, offer_accept
from apps.routing.actions.sweep import stalled_conversations
from tests.support.history import TABLES, fill_past
from tests.support.people import arrive, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)

SCAN = re.compile(rf"Seq Scan on ({'|'.join(TABLES)})\b")


def plans_of(work: Callable[[], Any]) -> tuple[Any, list[str]]:
    """What the work returns, and the statements of it that would read a whole table."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        result = work()
    statements = [query["sql"] for query in captured.captured_queries]
    hot = [
        sql for sql in statements if sql.startswith(("SELECT", "UPDATE", "DELETE")) and any(t in sql for t in TABLES)
    ]
    return result, [sql for sql in hot if SCAN.search(_plan(sql))]


def _plan(sql: str, explain: str = "EXPLAIN ") -> str:
    with connection.cursor() as cursor:
        cursor.execute(explain + sql)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.slow
def test_no_step_of_a_conversation_reads_a_whole_table(acme):
    agent = make_agent(chat=2)
    fill_past(agent, conversations=20_000, messages=3)
    outcome = CodeSet.objects.get(name="Resolution")
    chosen = [CodeChoice(outcome.pk, outcome.codes.get(name="Resolved").pk)]

    conversation, scans = plans_of(lambda: arrive(queue=None))
    offer = ringing(conversation)

    def say(side: str, actor: Any) -> Any:
        return message_post(
            conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body="Hi", author=actor)
        )

    def open_console() -> Any:
        row = agent_of(agent.pk)
        return digest_for(row), missed_by(row, {conversation.pk: 1})

    steps: dict[str, Callable[[], Any]] = {
        "accept": lambda: offer_accept(offer_id=offer.pk, actor=agent.user),
        "customer writes": lambda: say("customer", None),
        "agent writes": lambda: say("agent", agent.user),
        "read": lambda: marks_advance(conversation=conversation, side="agent", delivered=2, read=2),
        "console": open_console,
        "room": lambda: agent_dispatch(agent_id=agent.pk),
        "sweep": stalled_conversations,
        # Some forty stays, as a busy day has.
        "own figures": lambda: figures_for(agent.pk, since=timezone.now() - timedelta(hours=1), until=timezone.now()),
        "end": lambda: conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user),
        "close": lambda: wrap_up_close(
            conversation_id=conversation.pk, chosen=chosen, description="", actor=agent.user
        ),
    }
    found = {"arrive": scans} | {name: plans_of(step)[1] for name, step in steps.items()}
    assert {name: scans for name, scans in found.items() if scans} == {}


@pytest.mark.slow
def test_no_plan_that_is_kept_reads_a_whole_table(acme):
    """What is prepared may be planned once for whatever values: no compiled statement has a bad plan for them."""
    fill_past(make_agent(chat=2), conversations=20_000, messages=3)
    statements_compile()
    found = {}
    for statement in Statement.known:
        sql = _for_any_values(statement)
        if SCAN.search(_plan(sql, "EXPLAIN (GENERIC_PLAN) ")):
            found[sql] = _plan(sql, "EXPLAIN (GENERIC_PLAN) ")
    assert found == {}


def _for_any_values(statement: Statement[Any]) -> str:
    """Its text as PostgreSQL prepares it."""
    compiled = statement._compiled
    types = [parameter.output_field.db_type(connection) for parameter in compiled.params]
    return compiled.sql % tuple(f"${number}::{kind}" for number, kind in enumerate(types, 1))


@pytest.mark.slow
def test_who_may_read_what_reads_no_whole_table(acme):
    """CON-5: of one customer among many, whom many agents have served."""
    agent, other = make_agent(chat=2), make_agent(available=False)
    fill_past(agent, conversations=20_000, messages=1)
    spread(agent, other)
    conversation = arrive()
    steps: dict[str, Callable[[], Any]] = {
        "what came before": lambda: conversations_of_contact(agent.user, conversation.contact_id),
        "who may read it": lambda: list(conversation_readers(conversation)),
        "whom it may be": lambda: matching_contacts("n77@x", among=contacts_writable_by(agent.user), but=uuid4()),
    }
    found = {name: plans_of(step)[1] for name, step in steps.items()}
    assert {name: scans for name, scans in found.items() if scans} == {}


def spread(agent: Any, other: Any) -> None:
    """Let each of these conversations be a contact's of its own, and one in fifty the agent's."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO contacts_contact
                (id, name, email, phone, external_id, language, time_zone, attributes, created_at, version)
            SELECT id, 'Name', 'n' || row_number() OVER () || '@x.example', '', '', '', '', '{}', now(), 0
            FROM conversations_conversation
            """
        )
        cursor.execute("UPDATE conversations_conversation SET contact_id = id")
        cursor.execute("UPDATE conversations_segment SET agent_id = %s WHERE hashtext(id::text) %% 50 <> 0", [other.pk])
        cursor.execute("ANALYZE contacts_contact, conversations_conversation, conversations_segment")
