"""The live console: one for each agent, its loss, its return (AGT-2, AGT-9, AGT-10)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.choices import Base, Cause, Refusal
from apps.agents.events import AgentConnected
from apps.agents.frames import ConsoleTakenFrame
from apps.agents.models import Agent, Status
from apps.agents.selectors import can_answer, is_ready
from apps.agents.steps import agent_lock, readiness_announce, sign_in_status_enter, status_enter
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.realtime.publish import agent_group, publish
from apps.timers.selectors import last_outage_end
from apps.timers.steps import wakeup_clear, wakeup_ensure, wakeup_set

CONSOLE_DEADLINE = "agents.console"
CONSOLE_GRACE = timedelta(seconds=60)
"""How long a lost console may stay away before its agent counts as gone (AGT-9)."""

PRESENCE_DEADLINE = "agents.presence"
PRESENCE_ID = UUID(int=0)
PRESENCE_EVERY = timedelta(seconds=20)
"""One sweep for silent consoles a tenant, while it has live ones; see `presence.py`."""


@transaction.atomic
def agent_console_open(*, agent_id: UUID, console_id: UUID, take_over: bool = True) -> Agent:
    """A console of this agent is live. From Offline they become Away, and choose when they are Available (AGT-4).

    Args:
        agent_id: the agent's user.
        console_id: made by the console, one for each open page; the same one may open again.
        take_over: another live console is told to stop; otherwise it is in the way.

    Raises:
        DomainError: ``console_elsewhere`` when another console is live and is not to be taken over (AGT-10).
    """
    agent = agent_lock(agent_id)
    other = agent.console_id if agent.console_id != console_id and agent.console_lost_at is None else None
    if other is not None:
        if not take_over:
            raise DomainError(Refusal.CONSOLE_ELSEWHERE, _("Parley is open in another window. Continue here instead?"))
        publish(ConsoleTakenFrame(console=other), groups=[agent_group(agent.pk)])
    was_live = agent.console_id is not None and agent.console_lost_at is None
    was_ready, could_answer = is_ready(agent), can_answer(agent)
    agent.console_id, agent.console_lost_at, agent.console_opened_at = console_id, None, timezone.now()
    agent.save(update_fields=["console_id", "console_lost_at", "console_opened_at"])
    wakeup_clear(kind=CONSOLE_DEADLINE, object_id=agent.pk)
    wakeup_ensure(kind=PRESENCE_DEADLINE, object_id=PRESENCE_ID, due_at=timezone.now() + PRESENCE_EVERY)
    readiness_announce(agent, was_ready=was_ready, could_answer=could_answer)
    if agent.base == Base.OFFLINE:
        sign_in_status_enter(agent)
    if not was_live:
        announce(AgentConnected(agent.pk))
    return agent


@transaction.atomic
def agent_console_close(*, agent_id: UUID, console_id: UUID) -> None:
    """A console's socket is gone: no more offers, and the grace begins. One that was replaced changes nothing."""
    agent = agent_lock(agent_id)
    if agent.console_id != console_id or agent.console_lost_at is not None:
        return
    agent.console_lost_at = timezone.now()
    agent.save(update_fields=["console_lost_at"])
    wakeup_set(kind=CONSOLE_DEADLINE, object_id=agent.pk, due_at=agent.console_lost_at + CONSOLE_GRACE)


@transaction.atomic
def agent_console_expire(*, agent_id: UUID, due_at: datetime) -> bool:
    """The grace is over: Offline. Routing, which holds the locks of the live conversations, takes those back (AGT-9).

    Args:
        agent_id: the agent's user.
        due_at: the deadline that is due; a console that came back meanwhile makes it void.

    Returns:
        Whether the agent was lost; not while we were down within the grace, which then begins anew.
    """
    agent = agent_lock(agent_id)
    if agent.console_lost_at is None or agent.console_lost_at + CONSOLE_GRACE != due_at:
        return False
    if back := last_outage_end(agent.console_lost_at, timezone.now()):
        # While we were down nobody could come back: the whole grace again, for their customers' sake (EDG-4).
        agent.console_lost_at = back
        agent.save(update_fields=["console_lost_at"])
        wakeup_set(kind=CONSOLE_DEADLINE, object_id=agent.pk, due_at=back + CONSOLE_GRACE)
        return False
    _leave(agent, Cause.CONSOLE_LOST)
    return True


@transaction.atomic
def agent_sign_out(*, agent_id: UUID) -> None:
    """The agent leaves: Offline, and the console no longer counts."""
    agent = agent_lock(agent_id)
    wakeup_clear(kind=CONSOLE_DEADLINE, object_id=agent.pk)
    _leave(agent, Cause.SIGNED_OUT)


def _leave(agent: Agent, cause: Cause) -> None:
    was_ready, could_answer = is_ready(agent), can_answer(agent)
    agent.console_id = agent.console_lost_at = None
    agent.is_draining = False
    agent.save(update_fields=["console_id", "console_lost_at", "is_draining"])
    readiness_announce(agent, was_ready=was_ready, could_answer=could_answer)
    status_enter(agent, Status.objects.get(code=Base.OFFLINE), cause)
