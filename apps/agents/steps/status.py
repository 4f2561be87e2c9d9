"""An agent's status follows what happens to them: sign-in, choice, load (AGT-1 to AGT-7).

Callers hold the agent's lock.
"""

from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import CharField
from django.utils import timezone

from apps.agents.choices import Base, Cause, Reserved
from apps.agents.events import AgentReady, AgentUnready
from apps.agents.frames import StatusFrame, status_view
from apps.agents.models import Agent, AgentSettings, Capacity, Status, StatusInterval
from apps.agents.selectors import can_answer, has_free_slot, is_ready
from apps.core.events import announce
from apps.core.rows import row_save
from apps.core.statements import Parameter, Statement
from apps.realtime.publish import agent_group, publish
from apps.timers.steps import wakeup_clear, wakeup_set

LOGIN_PREP_DEADLINE = "agents.login_prep"

# Written out: it runs with every slot that is the last one, and Django would compile it anew.
CLOSE: Final = "UPDATE agents_statusinterval SET ended_at = %s WHERE agent_id = %s AND ended_at IS NULL"


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
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [now, agent.pk])
    began = StatusInterval(agent=agent, base=status.base, label=status.label, cause=cause, started_at=now)
    agent.status, agent.base, agent.status_since = status, status.base, now
    if cause == Cause.CHOSEN and status.base == Base.AVAILABLE:
        agent.idle_since = now
    if agent.login_prep_until is not None:
        agent.login_prep_until = None
        wakeup_clear(kind=LOGIN_PREP_DEADLINE, object_id=agent.pk)
    row_save(agent, ["status", "base", "status_since", "idle_since", "login_prep_until"], beside=[began])
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
        status_enter(agent, _status(Reserved.SYSTEM_BUSY), Cause.FULL)
    elif room and agent.status.code == Reserved.SYSTEM_BUSY:
        chosen = agent.chosen_status or _status(Base.AVAILABLE)
        status_enter(agent, chosen, Cause.ROOM)


def _status(code: str) -> Status:
    return _BY_CODE.first(code=code) or Status.objects.get(code=code)


_BY_CODE: Statement[Status] = Statement(lambda: Status.objects.filter(code=Parameter("code", CharField())))


def line_reconsider(agent: Agent) -> None:
    """What a locked agent may be offered has changed: have the lines looked at (RTE-8)."""
    if is_ready(agent):
        announce(AgentReady(agent.pk))


def readiness_announce(agent: Agent, *, was_ready: bool, could_answer: bool) -> None:
    """Tell routing when a locked agent may be offered conversations again, or can no longer answer what rings."""
    if is_ready(agent) and not was_ready:
        announce(AgentReady(agent.pk))
    elif could_answer and not can_answer(agent):
        announce(AgentUnready(agent.pk))
