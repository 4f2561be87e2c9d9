"""The rule of who is offered what, asked of every agent of a queue instead of for the best one (RTE-10).

Built from the expressions that routing itself asks by: `READY`, `FREE`, `is_serving`, `is_preferred_in` and
`holds_skills`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from apps.agents.choices import Base
from apps.agents.models import Agent, Capacity, Membership
from apps.agents.selectors import FREE, READY, has_live_console, is_serving
from apps.queues.choices import Family
from apps.queues.models import QueueSkill, Skill
from apps.queues.selectors import skills_of_language
from apps.routing.choices import Obstacle
from apps.routing.matching import holds_skills, is_preferred_in
from apps.routing.models import RoutingSettings
from apps.tenants.selectors import current_tenant

FAMILIES = (Family.CHAT, Family.EMAIL)
"""The families that a channel brings: nothing brings calls yet."""


@dataclass(frozen=True)
class Terms:
    """What is asked of an agent beside being ready and having a slot: conditions in a query of agents.

    Attributes:
        now: what routing asks at this moment.
        ever: what it asks once everything that holds for a while only has passed.
        preferred_only: whether only preferred agents are asked at this moment, whatever their skills.
        preferred: whether the queue prefers an agent.
    """

    now: Q
    ever: Q
    preferred_only: Q
    preferred: Q


@dataclass(frozen=True)
class Standing:
    """How an agent stands to a queue, or to a conversation, in one channel family.

    Attributes:
        agent: who, with their user and status.
        family: the channel family.
        obstacle: the first thing that keeps it from them; none means that routing would offer it to them now.
    """

    agent: Agent
    family: Family
    obstacle: Obstacle | None


def language_asked() -> list[UUID]:
    """The key of the skill that is the company's language, where routing asks for the customer's (RTE-1)."""
    tenant = current_tenant()
    if tenant is None or not RoutingSettings.load().match_language:
        return []
    return list(skills_of_language(tenant.language).values_list("pk", flat=True))


def terms_of_queue(queue: Any, language: Collection[UUID]) -> Terms:
    """What a queue asks of an agent for a conversation that arrives now, from a customer of the company's language.

    Args:
        queue: its key, or ``OuterRef(OuterRef("pk"))`` in a query of queues.
        language: as of `language_asked`.
    """
    asked = QueueSkill.objects.filter(queue=queue)
    lasting = asked.filter(expires_after_seconds=None)
    window = Membership.objects.filter(queue=queue, is_preferred=True, queue__preferred_seconds__gt=0)
    preferred_only, preferred = Q(Exists(window)), Q(is_preferred_in(queue))
    able, able_later = (Q(holds_skills(OuterRef("pk"), rows.values("skill"))) for rows in (asked, lasting))
    if language:
        speaks = Q(holds_skills(OuterRef("pk"), Skill.objects.filter(pk__in=language).values("pk")))
        able, able_later = able & speaks, able_later & speaks
    in_window = preferred_only & preferred
    return Terms(in_window | (~preferred_only & able), in_window | able_later, preferred_only, preferred)


def serving_agents(queue: Any) -> QuerySet[Agent]:
    """Agents who serve a queue, but for those whose users were deleted."""
    return Agent.objects.filter(is_serving(queue), user__deleted_at=None)


def offerable_now(agents: QuerySet[Agent], terms: Terms, family: Family) -> QuerySet[Agent]:
    """Those of some agents to whom routing would offer it now."""
    return agents.filter(READY, _slots(family, FREE), terms.now)


def offerable_ever(agents: QuerySet[Agent], terms: Terms, family: Family) -> QuerySet[Agent]:
    """Those of some agents to whom it could be offered as things are set up, once they are there and have room."""
    return agents.filter(_slots(family, Q(limit__gt=0)), terms.ever, user__is_active=True)


def standings(agents: QuerySet[Agent], terms: Terms, families: Sequence[Family]) -> list[Standing]:
    """How some agents stand, in the order of the families and of their names; two statements."""
    marks: dict[str, Combinable] = {
        "ready": _mark(READY),
        "suits_now": _mark(terms.now),
        "suits_ever": _mark(terms.ever),
        "put_off": _mark(terms.preferred_only & ~terms.preferred),
    }
    for family in families:
        marks[f"free_{family}"] = _mark(_slots(family, FREE))
        marks[f"slots_{family}"] = _mark(_slots(family, Q(limit__gt=0)))
    found: Any = agents.annotate(**marks).select_related("user", "status")
    rows = list(found.order_by("user__first_name", "user__last_name", "pk"))
    return [Standing(row, family, _obstacle(row, family)) for family in families for row in rows]


def _slots(family: Family, which: Q) -> Q:
    return Q(Exists(Capacity.objects.filter(which, agent=OuterRef("pk"), family=family)))


def _mark(holds: Q) -> Combinable:
    return Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())


def _obstacle(row: Any, family: Family) -> Obstacle | None:
    """Nothing where routing's own expressions hold; else the first thing in the order of `Obstacle`."""
    is_free = getattr(row, f"free_{family}")
    if row.ready and row.suits_now and is_free:
        return None
    applies = {
        Obstacle.DEACTIVATED: not row.user.is_active,
        Obstacle.NO_SLOTS: not getattr(row, f"slots_{family}"),
        Obstacle.LACKS_SKILL: not row.suits_ever,
        Obstacle.NOT_PREFERRED: row.put_off,
        Obstacle.LACKS_SKILL_YET: not row.suits_now,
        Obstacle.NO_CONSOLE: not has_live_console(row),
        Obstacle.NOT_AVAILABLE: row.base != Base.AVAILABLE,
        Obstacle.DRAINING: row.is_draining,
        Obstacle.NO_FREE_SLOT: not is_free,
    }
    return next(obstacle for obstacle, holds in applies.items() if holds)
