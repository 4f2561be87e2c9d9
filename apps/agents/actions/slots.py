"""Slots: units of an agent's capacity, reserved with the offer and held until released (RTE-9)."""

from typing import Final

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.agents.actions.status import load_changed
from apps.agents.models import Agent, Capacity
from apps.core.rows import row_save
from apps.queues.choices import Family

# Written out: they run with every offer, and say along the way whether the family has a free slot.
RESERVE: Final = """
UPDATE agents_capacity SET used = used + 1
WHERE agent_id = %s AND family = %s AND "limit" > used + forced
RETURNING "limit" > used + forced
"""
RELEASE: Final = """
UPDATE agents_capacity SET used = used - %s, forced = forced - %s
WHERE agent_id = %s AND family = %s
RETURNING "limit" > used + forced
"""


def slot_reserve(agent: Agent, family: Family) -> bool:
    """Take one of a locked agent's slots if one is free; the database refuses to exceed the limit."""
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, [agent.pk, family])
        reserved = cursor.fetchone()
    if reserved is None:
        return False
    _touch(agent, offered=True)
    (has_more,) = reserved
    load_changed(agent, room=has_more or None)
    return True


def slot_force(agent: Agent, family: Family) -> None:
    """Count a conversation that a supervisor forced upon a locked agent: it is used, and blocks new offers."""
    Capacity.objects.filter(agent=agent, family=family).update(forced=F("forced") + 1)
    _touch(agent, offered=True)
    load_changed(agent)


def slot_release(agent: Agent, family: Family, *, forced: bool = False) -> None:
    """Give one of a locked agent's slots back."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [int(not forced), int(forced), agent.pk, family])
        freed = cursor.fetchone()
    _touch(agent, offered=False)
    load_changed(agent, room=True if freed and freed[0] else None)


def _touch(agent: Agent, *, offered: bool) -> None:
    agent.idle_since = timezone.now()
    if offered:
        agent.last_offered_at = agent.idle_since
    row_save(agent, ["idle_since", "last_offered_at"])
