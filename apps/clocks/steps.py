"""Reply clocks start, turn, stand still and stop (CHAT-11). The caller holds the conversation's lock.

What the same side says on top writes nothing: the deadline that comes looks up when the agent last spoke
(`wait_start`), and moves itself on.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.agents.steps import notice_add
from apps.clocks import selectors
from apps.clocks.choices import Stage
from apps.clocks.frames import ClockFrame, clock_view
from apps.clocks.models import ReplyClock
from apps.clocks.stages import StageTime, next_stage, stage_times
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.core.rows import row_add, row_get, row_save, rows_delete
from apps.realtime.publish import agent_group, publish
from apps.timers.steps import wakeup_clear, wakeup_set

REPLY_DEADLINE = "clocks.reply"


@transaction.atomic(savepoint=False)
def clock_start(*, conversation: Conversation, at: datetime) -> ReplyClock | None:
    """An agent has accepted: whoever spoke last waits for the other from now on, not from before (CHAT-11).

    Args:
        conversation: active, and locked by the caller.
        at: when it was accepted; a message that waits for an answer is older.

    Returns:
        The clock; nothing where the channel has none.
    """
    waits_for = Side.AGENT if conversation.unanswered_since else Side.CUSTOMER
    return _restart(conversation, clock_of(conversation), waits_for, at)


@transaction.atomic(savepoint=False)
def clock_wait_for_agent(*, conversation: Conversation, since: datetime) -> ReplyClock | None:
    """The customer has written and everything before was answered: the agent's answer is waited for.

    Args:
        conversation: active, and locked by the caller.
        since: the time of that message.
    """
    return _restart(conversation, clock_of(conversation), Side.AGENT, since)


@transaction.atomic(savepoint=False)
def clock_wait_for_customer(*, conversation: Conversation, since: datetime) -> ReplyClock | None:
    """The agent has written: the customer's answer is waited for.

    Args:
        conversation: active, and locked by the caller.
        since: the time of that message.
    """
    clock = clock_of(conversation)
    if clock and clock.waits_for == Side.CUSTOMER and clock.stage == Stage.RUNNING:
        return clock  # The deadline will find out by itself.
    return _restart(conversation, clock, Side.CUSTOMER, since)


@transaction.atomic(savepoint=False)
def clock_stop(*, conversation: Conversation) -> None:
    """The conversation is over or no longer an agent's: nobody's answer is waited for. The caller holds the lock."""
    if rows_delete(ReplyClock, conversation=conversation.pk):
        wakeup_clear(kind=REPLY_DEADLINE, object_id=conversation.pk)


@transaction.atomic(savepoint=False)
def clock_pause(*, conversation: Conversation) -> ReplyClock | None:
    """Stop counting until `clock_resume` (SNZ-3). Pausing twice changes nothing. The caller holds the lock."""
    clock = clock_of(conversation)
    if clock and clock.paused_at is None:
        clock.since = wait_start(conversation, clock)
        clock.paused_at = timezone.now()
        clock_schedule(clock, None)
    return clock


@transaction.atomic(savepoint=False)
def clock_resume(*, conversation: Conversation) -> ReplyClock | None:
    """Count on where `clock_pause` stopped: the paused time counts against nobody. The caller holds the lock.

    What the customer wrote meanwhile is waited for an answer to from now on.
    """
    clock, now = clock_of(conversation), timezone.now()
    if clock is None or clock.paused_at is None:
        return clock
    if clock.waits_for == Side.CUSTOMER and conversation.unanswered_since:
        return _restart(conversation, clock, Side.AGENT, now)
    rules = selectors.rules_of(conversation.channel)
    clock.since, clock.paused_at = clock.since + (now - clock.paused_at), None
    clock_schedule(clock, next_stage(stage_times(rules, clock.waits_for, clock.since), clock.stage) if rules else None)
    return clock


def clock_of(conversation: Conversation) -> ReplyClock | None:
    """The clock of a locked conversation, if one runs."""
    return row_get(ReplyClock, conversation.pk)


def wait_start(conversation: Conversation, clock: ReplyClock) -> datetime:
    """Start of the wait: the agent's last message if the clock has not heard of it yet."""
    if clock.waits_for == Side.CUSTOMER and conversation.agent_spoke_at:
        return max(clock.since, conversation.agent_spoke_at)
    return clock.since


def _restart(conversation: Conversation, was: ReplyClock | None, waits_for: Side, since: datetime) -> ReplyClock | None:
    rules = selectors.rules_of(conversation.channel)
    if rules is None:
        return None
    clock = ReplyClock(conversation_id=conversation.pk, waits_for=waits_for, since=since)
    clock_schedule(clock, next_stage(stage_times(rules, waits_for, since), clock.stage), new=was is None)
    if was and was.stage != Stage.RUNNING:
        clock_tell(clock, conversation.agent_id)
    return clock


def clock_schedule(clock: ReplyClock, step: StageTime | None, *, new: bool = False) -> None:
    """Write a clock and the wake-up of its next stage; none takes the wake-up away."""
    clock.due_at = step.at if step else None
    if new:
        row_add(clock)
    else:
        row_save(clock, ["waits_for", "since", "stage", "due_at", "paused_at"])
    if clock.due_at:
        wakeup_set(kind=REPLY_DEADLINE, object_id=clock.pk, due_at=clock.due_at)
    elif not new:
        wakeup_clear(kind=REPLY_DEADLINE, object_id=clock.pk)


def clock_tell(clock: ReplyClock, agent_id: UUID | None, text: str = "") -> None:
    """Tell an agent's console how a clock stands, with a notice where there is a text."""
    if agent_id is None:
        return
    publish(ClockFrame(clock=clock_view(clock)), groups=[agent_group(agent_id)])
    if text:
        notice_add(agent_id=agent_id, text=text, about=clock.conversation_id)
