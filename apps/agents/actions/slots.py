"""Slots: units of an agent's capacity, reserved with the offer and held until released (RTE-9)."""

from django.db.models import F
from django.utils import timezone

from apps.agents.actions.status import load_changed
from apps.agents.models import Agent, Capacity
from apps.core.rows import row_save
from apps.queues.choices import Family


def slot_reserve(agent: Agent, family: Family) -> bool:
    """Take one of a locked agent's slots if one is free; the database refuses to exceed the limit."""
    free = Capacity.objects.filter(agent=agent, family=family, limit__gt=F("used") + F("forced"))
    if not free.update(used=F("used") + 1):
        return False
    _touch(agent, offered=True)
    load_changed(agent)
    return True


def slot_force(agent: Agent, family: Family) -> None:
    """Count a conversation that a supervisor forced upon a locked agent: it is used, and blocks new offers."""
    Capacity.objects.filter(agent=agent, family=family).update(forced=F("forced") + 1)
    _touch(agent, offered=True)
    load_changed(agent)


def slot_release(agent: Agent, family: Family, *, forced: bool = False) -> None:
    """Give one of a locked agent's slots back."""
    column = "forced" if forced else "used"
    Capacity.objects.filter(agent=agent, family=family).update(**{column: F(column) - 1})
    _touch(agent, offered=False)
    load_changed(agent)


def _touch(agent: Agent, *, offered: bool) -> None:
    agent.idle_since = timezone.now()
    if offered:
        agent.last_offered_at = agent.idle_since
    row_save(agent, ["idle_since", "last_offered_at"])
