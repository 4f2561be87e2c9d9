"""A conversation's panel as its page has it: where it is, what it says, and what stands in its forms."""

from uuid import uuid4

from django.http import HttpResponse

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.notes.actions import note_add
from apps.notes.models import Note
from tests.support.pages import elements


def at(conversation: Conversation, rest: str = "") -> str:
    return f"/console/c/{conversation.pk}/{rest}"


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def note(conversation: Conversation, actor: User, body: str, on_contact: bool = False) -> Note:
    fields = {"conversation_id": conversation.pk, "key": uuid4(), "body": body, "on_contact": on_contact}
    return note_add(**fields, actor=actor).note  # type: ignore[arg-type]


def close(agent: Agent, conversation: Conversation) -> None:
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    outcome = CodeSet.objects.get(name="Resolution")
    chosen = [CodeChoice(outcome.pk, outcome.codes.get(name="Resolved").pk)]
    wrap_up_close(conversation_id=conversation.pk, chosen=chosen, description="", actor=agent.user)


def fields_of(answer: HttpResponse) -> dict[str, str]:
    """The form's values as a browser would send them, and more."""
    found = {str(each["name"]): str(each.get("value") or "") for each in elements(answer, "input") if each.get("name")}
    return {name: value for name, value in found.items() if not name.startswith("csrf")}
