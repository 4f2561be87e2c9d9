"""Opening the console costs the same however much there is to show; the counts are kept as data."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.agents.models import Agent
from apps.console.selectors.own import agent_of
from apps.console.selectors.sync import missed_by
from apps.console.tray.selectors.tray import tray_state_for
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.notes.actions import note_add
from tests.support.pages import HTMX, browser_of
from tests.support.people import ContactFactory, arrive, make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)

COUNTS: dict[str, int] = json.loads((Path(__file__).parent / "query_counts.json").read_text())


def full_console(cards: int, lines: int) -> tuple[Agent, Conversation]:
    """An agent with so many cards, in the last of them so many lines; one offer, one earlier conversation."""
    agent = make_agent(chat=2)
    contact = ContactFactory()
    conversation_end(conversation_id=talk(agent, contact=contact).pk, by=Side.CUSTOMER, actor=None)
    last = talk(agent, contact=contact)
    for number in range(lines):
        side, actor = (Side.AGENT, agent.user) if number % 2 else (Side.CUSTOMER, None)
        message_post(
            conversation_id=last.pk,
            draft=MessageDraft(side=side, client_id=uuid4(), body=f"Line {number}", author=actor),
        )
        fields = {"conversation_id": last.pk, "key": uuid4(), "body": f"Note {number}", "on_contact": False}
        note_add(**fields, actor=agent.user)
    arrive()
    now = timezone.now()
    for _ in range(cards - 2):
        extra = arrive()
        Conversation.objects.filter(pk=extra.pk).update(state=State.ACTIVE, agent=agent.user, accepted_at=now)
    return agent, last


@pytest.mark.parametrize(("cards", "lines"), [(3, 2), (12, 60)])
def test_pages(acme: Any, cards: int, lines: int) -> None:
    agent, mine = full_console(cards, lines)
    browser = browser_of(agent.user)
    browser.get("/console/")
    found = {}
    for name, path, headers in (
        ("home", "/console/", {}),
        ("conversation", f"/console/c/{mine.pk}/", {}),
        ("workspace", f"/console/c/{mine.pk}/", HTMX),
        ("tray", "/console/tray/", HTMX),
        ("dashboard", "/console/me/", HTMX),
        ("palette", "/console/palette/", HTMX),
        ("settings", "/console/settings/", HTMX),
        ("notes", f"/console/c/{mine.pk}/notes/", HTMX),
        ("responses", f"/console/c/{mine.pk}/responses/", HTMX),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path, headers=headers).status_code == 200
        found[name] = len([each for each in queries if not each["sql"].startswith("SET search_path")])
    assert found == {name: COUNTS[name] for name in found}


@pytest.mark.parametrize("cards", [3, 12])
def test_a_sync(acme: Any, cards: int) -> None:
    agent, _last = full_console(cards, 6)
    agent = agent_of(agent.pk) or agent
    held = {row.pk: 0 for row in Conversation.objects.filter(agent=agent.user)}
    with CaptureQueriesContext(connection) as queries:
        missed_by(agent, held, timezone.now())
        tray_state_for(agent)
    assert len(queries) == COUNTS["sync"]
