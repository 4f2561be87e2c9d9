"""When which stage of a wait is reached: rules in, times out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from apps.clocks.choices import Stage
from apps.clocks.models import ReplyRules
from apps.conversations.choices import Side

RANK: Final = {
    Stage.RUNNING: 0,
    Stage.DUE: 1,
    Stage.OVERDUE: 2,
    Stage.INACTIVE: 3,
    Stage.IDLE_DUE: 1,
    Stage.IDLE: 2,
    Stage.AUTO_CLOSE: 3,
}


@dataclass(frozen=True)
class StageTime:
    """A stage and the moment at which it is reached."""

    stage: Stage
    at: datetime


def stage_times(rules: ReplyRules, waits_for: str, since: datetime) -> list[StageTime]:
    """The stages that are switched on, in the order in which they come (CHAT-11).

    Args:
        rules: of the conversation's channel family.
        waits_for: the side whose answer is waited for.
        since: start of the wait.
    """
    spans = _agents(rules) if waits_for == Side.AGENT else _customers(rules)
    return [StageTime(stage, since + after) for stage, on, after in spans if on]


def latest_stage(plan: Iterable[StageTime], stage: str, now: datetime) -> StageTime | None:
    """The furthest stage beyond `stage` whose time has come: what it has overtaken is dropped (EDG-4)."""
    return next((step for step in reversed(list(_beyond(plan, stage))) if step.at <= now), None)


def next_stage(plan: Iterable[StageTime], stage: str) -> StageTime | None:
    """The stage that follows `stage`."""
    return next(_beyond(plan, stage), None)


def _beyond(plan: Iterable[StageTime], stage: str) -> Iterator[StageTime]:
    return (step for step in plan if RANK[step.stage] > RANK[Stage(stage)])


def _agents(rules: ReplyRules) -> list[tuple[Stage, bool, timedelta]]:
    overdue = timedelta(seconds=rules.overdue_seconds)
    return [
        (Stage.DUE, rules.due_on, overdue * rules.due_percent / 100),
        (Stage.OVERDUE, rules.overdue_on, overdue),
        (Stage.INACTIVE, rules.inactivity_on, overdue + timedelta(seconds=rules.inactivity_seconds)),
    ]


def _customers(rules: ReplyRules) -> list[tuple[Stage, bool, timedelta]]:
    idle = timedelta(seconds=rules.idle_seconds)
    return [
        (Stage.IDLE_DUE, rules.idle_reminder_on, idle * rules.idle_percent / 100),
        (Stage.IDLE, rules.idle_on, idle),
        (Stage.AUTO_CLOSE, rules.auto_close_on, timedelta(seconds=rules.auto_close_seconds)),
    ]
