"""Who looks at the console, and which conversations are their own: asked before anything is shown or done."""

from uuid import UUID

from django.db.models import UUIDField

from apps.agents.models import Agent
from apps.conversations.choices import OWNED_STATES
from apps.conversations.models import Conversation
from apps.core.rows import row_has
from apps.core.statements import Parameter, Statement
from apps.queues.choices import Family


def agent_of(user_id: UUID) -> Agent | None:
    """The agent that this user is, with user, role, status and what they chose for their console loaded."""
    return _AGENT.first(user=user_id)


_AGENT: Statement[Agent] = Statement(
    lambda: Agent.objects.select_related("user__role", "user__console_preferences", "status").filter(
        user=Parameter("user", UUIDField())
    )
)


def conversation_of_agent(agent: Agent, conversation_id: UUID) -> Conversation | None:
    """A conversation that this agent has or had last, with its contact and queue; none when it is not theirs."""
    mine = Conversation.objects.select_related("contact", "queue", "agent")
    return mine.filter(pk=conversation_id, agent=agent.user).first()


def conversation_owned_by(agent_id: UUID, conversation_id: UUID) -> Conversation | None:
    """A conversation that stands in this agent's tray."""
    return _OWNED.first(agent=agent_id, conversation=conversation_id)


_OWNED: Statement[Conversation] = Statement(
    lambda: Conversation.objects.select_related("contact", "queue").filter(
        pk=Parameter("conversation", UUIDField()),
        agent=Parameter("agent", UUIDField()),
        state__in=OWNED_STATES,
    )
)


def is_by_mail(agent_id: UUID, conversation_id: UUID) -> bool:
    """Whether this is a conversation of this agent's by email, which is answered with mails."""
    return row_has(Conversation, id=conversation_id, agent=agent_id, channel=Family.EMAIL)
