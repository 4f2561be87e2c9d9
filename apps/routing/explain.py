"""Every offer explains itself: who was considered, what matched, who was passed over and why (RTE-10)."""

from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, IntegerField, OuterRef, Subquery, Value, When

from apps.agents.models import Agent, AgentSkill, Capacity
from apps.agents.selectors import FREE, READY, serves
from apps.routing.matching import Demand, preferred_in

SHOWN = 20
"""Agents whom one explanation names at most; beyond that they are counted."""


def explain(demand: Demand, chosen: Agent) -> dict[str, Any]:
    """Why this agent, at this moment: stored with the offer, compact, ids only where a name may change.

    Args:
        demand: what the conversation asked for.
        chosen: who is offered it, with the slot already taken.
    """
    conversation = demand.conversation
    members = Agent.objects.filter(serves(conversation.queue_id)).exclude(pk=chosen.pk)
    rows = members.annotate(
        ready=Case(When(READY, then=Value(True)), default=Value(False), output_field=BooleanField()),
        free=Exists(Capacity.objects.filter(FREE, agent=OuterRef("pk"), family=conversation.channel)),
        held=_held(demand),
        preferred=preferred_in(conversation.queue_id),
        label=F("status__label"),
    ).values_list("pk", "ready", "free", "held", "preferred", "label", "console_id", "console_lost_at")
    passed = [_reason(demand, row) for row in rows.order_by("idle_since")[: SHOWN * 10]]
    return {
        "agent": str(chosen.pk),
        "strategy": demand.strategy.value,
        "skills": [str(skill) for skill in demand.skills],
        "preferred_only": demand.preferred_only,
        "last_agent": str(demand.last_agent_id) if demand.last_agent_id else None,
        "considered": [agent for agent, reason in passed if reason == "ranked_lower"][:SHOWN],
        "passed_over": [[agent, reason] for agent, reason in passed if reason != "ranked_lower"][:SHOWN],
        "counted": len(passed) + 1,
    }


def _held(demand: Demand) -> Any:
    if not demand.skills:
        return Value(0, output_field=IntegerField())
    held = AgentSkill.objects.filter(agent=OuterRef("pk"), skill__in=demand.skills).values("agent")
    return Subquery(held.annotate(n=Count("pk")).values("n"))


def _reason(demand: Demand, row: tuple[Any, ...]) -> tuple[str, str]:
    """The first thing that kept an agent from being offered it."""
    agent_id, ready, free, held, preferred, label, console_id, lost_at = row
    if not ready:
        live = console_id is not None and lost_at is None
        return str(agent_id), f"status: {label}" if live else "no live console"
    if not free:
        return str(agent_id), "no free slot"
    if demand.preferred_only and not preferred:
        return str(agent_id), "not preferred"
    if not demand.preferred_only and (held or 0) < len(demand.skills):
        return str(agent_id), "lacks a skill"
    return str(agent_id), "ranked_lower"
