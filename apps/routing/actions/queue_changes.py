"""What becomes of those who wait when their queue, its skills or its hours change (RTE-8, RTE-13)."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.agents.models import Agent
from apps.agents.selectors import READY, is_serving
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_move_to_queue
from apps.core.commit import after_commit
from apps.queues.models import HoursProfile, Queue
from apps.routing import selectors
from apps.routing.actions.dispatch import agent_dispatch
from apps.routing.steps.offer_ends import offer_withdraw
from apps.routing.steps.waits import wait_restart


@transaction.atomic
def queue_move_waiting(*, queue: Queue, move_to: Queue) -> int:
    """Have everybody who waits in a queue, or rings from it, wait in another one; each keeps their first arrival.

    Returns:
        How many were moved.

    Raises:
        DomainError: ``queue_closed`` when the other queue takes nobody.
    """
    waiting = sorted(selectors.conversations_waiting_in(queue).values_list("pk", flat=True))
    return sum(_move(conversation_id, queue, move_to) for conversation_id in waiting)


def _move(conversation_id: UUID, queue: Queue, move_to: Queue) -> bool:
    conversation = conversation_lock(conversation_id)
    if conversation.queue_id != queue.pk:
        return False
    if conversation.state == State.OFFERED:
        offer_withdraw(conversation, ReturnCause.REQUEUED)
    if conversation.state != State.WAITING:
        return False
    conversation_move_to_queue(conversation=conversation, queue=move_to, actor=None)
    return True


@transaction.atomic
def queue_reevaluate(*, queue: Queue) -> None:
    """A queue's rules changed: those who wait ask for what it asks for now, and agents get what they can take."""
    _wait_again(Conversation.objects.filter(queue=queue, state=State.WAITING))
    serving = Agent.objects.filter(READY, is_serving(queue.pk)).order_by("idle_since")
    for agent_id in serving.values_list("pk", flat=True):
        after_commit(agent_dispatch, agent_id=agent_id)


@transaction.atomic
def hours_reevaluate(*, profile: HoursProfile) -> None:
    """Hours changed: what was planned by them for those who wait is planned anew."""
    _wait_again(Conversation.objects.filter(queue__hours=profile, state=State.WAITING))


def _wait_again(waiting: QuerySet[Conversation]) -> None:
    for conversation_id in waiting.order_by("pk").values_list("pk", flat=True):
        conversation = conversation_lock(conversation_id)
        if conversation.state == State.WAITING:
            wait_restart(conversation)
