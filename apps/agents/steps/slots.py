"""Slots: units of an agent's capacity, reserved with the offer and held until released (RTE-9)."""

from typing import Final

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.agents.actions.status import status_follow_load
from apps.agents.events import AwaitedSlotFree
from apps.agents.models import Agent, Capacity
from apps.core.events import announce
from apps.core.rows import row_save
from apps.queues.choices import Family

# Written out: they run with every offer, and say along the way whether the family has a free slot.
RESERVE: Final = """
UPDATE agents_capacity SET used = used + 1
WHERE agent_id = %s AND family = %s AND "limit" > used + forced + CASE WHEN %s THEN 0 ELSE awaited END
RETURNING "limit" > used + forced
"""
RELEASE: Final = """
UPDATE agents_capacity SET used = used - %s, forced = forced - %s
WHERE agent_id = %s AND family = %s
RETURNING "limit" > used + forced, awaited > 0
"""


def slot_reserve(agent: Agent, family: Family, *, own: bool = False) -> bool:
    """Take one of a locked agent's slots if one is free; the database refuses to exceed the limit.

    Args:
        agent: locked.
        family: of the conversation.
        own: for a conversation that the agent has already and that wakes up: slots that such ones wait for count as
            free, too (SNZ-4).
    """
    with connection.cursor() as cursor:
        cursor.execute(RESERVE, [agent.pk, family, own])
        reserved = cursor.fetchone()
    if reserved is None:
        return False
    _touch(agent, offered=True)
    (has_more,) = reserved
    status_follow_load(agent, room=has_more or None)
    return True


def slot_force(agent: Agent, family: Family) -> None:
    """Count a conversation that a supervisor forced upon a locked agent: it is used, and blocks new offers."""
    Capacity.objects.filter(agent=agent, family=family).update(forced=F("forced") + 1)
    _touch(agent, offered=True)
    status_follow_load(agent)


def slot_release(agent: Agent, family: Family, *, forced: bool = False) -> None:
    """Give one of a locked agent's slots back."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [int(not forced), int(forced), agent.pk, family])
        freed = cursor.fetchone()
    _touch(agent, offered=False)
    room, awaited = freed or (False, False)
    status_follow_load(agent, room=room or None)
    if awaited:
        announce(AwaitedSlotFree(agent.pk))


def slot_await(agent: Agent, family: Family, by: int = 1) -> None:
    """A conversation of a locked agent wakes up and waits for their next free slot: one less for others (SNZ-4).

    Args:
        agent: locked.
        family: of the conversation.
        by: 1, or -1 when it waits no longer.
    """
    Capacity.objects.filter(agent=agent, family=family).update(awaited=F("awaited") + by)


def _touch(agent: Agent, *, offered: bool) -> None:
    agent.idle_since = timezone.now()
    if offered:
        agent.last_offered_at = agent.idle_since
    row_save(agent, ["idle_since", "last_offered_at"])
