"""Statuses: what agents choose, and what the system sets over it (AGT-1 to AGT-7)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.actions.agents import agent_lock
from apps.agents.choices import Base, Cause, Reserved
from apps.agents.events import AgentReady, AgentUnready
from apps.agents.frames import StatusFrame, status_view
from apps.agents.models import Agent, AgentSettings, Capacity, Status, StatusInterval
from apps.agents.selectors import can_answer, has_free_slot, is_ready
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.realtime.groups import agent_group
from apps.realtime.publish import publish
from apps.timers.actions import wakeup_clear, wakeup_set

LOGIN_PREP_DEADLINE = "agents.login_prep"


@transaction.atomic
def agent_status_choose(*, agent_id: UUID, code: str) -> Agent:
    """The agent's own choice of status (AGT-1). Available with every slot taken shows as System Busy until one is free.

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
    was_ready, was_draining = is_ready(agent), agent.is_draining
    goes_on = was_draining and agent.status_id == status.pk
    agent.chosen_status, agent.is_draining = status, False
    if goes_on:
        agent.idle_since = timezone.now()
    agent.save(update_fields=["chosen_status", "is_draining", "idle_since"])
    if goes_on:
        # Back to Available from "Away after these": the status is the same, what it means is not.
        publish(StatusFrame(status=status_view(agent), cause=Cause.CHOSEN), groups=[agent_group(agent.pk)])
        readiness_announce(agent, was_ready=was_ready, could_answer=can_answer(agent))
    status_enter(agent, status, Cause.CHOSEN)
    status_follow_load(agent)
    return agent


@transaction.atomic
def agent_drain(*, agent_id: UUID) -> Agent:
    """Take no new offers, and be Away when the last conversation is done: "Away after these" (AGT-5).

    An agent who has nothing to finish becomes Away at once; any choice of a status ends it.
    """
    agent = agent_lock(agent_id)
    was_ready = is_ready(agent)
    agent.is_draining, agent.chosen_status = True, Status.objects.get(code=Base.AWAY)
    agent.save(update_fields=["is_draining", "chosen_status"])
    publish(StatusFrame(status=status_view(agent), cause=Cause.CHOSEN), groups=[agent_group(agent.pk)])
    readiness_announce(agent, was_ready=was_ready, could_answer=was_ready)
    status_follow_load(agent)
    return agent


@transaction.atomic
def agent_set_idle_away(*, agent_id: UUID, cause: Cause = Cause.OFFER_TIMED_OUT) -> Agent:
    """Away (Idle): something rang or waited and nobody answered (AGT-7). It ends only by the agent's own choice.

    Args:
        agent_id: the agent's user.
        cause: what went unanswered.
    """
    agent = agent_lock(agent_id)
    status_enter(agent, Status.objects.get(code=Reserved.SYSTEM_AWAY), cause)
    return agent


@transaction.atomic
def agent_login_prep_expire(*, agent_id: UUID, due_at: datetime) -> None:
    """Login preparation is over: Away, and the console asks what next (AGT-4).

    Args:
        agent_id: the agent's user.
        due_at: the deadline that is due; a choice made meanwhile makes it void.
    """
    agent = agent_lock(agent_id)
    if agent.login_prep_until == due_at:
        status_enter(agent, Status.objects.get(code=Base.AWAY), Cause.PREPARED)


def sign_in_status_enter(agent: Agent) -> None:
    """A locked agent has just signed in: Login Prep where the tenant wants it, else Away (AGT-4)."""
    settings: AgentSettings = AgentSettings.load()
    if not settings.login_prep:
        return status_enter(agent, Status.objects.get(code=Base.AWAY), Cause.SIGNED_IN)
    status_enter(agent, Status.objects.get(code=Reserved.LOGIN_PREP), Cause.SIGNED_IN)
    agent.login_prep_until = agent.status_since + timedelta(seconds=settings.login_prep_seconds)
    agent.save(update_fields=["login_prep_until"])
    return wakeup_set(kind=LOGIN_PREP_DEADLINE, object_id=agent.pk, due_at=agent.login_prep_until)


def status_enter(agent: Agent, status: Status, cause: Cause) -> None:
    """Move a locked agent to a status: close the interval, open the next, tell the console and routing (AGT-11)."""
    if agent.status_id == status.pk:
        return
    now, was_ready, could_answer = timezone.now(), is_ready(agent), can_answer(agent)
    StatusInterval.objects.filter(agent=agent, ended_at=None).update(ended_at=now)
    StatusInterval.objects.create(agent=agent, base=status.base, label=status.label, cause=cause, started_at=now)
    agent.status, agent.base, agent.status_since = status, status.base, now
    if cause == Cause.CHOSEN and status.base == Base.AVAILABLE:
        agent.idle_since = now
    if agent.login_prep_until is not None:
        agent.login_prep_until = None
        wakeup_clear(kind=LOGIN_PREP_DEADLINE, object_id=agent.pk)
    agent.save(update_fields=["status", "base", "status_since", "idle_since", "login_prep_until"])
    publish(StatusFrame(status=status_view(agent), cause=cause), groups=[agent_group(agent.pk)])
    readiness_announce(agent, was_ready=was_ready, could_answer=could_answer)


def status_follow_load(agent: Agent, *, room: bool | None = None) -> None:
    """A locked agent's slots were taken or freed: System Busy comes and goes (AGT-3), a drained agent goes Away.

    Args:
        agent: locked.
        room: whether a slot of any family is free, if the caller knows.
    """
    if agent.is_draining and not Capacity.objects.filter(agent=agent).exclude(used=0, forced=0).exists():
        agent.is_draining = False
        agent.save(update_fields=["is_draining"])
        status_enter(agent, Status.objects.get(code=Base.AWAY), Cause.DRAINED)
        return
    if agent.base not in {Base.AVAILABLE, Base.BUSY}:
        return
    room = has_free_slot(agent) if room is None else room
    if agent.base == Base.AVAILABLE and not room:
        status_enter(agent, Status.objects.get(code=Reserved.SYSTEM_BUSY), Cause.FULL)
    elif room and agent.status.code == Reserved.SYSTEM_BUSY:
        chosen = agent.chosen_status or Status.objects.get(code=Base.AVAILABLE)
        status_enter(agent, chosen, Cause.ROOM)


def readiness_announce(agent: Agent, *, was_ready: bool, could_answer: bool) -> None:
    """Tell routing when a locked agent may be offered conversations again, or can no longer answer what rings."""
    if is_ready(agent) and not was_ready:
        announce(AgentReady(agent.pk))
    elif could_answer and not can_answer(agent):
        announce(AgentUnready(agent.pk))
