"""Statuses: what agents choose, and what the system sets over it (AGT-1 to AGT-7)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.agents.choices import Base, Cause, Refusal, Reserved
from apps.agents.frames import StatusFrame, status_view
from apps.agents.models import Agent, Status
from apps.agents.selectors import can_answer, is_ready
from apps.agents.steps import agent_lock, readiness_announce, status_enter, status_follow_load
from apps.core.errors import DomainError
from apps.realtime.publish import agent_group, publish


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
        raise DomainError(Refusal.STATUS_UNKNOWN, _("There is no such status."))
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
