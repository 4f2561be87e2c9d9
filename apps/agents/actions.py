"""Every change of an agent: status, console, slots."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.choices import Base, Cause, Reserved
from apps.agents.events import AgentReady, AgentUnready
from apps.agents.frames import StatusFrame, status_view
from apps.agents.models import Agent, AgentGroup, Capacity, Status, StatusInterval
from apps.agents.selectors import is_ready
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.queues.choices import Family
from apps.realtime.groups import agent_group
from apps.realtime.publish import publish
from apps.timers.actions import wakeup_clear, wakeup_set

CONSOLE_DEADLINE = "agents.console"
CONSOLE_GRACE = timedelta(seconds=60)
"""How long a lost console may stay away before its agent counts as gone (AGT-9)."""

DEFAULT_LIMITS = {Family.CHAT: 3, Family.EMAIL: 5, Family.VOICE: 1}
"""Slots of a new agent (TEN-4)."""


@transaction.atomic
def agent_create(*, user: User, group: AgentGroup | None = None, limits: dict[Family, int] | None = None) -> Agent:
    """Make a user an agent: Offline, with slots in every family (TEN-4).

    Args:
        user: who becomes an agent; one who is already stays as they are.
        group: the agent group; none means the built-in "Default Group".
        limits: slots by family, 0 to 15; what is missing takes `DEFAULT_LIMITS`.
    """
    offline = Status.objects.get(code=Base.OFFLINE)
    group = group or AgentGroup.objects.get_or_create(name="Default Group", defaults={"is_stock": True})[0]
    agent, created = Agent.objects.get_or_create(
        user=user, defaults={"group": group, "status": offline, "base": Base.OFFLINE}
    )
    if created:
        wanted = DEFAULT_LIMITS | (limits or {})
        Capacity.objects.bulk_create(
            [Capacity(agent=agent, family=family, limit=limit) for family, limit in wanted.items()]
        )
    return agent


def agent_lock(agent_id: UUID) -> Agent:
    """The agent, locked until the transaction ends: the second lock of the fixed order.

    Raises:
        DomainError: ``agent_unknown``.
    """
    found = (
        Agent.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "status")
        .filter(pk=agent_id)
        .first()
    )
    if found is None:
        raise DomainError("agent_unknown", _("This user is not an agent."))
    return found


@transaction.atomic
def agent_status_choose(*, agent_id: UUID, code: str) -> Agent:
    """The agent's own choice of status (AGT-1).

    Args:
        agent_id: the agent's user.
        code: code of a status that can be chosen.

    Raises:
        DomainError: ``status_unknown``.
    """
    status = Status.objects.filter(code=code, is_selectable=True).first()
    if status is None:
        raise DomainError("status_unknown", _("There is no such status."))
    agent = agent_lock(agent_id)
    agent.chosen_status = status
    agent.save(update_fields=["chosen_status"])
    status_enter(agent, status, Cause.CHOSEN)
    return agent


@transaction.atomic
def agent_set_idle_away(*, agent_id: UUID) -> Agent:
    """Away (Idle): an offer rang and nobody answered (AGT-7). It ends only by the agent's own choice."""
    agent = agent_lock(agent_id)
    status_enter(agent, Status.objects.get(code=Reserved.SYSTEM_AWAY), Cause.OFFER_TIMED_OUT)
    return agent


def status_enter(agent: Agent, status: Status, cause: Cause) -> None:
    """Move a locked agent to a status: close the interval, open the next, tell the console and routing (AGT-11)."""
    if agent.status_id == status.pk:
        return
    now, was_ready = timezone.now(), is_ready(agent)
    StatusInterval.objects.filter(agent=agent, ended_at=None).update(ended_at=now)
    StatusInterval.objects.create(agent=agent, base=status.base, label=status.label, cause=cause, started_at=now)
    agent.status, agent.base, agent.status_since = status, status.base, now
    if status.base == Base.AVAILABLE:
        agent.idle_since = now
    agent.save(update_fields=["status", "base", "status_since", "idle_since"])
    publish(StatusFrame(status=status_view(agent), cause=cause), groups=[agent_group(agent.pk)])
    _tell_readiness(agent, was_ready)


