"""A storm in two queues: agents and customers who do whatever comes to their mind, from several processes.

Everything here runs in offices: `gather` makes the people, `blow` lets some threads work until all is over, and `look`
judges what is stored. Deadlines are fired by the stack's own timers and workers.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django_tenants.utils import schema_context

from apps.accounts.models import Role, User
from apps.agents.actions import agent_console_close, agent_console_open, agent_create, agent_status_choose
from apps.agents.models import Agent, Capacity, Membership
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, conversation_start, message_post
from apps.conversations.choices import EventKind, Side, State
from apps.conversations.models import Conversation, ConversationEvent
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, wrap_up_close
from apps.dispositions.models import CodeSet
from apps.queues.choices import AcwMode, Family
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.routing.actions.sweep import stalled_conversations
from apps.routing.models import ChannelRules, Offer, SlotHold
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.support import desk, invariants

QUEUES = ("Storm", "Gale")
SLOTS = 2
LINE = 80
"""No more arrive while so many wait."""
DRAIN_SECONDS = 60
TOLERANCE = timedelta(seconds=1.5)
"""Between the moment that a step notes and its commit; who waited only then was perhaps not seen."""


def gather(agents: int) -> None:
    """Two queues of different priority and their agents: a quarter serves each alone, half serves both."""
    ChannelRules.objects.filter(family=Family.CHAT).update(offer_seconds=2)
    storm = Queue.objects.create(name=QUEUES[0], priority=5)
    gale = Queue.objects.create(name=QUEUES[1], priority=3, acw_mode=AcwMode.OFF)
    role = Role.objects.get(code="agent")
    for number in range(agents):
        user = User.objects.create(email=f"storm{number}@agents.test", first_name=f"Storm {number}", role=role)
        agent = agent_create(user=user, limits={Family.CHAT: SLOTS})
        serves = {0: [storm], 1: [gale]}.get(number % 4, [storm, gale])
        Membership.objects.bulk_create(Membership(agent=agent, queue=queue) for queue in serves)
        agent_console_open(agent_id=agent.pk, console_id=uuid4())
        agent_status_choose(agent_id=agent.pk, code="available")


def calm() -> None:
    """As it was for other tests: nobody is at work."""
    ChannelRules.objects.filter(family=Family.CHAT).update(offer_seconds=30)
    for agent_id, console_id in _people().exclude(console_id=None).values_list("pk", "console_id"):
        agent_status_choose(agent_id=agent_id, code="offline")
        agent_console_close(agent_id=agent_id, console_id=console_id)
        desk.console_hurry(str(agent_id), 0)


def _people() -> Any:
    return Agent.objects.filter(user__email__startswith="storm")


def conversations() -> Any:
    """All of the storm."""
    return Conversation.objects.filter(queue__name__in=QUEUES)


def blow(name: str, share: tuple[int, int], quota: int, threads: int, seconds: float) -> Counter[str]:
    """Let some threads work until the quota has arrived and all that is theirs is over.

    Args:
        name: whose customers; a successor of one that died goes on with what is left of its quota.
        share: which agents: those whose place in the list, modulo the second, is the first.
        quota: how many conversations this office opens.
        threads: how many work at once.
        seconds: after which no more arrive, on a slow machine, and what is there is brought to its end.

    Returns:
        What was done, and how often.
    """
    contact = Contact.objects.get_or_create(name=name)[0]
    left = quota - conversations().filter(contact=contact).count()
    crowd = [Crowd(contact, share, (left + n) // threads, seconds) for n in range(threads)]
    runs = [Thread(target=one.run, args=(connection.schema_name,)) for one in crowd]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    for one in crowd:
        if one.failure is not None:
            raise one.failure
    return sum((one.done for one in crowd), Counter())


@dataclass
class Crowd:
    """What one thread does, step by step."""

    contact: Contact
    share: tuple[int, int]
    quota: int
    seconds: float
    failure: Exception | None = None
    done: Counter[str] = field(default_factory=Counter)
    rng: random.Random = field(default_factory=lambda: random.Random(uuid4().int))

    def run(self, schema: str) -> None:
        """Work in a tenant until all is over."""
        try:
            with schema_context(schema):
                self._begin()
                shuts = time.monotonic() + self.seconds
                while time.monotonic() < shuts + DRAIN_SECONDS and self._goes_on():
                    self._step()
                    self.quota = self.quota if time.monotonic() < shuts else 0
        except Exception as failure:
            self.failure = failure
        finally:
            connection.close()

    def _begin(self) -> None:
        place, of = self.share
        self.agents = list(_people().order_by("pk").values_list("pk", flat=True))[place::of]
        self.users = User.objects.in_bulk(self.agents)
        self.queues = list(Queue.objects.filter(name__in=QUEUES))
        resolution = CodeSet.objects.get(name="Resolution")
        self.outcome = [CodeChoice(resolution.pk, resolution.codes.get(name="Resolved").pk)]

    def _goes_on(self) -> bool:
        return self.quota > 0 or conversations().exclude(state=State.CLOSED).exists()

    def _step(self) -> None:
        for act in (self._arrive, self._answer, self._talk, self._wrap_up, self._flap, self._revive):
            try:
                act()
            except DomainError as refused:
                self.done[refused.code] += 1

    def _arrive(self) -> None:
        room = LINE - conversations().filter(state=State.WAITING).count()
        for _ in range(min(4, self.quota, room)):
            conversation_start(
                channel=Family.CHAT,
                queue=self.rng.choice(self.queues),
                contact=self.contact,
                start_key=uuid4(),
                first=MessageDraft(uuid4(), "Hello"),
            )
            self.quota -= 1
            self.done["arrived"] += 1

    def _answer(self) -> None:
        ringing = Offer.objects.filter(state="ringing", agent__in=self.agents).order_by("created_at")
        for offer_id, agent_id in ringing.values_list("pk", "agent")[:6]:
            # One of ten nobody ever answers, however quickly the others are.
            if offer_id.int % 10:
                offer_accept(offer_id=offer_id, actor=self.users[agent_id])
                self.done["accepted"] += 1

    def _talk(self) -> None:
        """End some, with or without a word; now and then a customer who waits gives up."""
        talks = conversations().filter(state=State.ACTIVE, agent__in=self.agents).order_by("accepted_at")
        for conversation_id, agent_id in talks.values_list("pk", "agent")[:5]:
            if self.rng.random() < 0.3:
                self._say(conversation_id, agent_id)
            by_agent = self.rng.random() < 0.5
            conversation_end(
                conversation_id=conversation_id,
                by=Side.AGENT if by_agent else Side.CUSTOMER,
                actor=self.users[agent_id] if by_agent else None,
            )
            self.done["ended"] += 1
        if self.rng.random() < 0.05 and (last := conversations().filter(state=State.WAITING).last()):
            conversation_end(conversation_id=last.pk, by=Side.CUSTOMER, actor=None)
            self.done["gave up"] += 1

    def _say(self, conversation_id: UUID, agent_id: UUID) -> None:
        message_post(
            conversation_id=conversation_id,
            draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Good morning", author=self.users[agent_id]),
        )

    def _wrap_up(self) -> None:
        left = conversations().filter(state=State.WRAP_UP, agent__in=self.agents)
        for conversation_id, agent_id in left.values_list("pk", "agent")[:6]:
            wrap_up_close(
                conversation_id=conversation_id, chosen=self.outcome, description="", actor=self.users[agent_id]
            )
            self.done["closed"] += 1

    def _flap(self) -> None:
        """Somebody's console goes, for good or for a moment, or they choose another status amid it all."""
        if self.rng.random() > 0.35:
            return
        agent_id = self.rng.choice(self.agents)
        console_id = Agent.objects.values_list("console_id", flat=True).get(pk=agent_id)
        if console_id is None:
            return
        if self.rng.random() < 0.5:
            agent_status_choose(agent_id=agent_id, code=self.rng.choice(["away", "busy", "available"]))
            self.done["status"] += 1
            return
        agent_console_close(agent_id=agent_id, console_id=console_id)
        if self.rng.random() < 0.5:
            agent_console_open(agent_id=agent_id, console_id=uuid4())
            self.done["blinked"] += 1
        else:
            desk.console_hurry(str(agent_id), 0.3)
            self.done["lost"] += 1

    def _revive(self) -> None:
        """Whoever is not Available comes back to work."""
        gone = _people().filter(pk__in=self.agents).exclude(base__in=["available"]).exclude(status__code="system_busy")
        for agent in gone.order_by("status_since")[:2]:
            if self.rng.random() < 0.5:
                if agent.console_id is None or agent.console_lost_at is not None:
                    agent_console_open(agent_id=agent.pk, console_id=uuid4())
                agent_status_choose(agent_id=agent.pk, code="available")
                self.done["came back"] += 1


