"""What routing shows on the pages of queues, users and conversations: who can be offered what, and why not (RTE-10)."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.home.registry import may_open, row_address
from apps.queues.models import Queue
from apps.routing.coverage import coverage_of_agent, coverage_of_conversation, coverage_of_queue
from apps.routing.explanation import explanations_of
from apps.tenants.admin_panels import admin_panel

LOOKING = frozenset({State.WAITING, State.OFFERED})
"""States in which a conversation looks for an agent."""
SHOWN = 100
"""Agents, or queues, that one page names."""


@admin_panel(Queue)
def queue_coverage(request: HttpRequest, queue: Queue) -> SafeString | None:
    """Who of its members can be offered what waits in a queue."""
    asked, rows = coverage_of_queue(queue)
    return _shown(request, "queue", {"asked": asked, "rows": rows, "of": "agent"})


@admin_panel(User)
def agent_coverage(request: HttpRequest, user: User) -> SafeString | None:
    """What a user is offered of the queues that they serve."""
    # Where operators live there are no agents.
    if user.is_operator or not Agent.objects.filter(pk=user.pk).exists():
        return None
    return _shown(request, "agent", {"rows": coverage_of_agent(user.pk), "of": "queue"})


@admin_panel(Conversation)
def conversation_coverage(request: HttpRequest, conversation: Conversation) -> SafeString | None:
    """Who can be offered a conversation that waits, and why it was offered to whom before."""
    asked, rows = coverage_of_conversation(conversation) if conversation.state in LOOKING else ([], [])
    context = {"waits": conversation.state in LOOKING, "asked": asked, "rows": rows, "of": "agent"}
    return _shown(request, "conversation", context | {"offers": explanations_of(conversation)})


def _shown(request: HttpRequest, subject: str, context: dict[str, Any]) -> SafeString:
    rows = context["rows"]
    named = [
        (row, _address(request, row.queue if context["of"] == "queue" else row.agent.user)) for row in rows[:SHOWN]
    ]
    context |= {"subject": subject, "nobody": not any(row.matches for row in rows), "rows": named}
    return render_to_string("routing/admin_coverage.html", context, request)


def _address(request: HttpRequest, row: Queue | User) -> str:
    """Where it is set up, for those who may open that."""
    return row_address(row) if may_open(request, type(row)) else ""
