"""The deadline of reply clocks: one for each active conversation (CHAT-11)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.agents.actions import agent_set_idle_away
from apps.agents.choices import Base, Cause
from apps.agents.steps import agent_lock
from apps.clocks import selectors
from apps.clocks.choices import Stage
from apps.clocks.models import ReplyClock, ReplyRules
from apps.clocks.stages import StageTime, latest_stage, next_stage, stage_times
from apps.clocks.steps import clock_of, clock_schedule, clock_tell, wait_start
from apps.conversations.actions import conversation_end
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_return, system_message_post
from apps.queues.choices import Family
from apps.timers.selectors import downtime_between


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
    clock, rules = clock_of(conversation), selectors.rules_of(conversation.channel)
    if clock is None or clock.due_at != due_at or conversation.state != State.ACTIVE:
        return None
    # Whoever says that it is due has looked at a clock; ours may be a little behind.
    now = max(timezone.now(), due_at)
    plan = _plan(conversation, clock, rules, now) if rules else []
    step = latest_stage(plan, clock.stage, now)
    if step is None:
        clock_schedule(clock, next_stage(plan, clock.stage))
        return clock
    return _reach(conversation, clock, step, plan, now)


def _plan(conversation: Conversation, clock: ReplyClock, rules: ReplyRules, now: datetime) -> list[StageTime]:
    """The steps as they stand now: from the agent's last word, plus the time for which we were down (EDG-4)."""
    clock.since = wait_start(conversation, clock)
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
    clock_schedule(clock, next_stage(plan, clock.stage))
    if clock.waits_for == Side.CUSTOMER:
        _say(conversation, text)
        text = ""
    clock_tell(clock, conversation.agent_id, text)
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
    clock_tell(clock, agent_id, text)
