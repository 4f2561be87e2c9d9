"""Snooze, wake, transfer, decline, wrap-up, correction, leaving, lost consoles, in any order (SNZ-4, XFR-4, WRP-3).

Whatever the order: no slot is exceeded, no conversation lost, none without an owner or a queue, and waiting, handling,
snoozed and wrap-up tile each one's life.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from apps.agents.actions import agent_console_close, agent_console_open, agent_drain, agent_status_choose
from apps.agents.choices import Base
from apps.agents.models import Agent
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.choices import OWNED_STATES, Side, State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, outcome_correct, wrap_up_close, wrap_up_draft
from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue
from apps.routing.actions import conversation_force_close, conversation_requeue, offer_accept, offer_reject
from apps.routing.actions.sweep import stalled_conversations
from apps.routing.models import ChannelRules, Offer
from apps.snooze.actions import conversation_snooze, conversation_wake
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from apps.transfers.actions import transfer_cancel, transfer_to_agent, transfer_to_queue
from tests.support import invariants
from tests.support.browser import user_as
from tests.support.databases import fresh_database
from tests.support.people import ContactFactory, arrive, default_queue, make_agent
from tests.support.snoozes import fire_due, say, switch_on

pytestmark = pytest.mark.django_db(transaction=True)

START: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOST: Final = 4
"""Conversations that live at a time: enough that slots are fought for."""
STEPS: Final = (25, 40)
PAUSES: Final = [0, 0, 0, 0, 0, 1, 1, 2, 5, 12, 35, 130, 920]
"""Seconds between two moves: within offers, graces and timers, and past each of them."""
DEADLINES: Final = (
    "agents.console",
    "clocks.reply",
    "conversations.wrap_up",
    "routing.first_response",
    "routing.offer",
    "routing.wait",
    "snooze.wake",
)
days = st.fixed_dictionaries(
    {
        "wakes_on_message": st.booleans(),
        "grace": st.sampled_from([120, 120, 0]),
        "answers": st.sampled_from(["manual", "manual", "auto"]),
        "wrap_up": st.sampled_from(["timed", "immediate", "off"]),
        # Which of the moves that are possible then, and how much time passes after it.
        "moves": st.lists(
            st.tuples(st.integers(0, 9_999), st.sampled_from(PAUSES)), min_size=STEPS[0], max_size=STEPS[1]
        ),
    }
)

MOVES: Final[dict[str, dict[str, int]]] = {
    State.WAITING: {"leave": 1},
    State.OFFERED: {"customer_says": 1, "leave": 1},
    State.ACTIVE: {
        "snooze": 7,
        "to_agent": 4,
        "to_queue": 2,
        "reply": 2,
        "customer_says": 2,
        "cancel": 1,
        "end": 1,
        "leave": 1,
        "requeue": 1,
        "force": 1,
    },
    State.SNOOZED: {
        "customer_says": 5,
        "wake": 2,
        "reply": 1,
        "to_queue": 1,
        "to_agent": 1,
        "end": 1,
        "leave": 1,
        "requeue": 1,
        "force": 1,
    },
    State.WRAP_UP: {"close": 2, "draft": 1, "leave": 1},
    State.CLOSED: {"correct": 1},
}
"""What may be done with a conversation in each state, refused or not, and how often."""


class Day:
    """People who do what an example says; a refusal is an answer."""

    def __init__(self, world: dict[str, Any]) -> None:
        switch_on(wakes_on_message=world["wakes_on_message"], grace_seconds=world["grace"])
        ChannelRules.objects.filter(family="chat").update(may_reject=True, answer_mode=world["answers"])
        Queue.objects.update(acw_mode=world["wrap_up"])
        sales = Queue.objects.create(name="Sales", acw_mode=world["wrap_up"])
        self.queues = [default_queue(), sales]
        self.agents = [make_agent(chat=1), make_agent(chat=2, queues=self.queues), make_agent(chat=1, queues=[])]
        self.boss = user_as("administrator")
        self.contact: Contact = ContactFactory()
        resolution = CodeSet.objects.get(name="Resolution")
        self.chosen = [CodeChoice(resolution.pk, Code.objects.get(name="Resolved").pk)]
        self.other = [CodeChoice(resolution.pk, Code.objects.get(name="Pending").pk)]
        self.seen: Counter[str] = Counter()

    def live(self, pick: int) -> None:
        """One of them acts."""
        possible = self._possible()
        move, row = possible[pick % len(possible)]
        try:
            getattr(self, f"_{move}")(row, pick // len(possible))
        except DomainError as refusal:
            move = refusal.code
        self.seen[move] += 1

    def _possible(self) -> list[tuple[str, Any]]:
        """Every move that makes sense now and on what, as often as it is to be likely, in an order that repeats."""
        rows = Conversation.objects.select_related("agent").order_by("pk")
        open_ones = list(rows.exclude(state=State.CLOSED))
        moves: list[tuple[str, Any]] = [("arrive", None)] * (3 if len(open_ones) < MOST else 0)
        for offer in Offer.objects.select_related("agent").filter(state="ringing").order_by("pk"):
            moves += [("accept", offer)] * 6 + [("decline", offer)]
        for row in [*open_ones, *rows.filter(state=State.CLOSED, outcome__isnull=False).reverse()[:1]]:
            for move, times in MOVES[row.state].items():
                moves += [(move, row)] * times
        for agent in Agent.objects.filter(pk__in=[each.pk for each in self.agents]).order_by("pk"):
            if agent.console_id is None or agent.console_lost_at is not None:
                moves += [("come_back", agent)] * 2
            elif agent.base == Base.AVAILABLE:
                moves.append(("rest", agent))
            else:
                moves += [("available", agent)] * 2
        return moves

    # --- Customers

    def _arrive(self, _row: None, pick: int) -> None:
        arrive(queue=self.queues[pick % 2], contact=self.contact)

    def _customer_says(self, row: Conversation, _pick: int) -> None:
        say(row)

    def _leave(self, row: Conversation, _pick: int) -> None:
        conversation_end(conversation_id=row.pk, by=Side.CUSTOMER, actor=None)

    # --- Agents and their conversations

    def _accept(self, offer: Offer, _pick: int) -> None:
        offer_accept(offer_id=offer.pk, actor=offer.agent)

    def _decline(self, offer: Offer, _pick: int) -> None:
        offer_reject(offer_id=offer.pk, actor=offer.agent)

    def _reply(self, row: Any, _pick: int) -> None:
        say(row, row.agent.agent)

    def _speak(self, row: Any, pick: int) -> None:
        """An answer first, as nearly always: what it owes can be neither snoozed nor, opened by itself, passed on."""
        if pick % 6 != 5:
            say(row, row.agent.agent)

    def _snooze(self, row: Any, pick: int) -> None:
        self._speak(row, pick)
        conversation_snooze(conversation_id=row.pk, option="15", actor=row.agent)

    def _wake(self, row: Any, _pick: int) -> None:
        conversation_wake(conversation_id=row.pk, actor=row.agent)

    def _to_agent(self, row: Any, pick: int) -> None:
        self._speak(row, pick)
        others = [agent.pk for agent in self.agents if agent.pk != row.agent_id]
        transfer_to_agent(conversation_id=row.pk, agent_id=others[pick % 2], actor=row.agent)

    def _to_queue(self, row: Any, pick: int) -> None:
        transfer_to_queue(conversation_id=row.pk, queue_id=self.queues[pick % 2].pk, actor=row.agent)

    def _cancel(self, row: Any, _pick: int) -> None:
        transfer_cancel(conversation_id=row.pk, actor=row.agent)

    def _end(self, row: Any, _pick: int) -> None:
        conversation_end(conversation_id=row.pk, by=Side.AGENT, actor=row.agent)

    def _draft(self, row: Any, _pick: int) -> None:
        wrap_up_draft(conversation_id=row.pk, chosen=self.chosen, description="so", actor=row.agent)

    def _close(self, row: Any, _pick: int) -> None:
        wrap_up_close(conversation_id=row.pk, chosen=self.chosen, description="", actor=row.agent)

    # --- Agents and their consoles

    def _available(self, agent: Agent, _pick: int) -> None:
        agent_status_choose(agent_id=agent.pk, code="available")

    def _rest(self, agent: Agent, pick: int) -> None:
        """Away, away after these, or a browser that is closed."""
        if pick % 3 == 0:
            agent_status_choose(agent_id=agent.pk, code="away")
        elif pick % 3 == 1:
            agent_drain(agent_id=agent.pk)
        elif agent.console_id is not None:
            agent_console_close(agent_id=agent.pk, console_id=agent.console_id)

    def _come_back(self, agent: Agent, _pick: int) -> None:
        agent_console_open(agent_id=agent.pk, console_id=uuid4(), take_over=True)
        agent_status_choose(agent_id=agent.pk, code="available")

    # --- Supervisors

    def _correct(self, row: Conversation, _pick: int) -> None:
        outcome_correct(conversation_id=row.pk, chosen=self.other, description="No", actor=self.boss)

    def _requeue(self, row: Conversation, _pick: int) -> None:
        conversation_requeue(conversation_id=row.pk, actor=self.boss)

    def _force(self, row: Conversation, _pick: int) -> None:
        conversation_force_close(conversation_id=row.pk, actor=self.boss)


def check_step() -> None:
    """After each move: slots, offers and snoozes agree, and whatever lives is somebody's or waits."""
    invariants.check_slots()
    invariants.check_offers()
    invariants.check_snoozes()
    invariants.check_lives()
    for conversation in Conversation.objects.all():
        assert conversation.queue_id is not None
        if conversation.state != State.CLOSED:
            assert (conversation.agent_id is not None) == (conversation.state in OWNED_STATES), conversation.state


def check_day(at: datetime) -> None:
    """At its end: every invariant, no deadline missed, none missing, and nobody waits whom an agent could take."""
    invariants.check_all()
    assert not Wakeup.objects.filter(schema="acme", kind__in=DEADLINES, due_at__lte=at).exists()
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []
    with time_machine.travel(at + timedelta(seconds=5), tick=False):
        assert stalled_conversations() == []


# The pool's own threads roll dice while an example is drawn; the examples don't.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@settings(
    max_examples=12,
    # A day takes a second or two: to make one that fails smaller would take many minutes.
    phases=[Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(world=days)
def test_any_order(acme: Any, world: dict[str, Any]) -> None:
    try:
        with time_machine.travel(START, tick=False) as clock:
            day = Day(world)
            for pick, pause in world["moves"]:
                day.live(pick)
                clock.shift(timedelta(seconds=pause))
                # What fires may be due to fire something else.
                while fire_due(*DEADLINES):
                    pass
                check_step()
            check_day(timezone.now())
        assert connection.schema_name == "acme"  # type: ignore[attr-defined]
    finally:
        fresh_database("acme")
