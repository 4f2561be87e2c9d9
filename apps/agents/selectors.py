"""Reads of agents. `READY` and `FREE` are the one positive rule of who can be offered what (AGT-2)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone

from apps.agents.choices import Base, Reserved
from apps.agents.models import Agent, Capacity, Membership, Notice, Status, StatusInterval
from apps.core.statements import Among, Parameter, Statement

READY = Q(base=Base.AVAILABLE, is_draining=False, console_id__isnull=False, console_lost_at=None, user__is_active=True)
"""Available, with a live console, and not about to leave."""

FREE = Q(limit__gt=F("used") + F("forced") + F("awaited"))
"""A capacity with a free slot that nobody waits for: conversations may be offered."""

ROOM = Q(limit__gt=F("used") + F("forced"))
"""A capacity with a free slot, for whomever."""

NOTICE_KEPT = timedelta(hours=1)
"""How long a notice waits for a console that asks what it missed: what is older nobody needs to be told any more."""


def is_ready(agent: Agent) -> bool:
    """`READY` for a row in hand."""
    return agent.base == Base.AVAILABLE and not agent.is_draining and has_live_console(agent)


def can_answer(agent: Agent) -> bool:
    """Whether what rings at this agent rings on.

    Being System Busy, or about to leave, is no hindrance; neither is a lost console within its grace: a page that is
    loaded again finds the same offer with the same deadline (AGT-9). New ones need `is_ready`.
    """
    is_there = agent.console_id is not None and agent.user.is_active
    return is_there and (agent.base == Base.AVAILABLE or agent.status.code == Reserved.SYSTEM_BUSY)


def has_live_console(agent: Agent) -> bool:
    """Whether this agent's console is connected."""
    return agent.console_id is not None and agent.console_lost_at is None and agent.user.is_active


def has_free_slot(agent: Agent) -> bool:
    """Whether any slot of any family is free (AGT-3)."""
    return _ROOM.exists(agent=agent.pk)


_ROOM: Statement[Any] = Statement(
    lambda: Capacity.objects.filter(ROOM, agent=Parameter("agent", UUIDField())).values_list("pk", flat=True)[:1]
)


def is_serving(queue: Any) -> Q:
    """Agents who serve a queue, by themselves or through their group (RTE-2).

    Args:
        queue: its id, or an expression such as ``OuterRef(OuterRef("pk"))`` in a subquery of agents.
    """
    direct = Membership.objects.filter(queue=queue).values("agent")
    # A join, not a subquery of its own: an outer reference names the same row here as above.
    through = Agent.objects.filter(group__memberships__queue=queue).values("pk")
    return Q(Among("pk", ArraySubquery(direct))) | Q(Among("pk", ArraySubquery(through)))


def offerable_agents(family: Any) -> QuerySet[Agent]:
    """Agents who can be offered a conversation of this family now: Available, a live console, a free slot (AGT-2).

    Args:
        family: it, or an expression that stands for one.
    """
    free = Capacity.objects.filter(FREE, agent=OuterRef("pk"), family=family)
    return Agent.objects.filter(READY, Exists(free))


def selectable_statuses() -> QuerySet[Status]:
    """The statuses that an agent may choose (AGT-1)."""
    return Status.objects.filter(is_selectable=True)


def status_totals(agent_id: UUID, *, since: datetime, until: datetime) -> dict[str, timedelta]:
    """How long an agent was in each status, by label, within a span of time (AGT-11).

    Args:
        agent_id: the agent's user.
        since: start of the span, such as the agent's midnight.
        until: its end; an interval that is still open counts up to here.
    """
    totals: dict[str, timedelta] = {}
    touching = StatusInterval.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), agent_id=agent_id)
    for interval in touching.filter(started_at__lt=until).order_by("started_at"):
        spent = min(interval.ended_at or until, until) - max(interval.started_at, since)
        totals[interval.label] = totals.get(interval.label, timedelta()) + spent
    return totals


def notices_since(agent_id: UUID, since: datetime) -> list[Notice]:
    """What an agent was told since a time, of the last `NOTICE_KEPT`: a tab of yesterday is not told of yesterday."""
    return _NOTICES.all(agent=agent_id, since=max(since, timezone.now() - NOTICE_KEPT))


_NOTICES: Statement[Notice] = Statement(
    lambda: Notice.objects.filter(agent=Parameter("agent", UUIDField()), at__gte=Parameter("since", DateTimeField()))
)
