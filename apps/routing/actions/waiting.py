"""A conversation's stay in a queue: what it asks for, and what becomes due while it waits (RTE-2, RTE-4, RTE-8)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.agents.models import Membership
from apps.conversations.actions import conversation_lock
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.commit import after_commit
from apps.queues.models import QueueSkill, Skill
from apps.queues.selectors import is_open, next_change
from apps.routing.actions.dispatch import conversation_dispatch
from apps.routing.actions.flows import closed_announce, flow_run
from apps.routing.choices import Source, Trigger
from apps.routing.models import Requirement, RoutingSettings, Wait
from apps.timers.actions import wakeup_clear, wakeup_set

WAIT_DEADLINE = "routing.wait"


def queue_entered(conversation: Conversation) -> bool:
    """A locked conversation has come to a queue: closed queues and hours first, then its wait begins.

    Returns:
        Whether it waits; a flow may have ended it or sent it elsewhere.
    """
    queue, now = conversation.queue, timezone.now()
    if queue.closed_at is not None:
        closed_announce(conversation)
        return False
    if not is_open(queue.hours, now) and flow_run(conversation, Trigger.OUT_OF_HOURS):
        return False
    settings: RoutingSettings = RoutingSettings.load()
    _requirements_set(conversation, settings)
    wait_begin(conversation, settings)
    return True


def queue_returned(conversation: Conversation) -> bool:
    """A locked conversation came back from an offer or an agent. A maximum that passed while it rang takes effect now.

    Returns:
        Whether it waits.
    """
    wait = Wait.objects.filter(conversation=conversation).first()
    if wait is None:
        wait_begin(conversation, RoutingSettings.load())
    elif wait.max_wait_at <= timezone.now():
        return not flow_run(conversation, Trigger.NO_AGENTS)
    return True


def wait_again(conversation: Conversation) -> None:
    """The rules of a locked, waiting conversation's queue have changed: what it asks for and what becomes due, anew."""
    settings: RoutingSettings = RoutingSettings.load()
    _requirements_set(conversation, settings)
    wait_begin(conversation, settings)


def wait_begin(conversation: Conversation, settings: RoutingSettings) -> None:
    """Write down what will become due while a conversation waits: at most one deadline at a time."""
    queue, entered = conversation.queue, _entry(conversation)
    prefers = queue.preferred_seconds > 0 and Membership.objects.filter(queue=queue, is_preferred=True).exists()
    wait = Wait(
        conversation=conversation,
        max_wait_at=entered + timedelta(seconds=queue.max_wait_seconds),
        preferred_until=entered + timedelta(seconds=queue.preferred_seconds) if prefers else None,
    )
    wait.due_at = due_at = _next_due(wait, settings, timezone.now()) or wait.max_wait_at
    Wait.objects.bulk_create(
        [wait],
        update_conflicts=True,
        unique_fields=["conversation"],
        update_fields=["max_wait_at", "preferred_until", "due_at"],
    )
    wakeup_set(kind=WAIT_DEADLINE, object_id=conversation.pk, due_at=due_at)


def wait_end(conversation: Conversation) -> None:
    """A locked conversation has left its queue."""
    if Wait.objects.filter(conversation=conversation).delete()[0]:
        wakeup_clear(kind=WAIT_DEADLINE, object_id=conversation.pk)


@transaction.atomic
def wait_expire(*, conversation_id: UUID, due_at: datetime) -> None:
    """Something became due for a conversation that waits: its maximum, the hours, a skill or the preferred window.

    Args:
        conversation_id: it.
        due_at: the deadline that is due; a wait that has moved on makes it void.
    """
    conversation = conversation_lock(conversation_id)
    wait = Wait.objects.filter(conversation=conversation, due_at=due_at).first()
    if wait is None:
        return
    now, settings = timezone.now(), RoutingSettings.load()
    if conversation.state == State.WAITING and _flow_is_due(conversation, wait, settings, now):
        return
    if conversation.state == State.WAITING:
        after_commit(conversation_dispatch, conversation_id=conversation.pk)
    # The maximum can't fire while an offer rings: `queue_returned` looks at it when the offer is over.
    wait.due_at = _next_due(wait, settings, now)
    wait.save(update_fields=["due_at"])
    if wait.due_at is not None:
        wakeup_set(kind=WAIT_DEADLINE, object_id=conversation.pk, due_at=wait.due_at)


def _flow_is_due(conversation: Conversation, wait: Wait, settings: RoutingSettings, now: datetime) -> bool:
    """Run the flow whose time has come. Returns whether the conversation left its queue by it."""
    closed = settings.flow_at_closing and not is_open(conversation.queue.hours, now)
    if closed and flow_run(conversation, Trigger.OUT_OF_HOURS):
        return True
    return wait.max_wait_at <= now and flow_run(conversation, Trigger.NO_AGENTS)


def _next_due(wait: Wait, settings: RoutingSettings, now: datetime) -> datetime | None:
    """The earliest of what is still to come."""
    skills = Requirement.objects.filter(conversation=wait.conversation_id, expires_at__gt=now)
    due: list[datetime | None] = [wait.max_wait_at, wait.preferred_until, *skills.values_list("expires_at", flat=True)]
    if settings.flow_at_closing:
        due.append(next_change(wait.conversation.queue.hours, now))
    return min((at for at in due if at is not None and at > now), default=None)


def _entry(conversation: Conversation) -> datetime:
    return conversation.queue_entered_at or timezone.now()


def _requirements_set(conversation: Conversation, settings: RoutingSettings) -> None:
    """What the queue and the customer's language ask for; what agents or flows added stays (RTE-1)."""
    entered = _entry(conversation)
    Requirement.objects.filter(conversation=conversation, source__in=[Source.QUEUE, Source.LANGUAGE]).delete()
    rows = [
        Requirement(
            conversation=conversation,
            skill_id=asked.skill_id,
            source=Source.QUEUE,
            expires_at=entered + timedelta(seconds=asked.expires_after_seconds)
            if asked.expires_after_seconds
            else None,
        )
        for asked in QueueSkill.objects.filter(queue=conversation.queue)
    ]
    language = conversation.language.split("-")[0].lower()
    if settings.match_language and language:
        spoken = Skill.objects.filter(language__iexact=language)
        rows += [Requirement(conversation=conversation, skill=skill, source=Source.LANGUAGE) for skill in spoken]
    Requirement.objects.bulk_create(rows, ignore_conflicts=True)
