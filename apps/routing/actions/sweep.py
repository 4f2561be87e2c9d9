"""The sweep: repairs what a crash between a commit and its dispatch left behind; finds nothing otherwise (RTE-8)."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.agents.models import Agent, Capacity
from apps.agents.selectors import FREE, READY
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.commit import after_commit
from apps.routing.actions import queue_head_dispatch
from apps.routing.selectors import queue_head_for
from apps.routing.steps.waits import SWEEP_DEADLINE, SWEEP_EVERY, SWEEP_ID
from apps.timers.steps import wakeup_set

IN_FLIGHT = timedelta(seconds=2)
"""Who has waited for less may just be on the way to an agent, and whoever waits for an agent who is free for less."""

log = structlog.get_logger(__name__)


def stalled_conversations() -> list[Conversation]:
    """Who has waited for a while although an agent could take them now: there should be nobody."""
    now = timezone.now()
    settled = now - IN_FLIGHT
    waiting = Conversation.objects.filter(state=State.WAITING, queued_at__lt=settled)
    if not waiting.exists():
        return []
    free = Exists(Capacity.objects.filter(FREE, agent=OuterRef("pk")))
    # What makes an agent free: a status, a console that opens, a slot given back, "Away after these" taken back.
    roomy = Agent.objects.filter(
        READY, free, status_since__lt=settled, console_opened_at__lt=settled, idle_since__lt=settled
    )
    heads = [queue_head_for(agent_id, at=now) for agent_id in roomy.values_list("pk", flat=True)]
    return list(waiting.filter(pk__in={head for head in heads if head is not None}))


@transaction.atomic
def sweep_run() -> int:
    """Find what waits although an agent has room, have it placed, and come again while anybody waits.

    Returns:
        How many stood still: not nought means that something went wrong before.
    """
    found = stalled_conversations()
    for conversation in found:
        # After the commit: dispatch takes its locks in an order of its own.
        after_commit(queue_head_dispatch, conversation_id=conversation.pk)
    if found:
        log.warning("routing.sweep_found", conversations=[str(conversation.pk) for conversation in found])
    if Conversation.objects.filter(state=State.WAITING).exists():
        wakeup_set(kind=SWEEP_DEADLINE, object_id=SWEEP_ID, due_at=timezone.now() + SWEEP_EVERY)
    return len(found)
