"""Time that moves as the tests want it to, and a stand-in for the runner of timers."""

from datetime import datetime, timedelta
from uuid import uuid4

import time_machine
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.agents.models import Agent
from apps.clocks.deadlines import reply_columns
from apps.clocks.models import ReplyClock
from apps.clocks.steps import REPLY_DEADLINE
from apps.conversations.actions import message_post
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support import invariants

MILLISECOND = timedelta(milliseconds=1)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def at(moment: datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def fire_due() -> int:
    """What a runner does at this moment: everything that is due, in the order of its time."""
    fired = 0
    with schema_context("public"):
        due = list(Wakeup.objects.filter(kind=REPLY_DEADLINE, due_at__lte=timezone.now()).order_by("due_at"))
    for wakeup in due:
        done = wakeup_fire(schema=wakeup.schema, kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)
        assert done in {"done", "gone"}, done
        fired += 1
    return fired


def run_at(moment: datetime) -> int:
    """Travel to a moment and let the runner work there."""
    with at(moment):
        return fire_due()


def say(conversation: Conversation, agent: Agent | None = None, body: str = "Hi") -> Message:
    side, actor = (Side.AGENT, agent.user) if agent else (Side.CUSTOMER, None)
    return message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body=body, author=actor)
    )


def say_at(moment: datetime, conversation: Conversation, agent: Agent | None = None, body: str = "Hi") -> Message:
    with at(moment):
        return say(conversation, agent, body)


def clock_of(conversation: Conversation) -> ReplyClock:
    return ReplyClock.objects.get(pk=conversation.pk)


def notices(conversation: Conversation) -> list[str]:
    return list(Message.objects.filter(conversation=conversation, kind="notice").values_list("body", flat=True))


def check_clocks() -> None:
    """A clock runs exactly while an agent has the conversation; its wake-up is its deadline; and all else holds."""
    clocks = ReplyClock.objects.select_related("conversation").in_bulk()
    with_agent = Conversation.objects.filter(state__in=[State.ACTIVE, State.SNOOZED]).exclude(channel="voice")
    assert set(clocks) == set(with_agent.values_list("pk", flat=True))
    for clock in clocks.values():
        waits_for = "agent" if clock.conversation.unanswered_since else "customer"
        assert clock.paused_at or clock.waits_for == waits_for
    wakeups = Wakeup.objects.filter(schema=connection.schema_name, kind=REPLY_DEADLINE)
    assert dict(wakeups.values_list("object_id", "due_at")) == dict(reply_columns())
    invariants.check_all()
