"""An end, and the built-in set of outcomes, for actions and for forms."""

from typing import Any

from apps.agents.models import Agent
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.dispositions.actions import CodeChoice
from apps.dispositions.models import Code, CodeSet
from tests.support.people import talk


def resolution(code: str = "Resolved") -> CodeChoice:
    code_set = CodeSet.objects.get(name="Resolution")
    return CodeChoice(code_set.pk, Code.objects.get(name=code).pk)


def outcome(name: str = "Resolved") -> dict[str, str]:
    """The form's fields that choose this code from the built-in set."""
    code_set = CodeSet.objects.get(name="Resolution")
    return {f"set_{code_set.pk.hex}": str(code_set.codes.get(name=name).pk)}


def end(conversation: Conversation, **how: Any) -> Conversation:
    """It ends, by its customer unless told otherwise."""
    conversation_end(conversation_id=conversation.pk, **({"by": Side.CUSTOMER, "actor": None} | how))
    conversation.refresh_from_db()
    return conversation


def ended(agent: Agent) -> Conversation:
    """A conversation of this agent's, in its wrap-up."""
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    conversation.refresh_from_db()
    return conversation
