"""Flows: what a customer meets when nobody can take them (RTE-4)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.conversations.actions import conversation_end
from apps.conversations.choices import EndCause, MessageKind, Side
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_move_to_queue, system_message_post, timeline_record
from apps.queues.choices import Family
from apps.routing.choices import Exit, RoutingEventKind, Trigger
from apps.routing.models import Flow, FlowRun
from apps.routing.selectors import flow_for

CAUSES = {Trigger.OUT_OF_HOURS: EndCause.OUT_OF_HOURS, Trigger.NO_AGENTS: EndCause.NO_AGENTS}


def flow_run(conversation: Conversation, trigger: Trigger) -> bool:
    """Run the queue's flow for a locked, waiting conversation: its message, then its exit. Each flow runs once for it.

    A mail is told nothing by it, and leaves its queue for another one alone.

    Returns:
        Whether the conversation left its queue.
    """
    flow = flow_for(conversation.queue, trigger)
    if flow is not None and conversation.channel == Family.EMAIL and flow.exit != Exit.QUEUE:
        return False  # Nobody watches a mail wait: it stays till somebody answers it.
    if flow is None or not FlowRun.objects.get_or_create(conversation=conversation, flow=flow)[1]:
        return False
    timeline_record(
        conversation,
        RoutingEventKind.FLOW_RUN,
        at=timezone.now(),
        actor=None,
        side=Side.SYSTEM,
        flow=flow.name,
        exit=flow.exit,
    )
    kind = MessageKind.ASK_EMAIL if flow.exit == Exit.EMAIL else MessageKind.NOTICE
    if conversation.channel != Family.EMAIL:
        system_message_post(conversation=conversation, body=flow.message, kind=kind)
    return _leave(conversation, flow)


def queue_closed_announce(conversation: Conversation) -> None:
    """The queue was closed by hand: its announcement, and the end (RTE-13). The caller holds the lock."""
    announcement = conversation.queue.closing_message or _("We are closed at the moment. Please come back later.")
    system_message_post(conversation=conversation, body=announcement)
    _end(conversation, EndCause.OUT_OF_HOURS)


def _leave(conversation: Conversation, flow: Flow) -> bool:
    if flow.exit == Exit.STAY:
        return False
    if flow.exit == Exit.QUEUE and flow.target is not None:
        conversation_move_to_queue(conversation=conversation, queue=flow.target, actor=None)
        return True
    _end(conversation, CAUSES[Trigger(flow.trigger)])
    return True


def _end(conversation: Conversation, cause: EndCause) -> None:
    conversation_end(conversation_id=conversation.pk, by=Side.SYSTEM, actor=None, cause=cause)
    conversation.refresh_from_db()