def _tell_readiness(agent: Agent, was_ready: bool) -> None:
    now_ready = is_ready(agent)
    if now_ready and not was_ready:
        announce(AgentReady(agent.pk))
    elif was_ready and not now_ready:
        announce(AgentUnready(agent.pk))


@transaction.atomic
def agent_console_open(*, agent_id: UUID, console_id: UUID) -> Agent:
    """A console of this agent is live. From Offline they become Away, and choose when they are Available (AGT-4).

    Args:
        agent_id: the agent's user.
        console_id: made by the console, one for each open page.
    """
    agent = agent_lock(agent_id)
    was_ready = is_ready(agent)
    agent.console_id, agent.console_lost_at = console_id, None
    agent.save(update_fields=["console_id", "console_lost_at"])
    wakeup_clear(kind=CONSOLE_DEADLINE, object_id=agent.pk)
    _tell_readiness(agent, was_ready)
    if agent.base == Base.OFFLINE:
        status_enter(agent, Status.objects.get(code=Base.AWAY), Cause.SIGNED_IN)
    return agent


@transaction.atomic
def agent_console_close(*, agent_id: UUID, console_id: UUID) -> None:
    """A console's socket is gone: no more offers, and the grace begins. One that was replaced changes nothing."""
    agent = agent_lock(agent_id)
    if agent.console_id != console_id or agent.console_lost_at is not None:
        return
    was_ready = is_ready(agent)
    agent.console_lost_at = timezone.now()
    agent.save(update_fields=["console_lost_at"])
    wakeup_set(kind=CONSOLE_DEADLINE, object_id=agent.pk, due_at=agent.console_lost_at + CONSOLE_GRACE)
    _tell_readiness(agent, was_ready)


@transaction.atomic
def agent_console_expire(*, agent_id: UUID, due_at: datetime) -> bool:
    """The grace is over: Offline. Routing, which holds the locks of the live conversations, takes those back (AGT-9).

    Args:
        agent_id: the agent's user.
        due_at: the deadline that is due; a console that came back meanwhile makes it void.

    Returns:
        Whether the agent was lost.
    """
    agent = agent_lock(agent_id)
    if agent.console_lost_at is None or agent.console_lost_at + CONSOLE_GRACE != due_at:
        return False
    agent.console_id = agent.console_lost_at = None
    agent.save(update_fields=["console_id", "console_lost_at"])
    status_enter(agent, Status.objects.get(code=Base.OFFLINE), Cause.CONSOLE_LOST)
    return True


@transaction.atomic
def agent_sign_out(*, agent_id: UUID) -> None:
    """The agent leaves: Offline, and the console no longer counts."""
    agent = agent_lock(agent_id)
    was_ready = is_ready(agent)
    agent.console_id = agent.console_lost_at = None
    agent.save(update_fields=["console_id", "console_lost_at"])
    wakeup_clear(kind=CONSOLE_DEADLINE, object_id=agent.pk)
    _tell_readiness(agent, was_ready)
    status_enter(agent, Status.objects.get(code=Base.OFFLINE), Cause.SIGNED_OUT)


def slot_reserve(agent: Agent, family: Family) -> bool:
    """Take one of a locked agent's slots if one is free; the database refuses to exceed the limit (RTE-9)."""
    free = Capacity.objects.filter(agent=agent, family=family, limit__gt=F("used") + F("forced"))
    if not free.update(used=F("used") + 1):
        return False
    _touch_idle(agent)
    return True


def slot_release(agent: Agent, family: Family, *, forced: bool = False) -> None:
    """Give one of a locked agent's slots back."""
    column = "forced" if forced else "used"
    Capacity.objects.filter(agent=agent, family=family).update(**{column: F(column) - 1})
    _touch_idle(agent)


def _touch_idle(agent: Agent) -> None:
    agent.idle_since = timezone.now()
    agent.save(update_fields=["idle_since"])
