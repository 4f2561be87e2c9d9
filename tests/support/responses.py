"""Responses for tests, made as the pages make them."""

from typing import Any

from django.utils import timezone

from apps.agents.models import Agent
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.queues.choices import Family
from apps.queues.models import Queue
from apps.responses.actions import response_save
from apps.responses.models import Response, ResponseGroup
from tests.support.people import ContactFactory, default_queue


def make_response(
    shortcut: str, body: str = "Hi", *, queues: Any = (), skills: Any = (), agent_groups: Any = (), **fields: Any
) -> Response:
    """A response of a group of its own, unless one is named."""
    group = fields.pop("group", None) or ResponseGroup.objects.get_or_create(name="Ours")[0]
    return response_save(
        response=Response(group=group, name=fields.pop("name", shortcut), shortcut=shortcut, chat_body=body, **fields),
        queues=queues,
        skills=skills,
        agent_groups=agent_groups,
        actor=None,
    )


def engaged(agent: Agent, *, queue: Queue | None = None, **contact: Any) -> Conversation:
    """A chat that is with this agent, as a row alone: how it got there is no matter here."""
    return Conversation.objects.create(
        channel=Family.CHAT,
        state=State.ACTIVE,
        queue=queue or default_queue(),
        contact=ContactFactory(**contact),
        agent=agent.user,
        accepted_at=timezone.now(),
    )
