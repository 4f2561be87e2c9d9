"""Slots: units of an agent's capacity, reserved with the offer and held until released (RTE-9).

Three verbs, and all the SQL of slots: reserve, release, await. Callers hold the conversation's lock.
"""

from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils import timezone

from apps.agents.models import Agent, Capacity
from apps.agents.steps import agent_lock, status_follow_load
from apps.conversations.models import Conversation
from apps.core.events import announce
from apps.core.rows import row_add, row_save, rows_delete
from apps.core.statements import Statement
from apps.queues.choices import Family
from apps.routing.events import AwaitedSlotFree, SlotFreed
from apps.routing.matching import CONVERSATION
from apps.routing.models import SlotHold

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
_HELD: Statement[tuple[UUID, str, bool]] = Statement(
    lambda: (
        SlotHold.objects.filter(conversation=CONVERSATION).order_by("agent").values_list("agent", "family", "forced")
    )
)


def slot_reserve(conversation: Conversation, agent: Agent, *, own: bool = False, forced: bool = False) -> bool:
    """Take a slot of a locked agent for a conversation, which holds it; the database refuses to exceed the limit.

    Args:
        conversation: locked.
        agent: locked.
        own: the agent has it already and it wakes up: slots that such ones wait for will do as well (SNZ-4).
        forced: a supervisor's: counted beside the limit, and blocks new offers.

    Returns:
        Whether there was one; always, where it is forced.
    """
    room = None
    if forced:
        Capacity.objects.filter(agent=agent, family=conversation.channel).update(forced=F("forced") + 1)
    else:
        with connection.cursor() as cursor:
            cursor.execute(RESERVE, [agent.pk, conversation.channel, own])
            reserved = cursor.fetchone()
        if reserved is None:
            return False
        (has_more,) = reserved
        room = has_more or None
    _touch(agent, is_offered=True)
    status_follow_load(agent, room=room)
    row_add(SlotHold(conversation=conversation, agent=agent, family=conversation.channel, forced=forced))
    return True


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
    # Deleted first: what follows from the freed slot already sees it gone.
    rows_delete(SlotHold, conversation=conversation.pk, agent=agent_id)
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [int(not forced), int(forced), agent.pk, family])
        freed = cursor.fetchone()
    _touch(agent, is_offered=False)
    room, awaited = freed or (False, False)
    status_follow_load(agent, room=room or None)
    if awaited:
        announce(AwaitedSlotFree(agent.pk))


def _touch(agent: Agent, *, is_offered: bool) -> None:
    agent.idle_since = timezone.now()
    if is_offered:
        agent.last_offered_at = agent.idle_since
    row_save(agent, ["idle_since", "last_offered_at"])