def glance() -> dict[str, int]:
    """In the midst of it, in one snapshot: what is held is what is counted, and within what each agent has."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        held = Counter(SlotHold.objects.filter(agent__in=_people(), forced=False).values_list("agent", flat=True))
        for agent_id, used, limit in Capacity.objects.filter(agent__in=_people(), family=Family.CHAT).values_list(
            "agent", "used", "limit"
        ):
            assert held[agent_id] == used <= limit, (agent_id, held[agent_id], used, limit)
        ringing = Counter(
            Offer.objects.filter(state="ringing", conversation__queue__name__in=QUEUES).values_list(
                "conversation", flat=True
            )
        )
        assert not [pk for pk, count in ringing.items() if count > 1]
        return dict(Counter(conversations().values_list("state", flat=True)))


def look() -> dict[str, int]:
    """What became of it all: offers by their outcome.

    Raises:
        AssertionError: a conversation is stuck, a slot is held, a wake-up fits nothing, somebody was overtaken.
    """
    states = Counter(conversations().values_list("state", flat=True))
    assert set(states) == {State.CLOSED}, states
    assert not Capacity.objects.filter(agent__in=_people()).exclude(used=0, forced=0).exists()
    assert not SlotHold.objects.filter(agent__in=_people()).exists()
    invariants.check_all()
    assert stalled_conversations() == []
    assert tenant_wakeups_reconcile(schema=connection.schema_name, repair=False) == []
    overtaken = list(_overtaken())
    assert not overtaken, overtaken[:5]
    offers = Offer.objects.filter(conversation__queue__name__in=QUEUES)
    return dict(Counter(offers.values_list("state", flat=True)))


@dataclass(frozen=True)
class Waited:
    """One wait of a conversation, from the step that began it to the one that ended it."""

    conversation: UUID
    queue: UUID
    rank: tuple[Any, ...]
    since: datetime
    until: datetime
    agent: UUID | None


def _waits() -> Iterator[Waited]:
    """Every wait, as the timeline tells it."""
    rows = conversations().in_bulk()
    begun: dict[UUID, tuple[datetime, bool]] = {}
    events = ConversationEvent.objects.filter(conversation__in=rows).order_by("conversation", "pk")
    for pk, kind, at, data in events.values_list("conversation", "kind", "at", "data"):
        if kind in {EventKind.QUEUED, EventKind.RETURNED}:
            begun[pk] = (at, kind == EventKind.RETURNED)
        elif kind in {EventKind.OFFERED, EventKind.ENDED} and pk in begun:
            since, returned = begun.pop(pk)
            row = rows[pk]
            rank = (row.priority, not returned, row.first_arrived_at, pk)
            agent = UUID(data["agent"]) if kind == EventKind.OFFERED else None
            yield Waited(pk, row.queue_id, rank, since, at, agent)


def _overtaken() -> Iterator[tuple[Waited, Waited]]:
    """Whoever waited well before and well after somebody of a lower rank was offered to an agent of theirs (RTE-7)."""
    serves: dict[UUID, set[UUID]] = {}
    for agent_id, queue_id in Membership.objects.filter(agent__in=_people()).values_list("agent", "queue"):
        serves.setdefault(agent_id, set()).add(queue_id)
    waits = sorted(_waits(), key=lambda wait: wait.since)
    for offered in (wait for wait in waits if wait.agent is not None):
        for other in waits:
            if other.since > offered.until - TOLERANCE:
                break
            stood = other.until > offered.until + TOLERANCE
            if stood and other.rank < offered.rank and other.queue in serves[offered.agent]:  # type: ignore[index]
                yield other, offered
