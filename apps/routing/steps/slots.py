"""Slots: units of an agent's capacity, reserved with the offer and held until released (RTE-9).

Four verbs, and all the SQL of slots: reserve, force, release, await. Callers hold the conversation's lock.
"""

# The text is put together; every value is a parameter.
# ruff: noqa: S608

from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.agents.models import Agent, Capacity
from apps.agents.selectors import has_free_slot
from apps.agents.steps import agent_lock, status_follow_load
from apps.conversations.models import Conversation
from apps.core.events import announce
from apps.core.rows import row_add, row_save
from apps.core.statements import Statement
from apps.queues.choices import Family
from apps.routing.events import AwaitedSlotFree, SlotFreed
from apps.routing.matching import CONVERSATION
from apps.routing.models import SlotHold

# Written out: they run with every offer. The counter, what the slot is held for and since when the agent is idle are
# one statement, which says along the way whether a slot of any family is free.
ROOM: Final = """EXISTS (
    SELECT FROM agents_capacity
    WHERE agent_id = %(agent)s AND family <> %(family)s AND "limit" > used + forced
)"""
RESERVE: Final = f"""
WITH slot AS (
    UPDATE agents_capacity SET used = used + 1
    WHERE agent_id = %(agent)s AND family = %(family)s
        AND "limit" > used + forced + CASE WHEN %(own)s THEN 0 ELSE awaited END
    RETURNING "limit" > used + forced AS has_more
), touched AS (
    UPDATE agents_agent SET idle_since = %(now)s, last_offered_at = %(now)s
    WHERE user_id = %(agent)s AND EXISTS (SELECT FROM slot)
), held AS (
    INSERT INTO routing_slothold (conversation_id, agent_id, family, forced, taken_at)
    SELECT %(conversation)s, %(agent)s, %(family)s, FALSE, %(now)s FROM slot
)
SELECT has_more OR {ROOM} FROM slot
"""
# In the order of the index of lines: else the planner would rather read the table until it meets one who waits.
RESERVE_ALONE: Final = RESERVE.replace(
    "RETURNING",
    """AND (
            SELECT id FROM conversations_conversation WHERE state = 'waiting' AND id <> %(conversation)s
            ORDER BY queue_id, priority, returned DESC, first_arrived_at, id LIMIT 1
        ) IS NULL
    RETURNING""",
)
RELEASE: Final = f"""
WITH dropped AS (
    DELETE FROM routing_slothold WHERE conversation_id = %(conversation)s AND agent_id = %(agent)s
), touched AS (
    UPDATE agents_agent SET idle_since = %(now)s WHERE user_id = %(agent)s
), slot AS (
    UPDATE agents_capacity SET used = used - %(used)s, forced = forced - %(forced)s
    WHERE agent_id = %(agent)s AND family = %(family)s
    RETURNING "limit" > used + forced AS has_room, awaited > 0 AS is_awaited
)
SELECT has_room OR {ROOM}, is_awaited FROM slot
"""
_HELD: Statement[tuple[UUID, str, bool]] = Statement(
    lambda: (
        SlotHold.objects.filter(conversation=CONVERSATION).order_by("agent").values_list("agent", "family", "forced")
    )
)


def slot_reserve(conversation: Conversation, agent: Agent, *, own: bool = False, alone: bool = False) -> bool:
    """Take a slot of a locked agent for a conversation, which holds it; the database refuses to exceed the limit.

    Args:
        conversation: locked.
        agent: locked.
        own: the agent has it already and it wakes up: slots that such ones wait for will do as well (SNZ-4).
        alone: only while nobody else waits, in whichever line.

    Returns:
        Whether there was one.
    """
    now = timezone.now()
    values: dict[str, Any] = {"agent": agent.pk, "conversation": conversation.pk, "family": conversation.channel}
    values |= {"now": now, "own": own}
    with connection.cursor() as cursor:
        cursor.execute(RESERVE_ALONE if alone else RESERVE, values)
        reserved = cursor.fetchone()
    if reserved is None:
        return False
    agent.idle_since = agent.last_offered_at = now
    status_follow_load(agent, room=reserved[0])
    return True


def slot_force(conversation: Conversation, agent: Agent) -> None:
    """A supervisor takes a slot of a locked agent for a locked conversation: beside the limit, and it blocks offers."""
    Capacity.objects.filter(agent=agent, family=conversation.channel).update(forced=F("forced") + 1)
    agent.idle_since = agent.last_offered_at = timezone.now()
    row_save(agent, ["idle_since", "last_offered_at"])
    status_follow_load(agent, room=has_free_slot(agent))
    row_add(SlotHold(conversation=conversation, agent=agent, family=conversation.channel, forced=True))


def slots_release_and_dispatch(conversation: Conversation, *, but: UUID | None = None) -> None:
    """Give back the slots of a conversation, and let the next in line follow (RTE-7); see `slots_release`."""
    for agent_id in slots_release(conversation, but=but):
        announce(SlotFreed(agent_id))


def slots_release(conversation: Conversation, *, of: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """Give back the slots that are held for a conversation.

    Args:
        conversation: locked.
        of: this agent's alone.
        but: an agent who keeps theirs, for a timed wrap-up (WRP-3).

    Returns:
        The agents who have one more.
    """
    held = [each for each in _HELD.all(conversation=conversation.pk) if of in (None, each[0]) and each[0] != but]
    for agent_id, family, forced in held:
        _release(conversation, agent_id, family, forced=forced)
    return [agent_id for agent_id, _family, _forced in held]


def slot_await(agent: Agent, family: Family, by: int = 1) -> None:
    """A conversation of a locked agent wakes up and waits for their next free slot: one less for others (SNZ-4).

    Args:
        agent: locked.
        family: of the conversation.
        by: 1, or -1 when it waits no longer.
    """
    Capacity.objects.filter(agent=agent, family=family).update(awaited=F("awaited") + by)


def _release(conversation: Conversation, agent_id: UUID, family: str, *, forced: bool) -> None:
    agent = agent_lock(agent_id)
    agent.idle_since = timezone.now()
    values: dict[str, Any] = {"agent": agent_id, "conversation": conversation.pk, "family": family}
    values |= {"now": agent.idle_since, "used": int(not forced), "forced": int(forced)}
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, values)
        freed = cursor.fetchone()
    has_room, is_awaited = freed or (has_free_slot(agent), False)
    status_follow_load(agent, room=has_room)
    if is_awaited:
        announce(AwaitedSlotFree(agent.pk))
