"""How many statements a conversation costs: recorded in statement_counts.json, so that no step grows unseen."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.agents.models import Agent, Status
from apps.chat.actions import Introduction, OpenedVisitor, visitor_start
from apps.chat.selectors import first_widget
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.steps import MessageDraft
from apps.core.ids import uuid7
from apps.routing.actions import agent_dispatch, offer_accept
from tests.support.people import arrive, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)

RECORDED: dict[str, int] = json.loads((Path(__file__).parent / "statement_counts.json").read_text())


def sent(step: Callable[[], Any]) -> int:
    """How many statements a step sends, transactions included."""
    with CaptureQueriesContext(connection) as captured:
        step()
    return len(captured)


def test_what_a_conversation_costs(acme: Any) -> None:
    agent = make_agent(chat=9)
    channel = first_widget()
    found: dict[str, int] = {}

    def start() -> None:
        visitor_start(
            channel=channel,
            opened=OpenedVisitor(visitor_id=uuid7(), generation=0, token="", visitor=None),
            start_key=uuid4(),
            who=Introduction(name="Ana", email=f"{uuid4().hex}@example.test", page={}),
            first=MessageDraft(uuid4(), "Hello, where is my order?"),
        )

    start()  # What each process reads once is not counted.
    found["start with its offer"] = sent(start)
    conversation = arrive()
    accepted = ringing(conversation)
    found["accept"] = sent(lambda: offer_accept(offer_id=accepted.pk, actor=agent.user))
    said = MessageDraft(uuid4(), "Hello")
    found["customer's message"] = sent(lambda: message_post(conversation_id=conversation.pk, draft=said))
    found["end by the customer"] = sent(
        lambda: conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    )
    found["assignment from a line"] = _assignment()
    assert found == RECORDED


def _assignment() -> int:
    """Of one who waits with others, to an agent who has room for one; the look for a second one included."""
    Agent.objects.update(base="away", status=Status.objects.get(code="away"))
    agent = make_agent(chat=1, available=False)
    for _ in range(3):
        arrive()
    Agent.objects.filter(pk=agent.pk).update(base="available", status=Status.objects.get(code="available"))
    return sent(lambda: agent_dispatch(agent_id=agent.pk))
