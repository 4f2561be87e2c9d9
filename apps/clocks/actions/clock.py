"""Reply clocks: one deadline for each active conversation.

A clock is written when the side that is waited for changes, and when a stage is reached. What the same side says on top
writes nothing: the deadline that comes looks up when the agent last spoke, and moves itself on. Every change happens
under the conversation's lock, which the caller holds.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.agents.actions import agent_set_idle_away
from apps.agents.choices import Base, Cause
from apps.agents.steps import agent_lock, notice_add
from apps.clocks import selectors
from apps.clocks.choices import Stage
from apps.clocks.frames import ClockFrame, clock_view
from apps.clocks.models import ReplyClock, ReplyRules
from apps.clocks.stages import StageTime, latest_stage, next_stage, stage_times
from apps.conversations.actions import conversation_end
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_return, system_message_post
from apps.core.rows import row_add, row_get, row_save, rows_delete
from apps.queues.choices import Family
from apps.realtime.groups import agent_group
from apps.realtime.publish import publish
from apps.timers.selectors import downtime_between
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
    return _restart(conversation, _clock(conversation), waits_for, at)


@transaction.atomic(savepoint=False)
def clock_wait_for_agent(*, conversation: Conversation, since: datetime) -> ReplyClock | None:
    """The customer has written and everything before was answered: the agent's answer is waited for.

    Args:
        conversation: active, and locked by the caller.
        since: the time of that message.
    """
    return _restart(conversation, _clock(conversation), Side.AGENT, since)


@transaction.atomic(savepoint=False)
def clock_wait_for_customer(*, conversation: Conversation, since: datetime) -> ReplyClock | None:
    """The agent has written: the customer's answer is waited for.

    Args:
        conversation: active, and locked by the caller.
        since: the time of that message.
    """
    clock = _clock(conversation)
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
    clock = _clock(conversation)
    if clock and clock.paused_at is None:
        clock.since = _since(conversation, clock)
        clock.paused_at = timezone.now()
        _schedule(clock, None)
    return clock


@transaction.atomic(savepoint=False)
def clock_resume(*, conversation: Conversation) -> ReplyClock | None:
    """Count on where `clock_pause` stopped: the paused time counts against nobody. The caller holds the lock.

    What the customer wrote meanwhile is waited for an answer to from now on.
    """
    clock, now = _clock(conversation), timezone.now()
    if clock is None or clock.paused_at is None:
        return clock
    if clock.waits_for == Side.CUSTOMER and conversation.unanswered_since:
        return _restart(conversation, clock, Side.AGENT, now)
    rules = selectors.rules_of(conversation.channel)
    clock.since, clock.paused_at = clock.since + (now - clock.paused_at), None
    _schedule(clock, next_stage(stage_times(rules, clock.waits_for, clock.since), clock.stage) if rules else None)
    return clock


@transaction.atomic
def clock_fire(*, conversation_id: UUID, due_at: datetime) -> ReplyClock | None:
    """A clock's deadline is due: the furthest stage that has come is acted on, those it has overtaken are not (EDG-4).

    Args:
        conversation_id: the conversation.
        due_at: the deadline that is due; a clock that was stopped or moved meanwhile makes it void.

    Returns:
        The clock as it goes on; nothing when it was void, or the conversation left its agent.
    """
    if not ReplyClock.objects.filter(pk=conversation_id, due_at=due_at).exists():
        return None
    conversation = conversation_lock(conversation_id)
    clock, rules = _clock(conversation), selectors.rules_of(conversation.channel)
    if clock is None or clock.due_at != due_at or conversation.state != State.ACTIVE:
        return None
    # Whoever says that it is due has looked at a clock; ours may be a little behind.
    now = max(timezone.now(), due_at)
    plan = _plan(conversation, clock, rules, now) if rules else []
    step = latest_stage(plan, clock.stage, now)
    if step is None:
        _schedule(clock, next_stage(plan, clock.stage))
        return clock
    return _reach(conversation, clock, step, plan, now)


def _plan(conversation: Conversation, clock: ReplyClock, rules: ReplyRules, now: datetime) -> list[StageTime]:
    """The steps as they stand now: from the agent's last word, plus the time for which we were down (EDG-4)."""
    clock.since = _since(conversation, clock)
    if clock.waits_for == Side.AGENT:
        return stage_times(rules, clock.waits_for, clock.since)
    return stage_times(rules, clock.waits_for, clock.since + downtime_between(clock.since, now))


