"""What tests of surveys do: set one up, end conversations, look at what was asked."""

from typing import Any

from apps.agents.models import Agent
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.ids import uuid7
from apps.queues.models import Queue
from apps.surveys.models import Survey, SurveyQueue, SurveyRequest
from tests.support.people import talk


def survey(queue: Queue | None = None, **fields: Any) -> Survey:
    """The default survey, switched on with these fields, or one of a queue's own. Else nobody is asked."""
    fields = {"is_active": True, "frequency": "nobody"} | fields
    if queue is not None:
        made = Survey.objects.create(name=f"Survey of {queue}", **fields)
        SurveyQueue.objects.create(queue=queue, survey=made)
        return made
    Survey.objects.filter(is_default=True).update(**fields)
    return Survey.objects.get(is_default=True)


def said(agent: Agent, **arrival: Any) -> Conversation:
    """A chat in which its agent has answered."""
    conversation = talk(agent, **arrival)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid7(), body="Good morning", author=agent.user),
    )
    return conversation


def end(conversation: Conversation, by: Side = Side.CUSTOMER, **fields: Any) -> SurveyRequest | None:
    """End a conversation; what was asked then."""
    conversation.refresh_from_db()
    actor = conversation.agent if by == Side.AGENT else None
    conversation_end(conversation_id=conversation.pk, by=by, **{"actor": actor} | fields)
    return asked(conversation)


def asked(conversation: Conversation) -> SurveyRequest | None:
    """What its customer was asked."""
    return SurveyRequest.objects.filter(conversation=conversation).first()


def kinds(conversation: Conversation) -> list[str]:
    """What its timeline says of surveys."""
    told = conversation.timeline.filter(kind__startswith="survey_").order_by("pk")
    return list(told.values_list("kind", flat=True))
