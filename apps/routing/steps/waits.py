"""A conversation's stay in a queue: what it asks for, and what becomes due while it waits (RTE-2, RTE-4, RTE-8)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField
from django.db.models.functions import JSONObject
from django.utils import timezone

from apps.agents.models import Membership
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.rows import row_get, row_put, rows_delete
from apps.core.statements import Parameter, Statement
from apps.queues.choices import Family
from apps.queues.models import QueueSkill, Skill
from apps.queues.selectors import is_open, next_change
from apps.routing.choices import Source, Trigger
from apps.routing.matching import QUEUE
from apps.routing.models import Requirement, RoutingSettings, Wait
from apps.routing.steps.flows import flow_run, queue_closed_announce
from apps.timers.selectors import downtime_between
from apps.timers.steps import wakeup_clear, wakeup_ensure, wakeup_set

WAIT_DEADLINE = "routing.wait"
SWEEP_DEADLINE = "routing.sweep"
SWEEP_EVERY = timedelta(seconds=15)
SWEEP_ID = UUID(int=0)
"""One sweep a tenant."""


QueueSkills = dict[UUID, int | None]
"""The skills that a queue asks for, by id, and after how many seconds each is asked for no longer."""


def queue_enter(conversation: Conversation) -> bool:
    """A locked conversation has come to a queue: closed queues and hours first, then its wait begins.

    Returns:
        Whether it waits; a flow may have ended it or sent it elsewhere.
    """
    queue, now = conversation.queue, timezone.now()
    # A mail can't be sent away: it waits until somebody serves the queue, or moves it (RTE-13).
    if queue.closed_at is not None and conversation.channel != Family.EMAIL:
        queue_closed_announce(conversation)
        return False
    if not is_open(queue.hours, now) and flow_run(conversation, Trigger.OUT_OF_HOURS):
        return False
    if conversation.queue_entered_at != conversation.first_arrived_at:
        _requirements_forget(conversation)
    settings, skills = _settings_and_skills(queue.pk)
    wait_begin(conversation, settings, _requirements_add(conversation, settings, skills))
    return True


def queue_return(conversation: Conversation) -> bool:
    """A locked conversation came back from an offer or an agent. A maximum that passed while it rang takes effect now.

    Returns:
        Whether it waits.
    """
    wait, waits = row_get(Wait, conversation.pk), True
    if wait is None:
        wait_begin(conversation, RoutingSettings.load())
    elif _is_over(wait, conversation, timezone.now()):
        waits = not flow_run(conversation, Trigger.NO_AGENTS)
    elif wait.due_at is None or wait.due_at > wait.max_wait_at:
        _schedule(wait, RoutingSettings.load(), timezone.now())
    if waits:
        wakeup_ensure(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)
    return waits


def wait_restart(conversation: Conversation) -> None:
    """The rules of a locked, waiting conversation's queue have changed: what it asks for and what becomes due, anew."""
    _requirements_forget(conversation)
    settings, skills = _settings_and_skills(conversation.queue_id)
    wait_begin(conversation, settings, _requirements_add(conversation, settings, skills))


def wait_begin(conversation: Conversation, settings: RoutingSettings, asked: list[Requirement] | None = None) -> None:
    """Write down what will become due while a conversation waits: at most one deadline at a time, and the sweep.

    Args:
        conversation: locked.
        settings: the tenant's.
        asked: what it requires, if the caller has just written all of it.
    """
    queue, entered = conversation.queue, _entry(conversation)
    prefers = queue.preferred_seconds > 0 and Membership.objects.filter(queue=queue, is_preferred=True).exists()
    wait = Wait(
        conversation=conversation,
        max_wait_at=entered + timedelta(seconds=queue.max_wait_seconds),
        preferred_until=entered + timedelta(seconds=queue.preferred_seconds) if prefers else None,
    )
    wait.due_at = due_at = _next_due(wait, settings, timezone.now(), asked) or wait.max_wait_at
    row_put(wait)
    sweep = SWEEP_DEADLINE, SWEEP_ID, timezone.now() + SWEEP_EVERY
    wakeup_set(kind=WAIT_DEADLINE, object_id=conversation.pk, due_at=due_at, ensures=sweep)


def wait_end(conversation: Conversation) -> None:
    """A locked conversation has left its queue."""
    if rows_delete(Wait, conversation=conversation.pk):
        wakeup_clear(kind=WAIT_DEADLINE, object_id=conversation.pk)