def _reach(
    conversation: Conversation, clock: ReplyClock, step: StageTime, plan: list[StageTime], now: datetime
) -> ReplyClock | None:
    text = selectors.message_for(conversation, clock, step.stage, now)
    if step.stage == Stage.AUTO_CLOSE:
        _say(conversation, text)
        conversation_end(conversation_id=conversation.pk, by=Side.SYSTEM, actor=None, cause=EndCause.INACTIVITY)
        return None
    if step.stage == Stage.INACTIVE:
        _give_back(conversation, clock, text)
        return None
    clock.stage = step.stage
    _schedule(clock, next_stage(plan, clock.stage))
    if clock.waits_for == Side.CUSTOMER:
        _say(conversation, text)
        text = ""
    _tell(clock, conversation.agent_id, text)
    return clock


def _say(conversation: Conversation, text: str) -> None:
    """Write to the customer, where they read along: nobody is reminded by mail of a mail that they have."""
    if conversation.channel != Family.EMAIL:
        system_message_post(conversation=conversation, body=text)


def _give_back(conversation: Conversation, clock: ReplyClock, text: str) -> None:
    """Its agent does not answer: back to the queue, ahead of the others, and the agent Away (Idle) (CHAT-11)."""
    agent_id, rules = conversation.agent_id, selectors.rules_of(conversation.channel)
    conversation_return(conversation=conversation, cause=ReturnCause.AGENT_INACTIVE)
    # One who has signed out meanwhile, and left an email behind, stays Offline.
    if rules and rules.inactivity_sets_away and agent_id and agent_lock(agent_id).base != Base.OFFLINE:
        agent_set_idle_away(agent_id=agent_id, cause=Cause.IDLE)
    clock.stage, clock.due_at = Stage.INACTIVE, None
    _tell(clock, agent_id, text)


def _clock(conversation: Conversation) -> ReplyClock | None:
    return row_get(ReplyClock, conversation.pk)


def _since(conversation: Conversation, clock: ReplyClock) -> datetime:
    """Start of the wait: the agent's last message if the clock has not heard of it yet."""
    if clock.waits_for == Side.CUSTOMER and conversation.agent_spoke_at:
        return max(clock.since, conversation.agent_spoke_at)
    return clock.since


def _restart(conversation: Conversation, was: ReplyClock | None, waits_for: Side, since: datetime) -> ReplyClock | None:
    rules = selectors.rules_of(conversation.channel)
    if rules is None:
        return None
    clock = ReplyClock(conversation_id=conversation.pk, waits_for=waits_for, since=since)
    _schedule(clock, next_stage(stage_times(rules, waits_for, since), clock.stage), new=was is None)
    if was and was.stage != Stage.RUNNING:
        _tell(clock, conversation.agent_id)
    return clock


def _schedule(clock: ReplyClock, step: StageTime | None, *, new: bool = False) -> None:
    clock.due_at = step.at if step else None
    if new:
        row_add(clock)
    else:
        row_save(clock, ["waits_for", "since", "stage", "due_at", "paused_at"])
    if clock.due_at:
        wakeup_set(kind=REPLY_DEADLINE, object_id=clock.pk, due_at=clock.due_at)
    elif not new:
        wakeup_clear(kind=REPLY_DEADLINE, object_id=clock.pk)


def _tell(clock: ReplyClock, agent_id: UUID | None, text: str = "") -> None:
    if agent_id is None:
        return
    publish(ClockFrame(clock=clock_view(clock)), groups=[agent_group(agent_id)])
    if text:
        notice_add(agent_id=agent_id, text=text, about=clock.conversation_id)
