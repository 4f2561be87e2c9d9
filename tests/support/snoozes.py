"""What tests of snooze do: switch it on, let time pass, say things."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import time_machine
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.agents.models import Agent, Capacity
from apps.conversations.actions import message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.snooze.actions import conversation_snooze
from apps.snooze.models import Snooze, SnoozeSettings
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support.people import talk

QUARTER = timedelta(minutes=15)
GRACE = timedelta(seconds=120)


def switch_on(**fields: Any) -> SnoozeSettings:
    """Snooze as a tenant has it that has switched it on."""
    settings: SnoozeSettings = SnoozeSettings.load()
    for name, value in ({"is_on": True} | fields).items():
        setattr(settings, name, value)
    settings.save()
    return settings


def say(conversation: Conversation, agent: Agent | None = None, body: str = "Hi") -> Message:
    """One side says something."""
    side, actor = (Side.AGENT, agent.user) if agent else (Side.CUSTOMER, None)
    return message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body=body, author=actor)
    )


def answered(agent: Agent, **arrival: Any) -> Conversation:
    """A chat in which its agent owes nothing."""
    conversation = talk(agent, **arrival)
    say(conversation, agent)
    conversation.refresh_from_db()
    return conversation


def snoozed(agent: Agent, option: str = "15", **arrival: Any) -> Conversation:
    """A chat that its agent has put aside."""
    conversation = answered(agent, **arrival)
    conversation_snooze(conversation_id=conversation.pk, option=option, actor=agent.user)
    conversation.refresh_from_db()
    return conversation


def state(conversation: Conversation) -> str:
    """Where it stands now."""
    conversation.refresh_from_db()
    return conversation.state


def snooze_of(conversation: Conversation) -> Snooze:
    """Its newest snooze."""
    return Snooze.objects.filter(conversation=conversation).latest("started_at")


def over(conversation: Any) -> tuple[str, bool]:
    """Why its newest snooze is over, and that it was tidied up."""
    snooze = snooze_of(conversation)
    assert snooze.ended_at is not None
    return snooze.cause, Wakeup.objects.filter(kind="snooze.wake", object_id=snooze.pk).exists()


def used(agent: Agent) -> int:
    """The chat slots that are taken."""
    return Capacity.objects.get(agent=agent, family="chat").used


def fire_due(*kinds: str) -> int:
    """What a runner does at this moment: everything of these kinds that is due, in the order of its time."""
    with schema_context("public"):
        now = timezone.now()
        due = list(Wakeup.objects.filter(schema="acme", kind__in=kinds, due_at__lte=now).order_by("due_at"))
    for wakeup in due:
        done = wakeup_fire(schema=wakeup.schema, kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)
        assert done in {"done", "gone"}, done
    assert connection.schema_name == "acme"  # type: ignore[attr-defined]
    return len(due)


def wake_at(moment: datetime) -> int:
    """Travel to a moment and let the runner wake what is due there."""
    with time_machine.travel(moment, tick=False):
        return fire_due("snooze.wake")