def wait_follow_due(conversation: Conversation, wait: Wait) -> bool:
    """Do what has become due for a locked conversation that waits, and plan what comes next.

    Returns:
        Whether it waits still, and somebody may be able to take it now.
    """
    now, settings = timezone.now(), RoutingSettings.load()
    waits = conversation.state == State.WAITING
    if waits and _flow_is_due(conversation, wait, settings, now):
        return False
    # The maximum can't fire while an offer rings: `queue_return` looks at it when the offer is over.
    _schedule(wait, settings, now)
    return waits


def _schedule(wait: Wait, settings: RoutingSettings, now: datetime) -> None:
    wait.due_at = _next_due(wait, settings, now)
    wait.save(update_fields=["due_at", "max_wait_at"])
    if wait.due_at is not None:
        wakeup_set(kind=WAIT_DEADLINE, object_id=wait.pk, due_at=wait.due_at)


def _is_over(wait: Wait, conversation: Conversation, now: datetime) -> bool:
    """Whether the maximum has passed; while we were down nobody could be accepted, and that is added to it (EDG-4)."""
    if wait.max_wait_at <= now and (down := downtime_between(_entry(conversation), now)):
        allowed = timedelta(seconds=conversation.queue.max_wait_seconds)
        wait.max_wait_at = max(wait.max_wait_at, _entry(conversation) + allowed + down)
    return wait.max_wait_at <= now


def _flow_is_due(conversation: Conversation, wait: Wait, settings: RoutingSettings, now: datetime) -> bool:
    """Run the flow whose time has come. Returns whether the conversation left its queue by it."""
    closed = settings.flow_at_closing and not is_open(conversation.queue.hours, now)
    if closed and flow_run(conversation, Trigger.OUT_OF_HOURS):
        return True
    return _is_over(wait, conversation, now) and flow_run(conversation, Trigger.NO_AGENTS)


def _next_due(
    wait: Wait, settings: RoutingSettings, now: datetime, asked: list[Requirement] | None = None
) -> datetime | None:
    """The earliest of what is still to come."""
    if asked is None:
        asked = list(Requirement.objects.filter(conversation=wait.conversation_id, expires_at__gt=now))
    due = [wait.max_wait_at, wait.preferred_until, *(each.expires_at for each in asked)]
    if settings.flow_at_closing:
        due.append(next_change(wait.conversation.queue.hours, now))
    return min((at for at in due if at is not None and at > now), default=None)


def _entry(conversation: Conversation) -> datetime:
    return conversation.queue_entered_at or timezone.now()


def _requirements_forget(conversation: Conversation) -> None:
    """Forget what the queue before asked for; what agents or flows added stays (RTE-1)."""
    Requirement.objects.filter(conversation=conversation, source__in=[Source.QUEUE, Source.LANGUAGE]).delete()


def _requirements_add(conversation: Conversation, settings: RoutingSettings, skills: QueueSkills) -> list[Requirement]:
    """Write what the queue and the customer's language ask for. What is returned holds all that may expire."""
    entered = _entry(conversation)
    rows = [
        Requirement(
            conversation=conversation,
            skill_id=skill_id,
            source=Source.QUEUE,
            expires_at=entered + timedelta(seconds=expires_after) if expires_after else None,
        )
        for skill_id, expires_after in skills.items()
    ]
    language = conversation.language.split("-")[0].lower()
    if settings.match_language and language:
        spoken = _SPOKEN.all(language=language)
        rows += [Requirement(conversation=conversation, skill_id=skill, source=Source.LANGUAGE) for skill in spoken]
    if rows:
        Requirement.objects.bulk_create(rows, ignore_conflicts=True)
    return rows


def _settings_and_skills(queue_id: UUID) -> tuple[RoutingSettings, QueueSkills]:
    """What holds for routing in the tenant, and what a queue asks for, in one statement."""
    found: Any = _SETTINGS_AND_SKILLS.first(queue=queue_id)
    if found is None:
        RoutingSettings.load()
        return _settings_and_skills(queue_id)
    return found, {UUID(each["skill"]): each["seconds"] for each in found.queue_skills}


_SETTINGS_AND_SKILLS: Statement[RoutingSettings] = Statement(
    lambda: RoutingSettings.objects.annotate(
        queue_skills=ArraySubquery(
            QueueSkill.objects.filter(queue=QUEUE)
            .order_by()
            .values(asked=JSONObject(skill="skill", seconds="expires_after_seconds"))
        )
    )
)
_SPOKEN: Statement[UUID] = Statement(
    lambda: Skill.objects.filter(language__iexact=Parameter("language", CharField())).values_list("pk", flat=True)
)
