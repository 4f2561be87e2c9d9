"""Who looks at the console, and which conversations are their own: asked before anything is shown or done."""

from uuid import UUID

from apps.agents.models import Agent
from apps.conversations.choices import OWNED_STATES
from apps.conversations.models import Conversation
from apps.core.rows import row_has
from apps.queues.choices import Family


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role, status and what they chose for their console loaded."""
    related = Agent.objects.select_related("user__role", "user__console_preferences", "status")
    return related.filter(user=user_id).first()


def conversation_of_agent(agent: Agent, conversation_id: UUID) -> Conversation | None:
    """A conversation that this agent has or had last, with its contact and queue; none when it is not theirs."""
    mine = Conversation.objects.select_related("contact", "queue", "agent")
    return mine.filter(pk=conversation_id, agent=agent.user).first()


def conversation_owned_by(agent_id: UUID, conversation_id: UUID) -> Conversation | None:
    """A conversation that stands in this agent's tray."""
    known = Conversation.objects.select_related("contact", "queue")
    return known.filter(pk=conversation_id, agent=agent_id, state__in=OWNED_STATES).first()


def is_by_mail(agent_id: UUID, conversation_id: UUID) -> bool:
    """Whether this is a conversation of this agent's by email, which is answered with mails."""
    return row_has(Conversation, id=conversation_id, agent=agent_id, channel=Family.EMAIL)
