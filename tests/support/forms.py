"""What tests of forms do: set one up, publish it, send it, fill it in."""

from typing import Any

import pytest

from apps.agents.models import Agent
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.forms.actions import form_fields_set, form_fill, form_publish, form_reveal, form_save, form_send
from apps.forms.choices import Via
from apps.forms.models import Form, FormField, FormVersion, SentForm
from apps.forms.submission import PREFIX
from tests.support.people import talk

CARD = "4111 1111 1111 1234"
FIELDS: tuple[dict[str, Any], ...] = (
    {"label": "Full name", "is_required": True},
    {"label": "Card number", "name": "card", "secure": "mask", "keep": 4, "is_required": True},
    {"label": "Code", "kind": "password", "secure": "redact"},
)
ANSWERS = {"full_name": "Ana Ruiz", "card": CARD, "code": "q7-39z"}


def form(*fields: dict[str, Any], **of_form: Any) -> Form:
    """A form with a draft of these fields; those of `FIELDS` where none are named."""
    rules = {"queues": of_form.pop("queues", []), "agent_groups": of_form.pop("agent_groups", [])}
    made = Form(**{"name": f"Form {uuid7().hex[-6:]}", "title": "Identity check"} | of_form)
    form_save(form=made, **rules, actor=None)
    fields_set(made, *(fields or FIELDS))
    return made


def fields_set(made: Form, *fields: dict[str, Any]) -> None:
    """Make these the fields of its draft."""
    rows = [FormField(form=made, position=place, **each) for place, each in enumerate(fields)]
    form_fields_set(form=made, kept=rows, gone=list(made.fields.all()))


def published(*fields: dict[str, Any], **of_form: Any) -> Form:
    """A form that agents may send."""
    made = form(*fields, **of_form)
    publish(made)
    return made


def publish(made: Form) -> FormVersion:
    """Publish its draft."""
    version = form_publish(form=made, actor=None)
    made.refresh_from_db()
    return version


def given(**answers: Any) -> dict[str, list[str]]:
    """What a browser sends."""
    return {
        PREFIX + name.replace("__", "-"): value if isinstance(value, list) else [value]
        for name, value in answers.items()
    }


def send(agent: Agent, made: Form | None = None, conversation: Conversation | None = None) -> SentForm:
    """Send a form in a conversation of this agent's."""
    conversation = conversation or talked(agent)
    return form_send(conversation_id=conversation.pk, form_id=(made or published()).pk, actor=agent.user)


def talked(agent: Agent, **arrival: Any) -> Conversation:
    """A chat in which its agent has answered."""
    conversation = talk(agent, **arrival)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid7(), body="Hello", author=agent.user),
    )
    conversation.refresh_from_db()
    return conversation


def fill(sent: SentForm, via: Via = Via.WIDGET, **answers: Any) -> SentForm:
    """Fill it in."""
    return form_fill(sent_id=sent.pk, given=given(**(answers or ANSWERS)), via=via)


def reveal(sent: SentForm, agent: Agent, name: str = "", reason: str = "") -> dict[str, str]:
    """What an agent sees when they reveal it."""
    found = form_reveal(sent_id=sent.pk, name=name, reason=reason, actor=agent.user)
    return {each.name: each.text for each in found}


def code(call: Any, *args: Any, **kwargs: Any) -> str:
    """Why it is refused."""
    with pytest.raises(DomainError) as refused:
        call(*args, **kwargs)
    return refused.value.code


def lines(conversation: Conversation) -> list[tuple[str, str, str]]:
    """The lines of forms in a conversation, in order."""
    told = conversation.messages.filter(kind__in=["form", "filled"]).order_by("number")
    return list(told.values_list("kind", "side", "body"))


def kinds(conversation: Conversation) -> list[str]:
    """What its timeline says of forms."""
    told = conversation.timeline.filter(kind__startswith="form_").order_by("pk")
    return list(told.values_list("kind", flat=True))
