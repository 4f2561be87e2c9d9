"""Every offer explains itself: who was considered, what matched, who was passed over and why (RTE-10)."""

from functools import cache
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Value, When

from apps.accounts.models import User
from apps.agents.models import Agent, Capacity
from apps.agents.selectors import FREE, READY, is_serving
from apps.conversations.models import Conversation
from apps.core.statements import Statement
from apps.queues.models import Skill
from apps.routing.matching import AGENT, AT, CONVERSATION, FAMILY, QUEUE, Demand, has_required_skills, is_preferred_in
from apps.routing.models import Offer

SHOWN = 20
"""Agents whom one explanation names at most; beyond that they are counted."""


def offer_explanation(demand: Demand, chosen: Agent) -> dict[str, Any]:
    """Why this agent, at this moment: stored with the offer, compact, ids only where a name may change.

    Args:
        demand: what the conversation asked for.
        chosen: who is offered it, with the slot already taken.
    """
    rows = _members(bool(demand.skills)).all(
        agent=chosen.pk,
        queue=demand.conversation.queue_id,
        family=demand.conversation.channel,
        conversation=demand.conversation.pk,
        at=demand.at,
    )
    passed = [_reason(demand, row) for row in rows]
    return {
        "agent": str(chosen.pk),
        "strategy": demand.strategy.value,
        "skills": list(demand.skills),
        "preferred_only": demand.preferred_only,
        "last_agent": str(demand.last_agent_id) if demand.last_agent_id else None,
        "considered": [agent for agent, reason in passed if reason == "ranked_lower"][:SHOWN],
        "passed_over": [[agent, reason] for agent, reason in passed if reason != "ranked_lower"][:SHOWN],
        "counted": len(passed) + 1,
    }


@cache
def _members(skilled: bool) -> Statement[tuple[Any, ...]]:
    """Everybody else who serves the queue, and what counts for or against each."""

    def build() -> QuerySet[Any, tuple[Any, ...]]:
        others = Agent.objects.filter(~Q(pk=AGENT), is_serving(QUEUE)).annotate(
            ready=Case(When(READY, then=Value(True)), default=Value(False), output_field=BooleanField()),
            free=Exists(Capacity.objects.filter(FREE, agent=OuterRef("pk"), family=FAMILY)),
            able=has_required_skills(OuterRef("pk"), CONVERSATION, AT) if skilled else Value(True),
            preferred=is_preferred_in(QUEUE),
            label=F("status__label"),
        )
        rows = others.order_by("idle_since")[: SHOWN * 10]
        return rows.values_list("pk", "ready", "free", "able", "preferred", "label", "console_id", "console_lost_at")

    return Statement(build)


def _reason(demand: Demand, row: tuple[Any, ...]) -> tuple[str, str]:
    """The first thing that kept an agent from being offered it."""
    agent_id, ready, free, able, preferred, label, console_id, lost_at = row
    if not ready:
        live = console_id is not None and lost_at is None
        return str(agent_id), f"status: {label}" if live else "no live console"
    if not free:
        return str(agent_id), "no free slot"
    if demand.preferred_only and not preferred:
        return str(agent_id), "not preferred"
    if not demand.preferred_only and not able:
        return str(agent_id), "lacks a skill"
    return str(agent_id), "ranked_lower"


def explanations_of(conversation: Conversation) -> list[tuple[Offer, list[str]]]:
    """Every offer of a conversation, the oldest first, with its explanation in lines for people."""
    offers = list(conversation.offers.select_related("agent").order_by("created_at"))
    names = _names(offers)
    return [(offer, _lines(offer, names)) for offer in offers]


def _lines(offer: Offer, names: dict[str, str]) -> list[str]:
    told = offer.explanation
    if "by_hand" in told:
        return [f"{told['by_hand']} by {names.get(told['by'], told['by'])}" if "by" in told else told["by_hand"]]
    if not told:
        return []
    lines = [f"strategy {told['strategy']}, {told['counted']} in the queue"]
    if told["skills"]:
        lines.append(f"skills   {', '.join(names.get(skill, skill) for skill in told['skills'])}")
    if told["preferred_only"]:
        lines.append("only preferred agents were asked")
    lines += [f"behind   {names.get(agent, agent)}" for agent in told["considered"]]
    return lines + [f"not      {names.get(agent, agent)}: {reason}" for agent, reason in told["passed_over"]]


def _names(offers: list[Offer]) -> dict[str, str]:
    """Names of every agent and skill that the explanations mention, in two queries."""
    mentioned: set[str] = set()
    for offer in offers:
        told = offer.explanation
        mentioned |= {*told.get("skills", []), *told.get("considered", [])}
        mentioned |= {agent for agent, _reason in told.get("passed_over", [])} | {told.get("by", "")}
    mentioned.discard("")
    people = {str(user.pk): user.full_name for user in User.objects.filter(pk__in=mentioned)}
    return people | {str(skill.pk): skill.name for skill in Skill.objects.filter(pk__in=mentioned)}
