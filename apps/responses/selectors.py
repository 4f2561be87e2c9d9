"""Reads of responses and drafts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count, groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.languages import language_fallbacks
from apps.responses.models import Draft, Response, ResponseGroup
from apps.responses.text import FilledText, fill_text, variable_values
from apps.routing.models import Requirement


@dataclass(frozen=True)
class FilledResponse:
    """A response as an agent may say it in one conversation."""

    response: Response
    filled: FilledText


@dataclass(frozen=True)
class FilledGroup:
    """A group with those of its responses that serve a conversation."""

    group: ResponseGroup
    responses: list[FilledResponse]


def usable_responses(conversation: Conversation, agent: Agent, *, at: datetime) -> QuerySet[Response]:
    """The responses that this agent may use in this conversation, in one query (CON-8).

    Within a kind of rule any match will do, and every kind must match. A conversation's skills are all that it has
    asked for: what it is about stays so when the queue stops insisting.

    Args:
        conversation: the conversation.
        agent: who answers.
        at: a response is offered until before its expiry.
    """
    asked = Requirement.objects.filter(conversation=conversation.pk, is_removed=False).values("skill")
    queue = Response.queues.through.objects.filter(response=OuterRef("pk"), queue=conversation.queue_id)
    skill = Response.skills.through.objects.filter(response=OuterRef("pk"), skill__in=asked)
    group = Response.agent_groups.through.objects.filter(response=OuterRef("pk"), agentgroup=agent.group_id)
    return Response.objects.select_related("group").filter(
        Q(expires_at=None) | Q(expires_at__gt=at),
        Q(queues_only=False) | Exists(queue),
        Q(skills_only=False) | Exists(skill),
        Q(groups_only=False) | Exists(group),
        is_enabled=True,
    )


def filled_responses(conversation: Conversation, agent: Agent) -> list[FilledGroup]:
    """The responses for a conversation by group, filled in; those in the customer's language come first in each.

    Args:
        conversation: with contact and queue loaded.
        agent: who answers, with the user loaded.
    """
    values = variable_values(conversation.contact, agent.user, conversation.queue)
    language = conversation.language or conversation.contact.language
    closeness = language_fallbacks(language) if language else [""]

    def place(response: Response) -> int:
        return closeness.index(response.language) if response.language in closeness else len(closeness)

    def ready(responses: Iterable[Response]) -> list[FilledResponse]:
        return [
            FilledResponse(
                each, fill_text(each.body_for(conversation.channel), values, language=each.language or language)
            )
            for each in sorted(responses, key=place)
        ]

    found = usable_responses(conversation, agent, at=timezone.now())
    return [FilledGroup(group, ready(responses)) for group, responses in groupby(found, key=lambda each: each.group)]


def drafts_of(conversation: Any, agent: Any) -> QuerySet[Draft]:
    """The draft of an agent in a conversation.

    Args:
        conversation: its id, or an expression such as ``OuterRef("pk")``.
        agent: the user's id, or an expression.
    """
    return Draft.objects.filter(conversation=conversation, agent=agent)


def free_shortcut(shortcut: str) -> str:
    """A shortcut that no response has, made of one by a number: `hello-2`."""
    most = int(Response._meta.get_field("shortcut").max_length or 0)  # noqa: SLF001 - Django's way to ask
    for number in count(2):
        end = f"-{number}"
        free = shortcut[: most - len(end)].rstrip("-_") + end
        if not Response.objects.filter(shortcut=free).exists():
            return free
    raise AssertionError  # Numbers don't end.
