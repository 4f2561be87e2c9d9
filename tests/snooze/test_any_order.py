"""Snooze, wake, wrap-up, leaving, ending, lost consoles, in any order: nothing is lost and nothing exceeded."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.agents.actions import agent_console_close, agent_console_open, agent_drain, agent_status_choose
from apps.agents.models import Agent
from apps.conversations.actions import conversation_end
from apps.conversations.choices import OWNED, Side, State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.dispositions.actions import Chosen, wrap_up_close, wrap_up_draft
from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue
from apps.routing.actions import conversation_force_close, conversation_requeue, offer_accept, offer_reject
from apps.routing.models import ChannelRules, Offer
from apps.snooze.actions import conversation_snooze, conversation_wake
from apps.snooze.models import Snooze
from apps.timers.models import Wakeup
from apps.timers.reconcile import tenant_reconcile
from tests.snooze.support import fire_due, say, switch_on
from tests.support import invariants
from tests.support.browsing import user_as
from tests.support.people import arrive, make_agent

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = 130
PAUSES = [0] * 8 + [1, 2, 5, 5, 8] * 3 + [35, 130, 920]
DEADLINES = (
    "snooze.wake",
    "conversations.wrap_up",
    "routing.offer",
    "agents.console",
    "clocks.reply",
    "routing.wait",
)


class Walk:
    """People who do whatever comes to their minds."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.agents = [make_agent(chat=1), make_agent(chat=2)]
        self.boss = user_as("administrator")
        resolution = CodeSet.objects.get(name="Resolution")
        self.chosen = [Chosen(resolution.pk, Code.objects.get(name="Resolved").pk)]
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        """One of them acts; a refusal is an answer, and where there is nothing to do somebody else does something."""
        while not self.act():
            pass

    def act(self) -> bool:
        usual = [self.arrive, self.answer, self.reply, self.snooze, self.wake, self.customer_says, self.status]
        rare = [self.end, self.draft, self.close, self.leave, self.console, self.supervise, self.mode]
        act: Callable[[], Any] = self.rng.choice(usual * 3 + [self.snooze] * 6 + rare)
        try:
            act()
            self.done[act.__name__] += 1
        except DomainError as refusal:
            self.done[refusal.code] += 1
            return refusal.code != "nothing"
        return True

    def pick(self, *states: State) -> Conversation:
        found = list(Conversation.objects.filter(state__in=states).order_by("pk"))
        if not found:
            raise DomainError("nothing", "there is none")
        return self.rng.choice(found)

    def arrive(self) -> None:
        if Conversation.objects.exclude(state=State.CLOSED).count() >= 8:
            raise DomainError("nothing", "there are enough")
        arrive()

    def answer(self) -> None:
        for offer in Offer.objects.filter(state="ringing").order_by("pk"):
            take = offer_accept if self.rng.random() < 0.9 else offer_reject
            take(offer_id=offer.pk, actor=offer.agent)

    def reply(self) -> None:
        conversation = self.pick(State.ACTIVE, State.ACTIVE, State.SNOOZED)
        say(conversation, Agent.objects.get(pk=conversation.agent_id))

    def customer_says(self) -> None:
        say(self.pick(State.ACTIVE, State.SNOOZED, State.WAITING))

    def snooze(self) -> None:
        conversation = self.pick(State.ACTIVE)
        assert conversation.agent is not None
        if self.rng.random() < 0.7:
            say(conversation, conversation.agent.agent)
        conversation_snooze(conversation_id=conversation.pk, option="15", actor=conversation.agent)

    def wake(self) -> None:
        conversation = self.pick(State.SNOOZED)
        assert conversation.agent is not None
        conversation_wake(conversation_id=conversation.pk, actor=conversation.agent)

    def end(self) -> None:
        conversation = self.pick(State.ACTIVE, State.SNOOZED)
        conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=conversation.agent)

    def leave(self) -> None:
        conversation = self.pick(State.WAITING, State.OFFERED, State.ACTIVE, State.SNOOZED)
        conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)

    def draft(self) -> None:
        conversation = self.pick(State.WRAP_UP)
        assert conversation.agent is not None
        wrap_up_draft(conversation_id=conversation.pk, chosen=self.chosen, description="so", actor=conversation.agent)

    def close(self) -> None:
        conversation = self.pick(State.WRAP_UP)
        assert conversation.agent is not None
        wrap_up_close(conversation_id=conversation.pk, chosen=self.chosen, description="", actor=conversation.agent)

    def status(self) -> None:
        for agent in self.agents:
            agent.refresh_from_db()
            if agent.console_id is None and self.rng.random() < 0.7:
                agent_console_open(agent_id=agent.pk, console_id=uuid4())
            if self.rng.random() < 0.08:
                agent_drain(agent_id=agent.pk)
            else:
                code = self.rng.choice(["available"] * 5 + ["away"])
                agent_status_choose(agent_id=agent.pk, code=code)

    def console(self) -> None:
        agent = self.rng.choice(self.agents)
        agent.refresh_from_db()
        if agent.console_id is None or agent.console_lost_at is not None:
            agent_console_open(agent_id=agent.pk, console_id=uuid4())
            agent_status_choose(agent_id=agent.pk, code="available")
        else:
            agent_console_close(agent_id=agent.pk, console_id=agent.console_id)

    def supervise(self) -> None:
        conversation = self.pick(State.ACTIVE, State.SNOOZED)
        act = self.rng.choice([conversation_requeue, conversation_force_close])
        act(conversation_id=conversation.pk, actor=self.boss)

    def mode(self) -> None:
        Queue.objects.update(acw_mode=self.rng.choice(["timed", "immediate", "off"]))


def check(at: datetime) -> None:
    """Whatever happened."""
    invariants.check_all()
    for conversation in Conversation.objects.all():
        assert (conversation.agent_id is not None) == (conversation.state in OWNED) or conversation.state == "closed"
        assert conversation.queue_id is not None
    assert not Wakeup.objects.filter(schema="acme", kind__in=DEADLINES, due_at__lte=at).exists()


@pytest.mark.parametrize("seed", range(3))
def test_any_order(acme: Any, seed: int) -> None:
    """SNZ-4, WRP-3, EDG-7: no slot exceeded, nothing lost, nobody without owner or queue, and the intervals tile."""
    switch_on(wakes_on_message=seed % 2 == 0)
    ChannelRules.objects.filter(family="chat").update(may_reject=True)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        walk = Walk(seed)
        for _ in range(STEPS):
            walk.step()
            invariants.check_slots()
            invariants.check_snoozes()
            clock.shift(timedelta(seconds=walk.rng.choice(PAUSES)))
            for _round in range(4):
                if not fire_due(*DEADLINES):
                    break
        check(timezone.now())
        assert tenant_reconcile(schema="acme", repair=False) == []
    assert Snooze.objects.count() > 3, walk.done
    assert Snooze.objects.filter(waking_at__isnull=False).exists() or seed, walk.done
    assert connection.schema_name == "acme"  # type: ignore[attr-defined]
