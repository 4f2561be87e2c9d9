"""Who waits in which queue at this moment, and how many agents could be offered something: the home's figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q

from apps.agents.choices import Base
from apps.agents.models import Agent, GroupMembership, Membership
from apps.agents.selectors import READY
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.queues.models import Queue
from apps.tenants.admin_reach import of_agent


@dataclass(frozen=True)
class QueueNow:
    """A queue in which somebody waits.

    Attributes:
        queue: it.
        waiting: how many wait in it, those included at whom an agent's console rings.
        longest: the longest that any of them has been in it.
        available: how many of those who serve it can be offered something, as far as status and console go.
    """

    queue: Queue
    waiting: int
    longest: timedelta
    available: int


@dataclass(frozen=True)
class AgentsNow:
    """How many agents there are.

    Attributes:
        available: Available, with a live console.
        signed_in: in any status but Offline.
    """

    available: int
    signed_in: int


def queues_now(queues: Iterable[UUID] | None, *, at: datetime) -> list[QueueNow]:
    """The queues in which somebody waits, in a fixed number of queries; who waits longest comes first.

    Args:
        queues: the keys of those that are looked at; None for all.
        at: now, an aware time.
    """
    found = _waiting(None if queues is None else list(queues))
    rows = Queue.objects.in_bulk(found)
    available = _available(found)
    shown = [QueueNow(rows[pk], count, at - since, available[pk]) for pk, (count, since) in found.items()]
    return sorted(shown, key=lambda each: each.longest, reverse=True)


def agents_now(queues: Iterable[UUID] | None) -> AgentsNow:
    """How many agents are there, who serve one of some queues.

    Args:
        queues: the keys of the queues; None for all agents.
    """
    serving = Q()
    if queues is not None:
        keys = list(queues)
        serving = Q(*((f"{path}__in", keys) for path in of_agent("")), _connector=Q.OR)
    agents = Agent.objects.filter(serving, user__is_active=True, user__deleted_at=None).order_by()
    ready = Count("pk", filter=READY, distinct=True)
    signed_in = Count("pk", filter=~Q(base=Base.OFFLINE), distinct=True)
    return AgentsNow(**agents.aggregate(available=ready, signed_in=signed_in))


def _waiting(queues: list[UUID] | None) -> dict[UUID, tuple[int, datetime]]:
    """By queue how many wait, and since when the first does; each state has an index of its own."""
    found: dict[UUID, tuple[int, datetime]] = {}
    within = Q() if queues is None else Q(queue__in=queues)
    for state in (State.WAITING, State.OFFERED):
        rows: Any = Conversation.objects.filter(within, state=state).order_by().values("queue")
        for row in rows.annotate(count=Count("pk"), since=Min("queue_entered_at")):
            count, since = found.get(row["queue"], (0, row["since"]))
            found[row["queue"]] = (count + row["count"], min(since, row["since"]))
    return found


def _available(queues: Iterable[UUID]) -> Counter[UUID]:
    """By queue how many of those who serve it are ready, whichever way they serve it (RTE-2)."""
    keys = list(queues)
    groups = dict(Agent.objects.filter(READY).values_list("pk", "group"))
    pairs = set(Membership.objects.filter(queue__in=keys, agent__in=groups).values_list("queue", "agent"))
    through = GroupMembership.objects.filter(queue__in=keys, group__in=set(groups.values()))
    for queue, group in through.values_list("queue", "group"):
        pairs |= {(queue, agent) for agent, own in groups.items() if own == group}
    return Counter(queue for queue, _agent in pairs)
