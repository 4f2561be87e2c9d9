"""What supervisors and agents do by hand (RTE-11, RTE-12)."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.reach import queues_served_by
from apps.agents.steps import agent_lock
from apps.audit.actions import audit_record
from apps.conversations.actions import conversation_end
from apps.conversations.choices import ENDED_STATES, EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import (
    conversation_lock,
    conversation_move_to_queue,
    conversation_reprioritise,
    conversation_return,
    timeline_record,
)
from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.routing import selectors
from apps.routing.actions.dispatch import conversation_dispatch
from apps.routing.choices import AuditVerb, Refusal, RoutingEventKind
from apps.routing.steps.offer_ends import offer_withdraw
from apps.routing.steps.offers import offer_create
from apps.routing.steps.slots import slot_force, slot_reserve
from apps.routing.supervision import may_supervise


@transaction.atomic
def conversation_pick(*, conversation_id: UUID, actor: User) -> Conversation:
    """The agent takes a waiting conversation of one of their queues, out of turn, where that is allowed (RTE-12).

    Raises:
        DomainError: ``pick_not_allowed``, ``not_in_queue``, ``not_waiting``, ``not_available``, ``no_free_slot``.
    """
    conversation = _waiting(conversation_id)
    if not selectors.channel_rules_for(conversation.channel).may_pick:
        raise DomainError(Refusal.PICK_NOT_ALLOWED, _("Conversations of this channel come by themselves."))
    if not queues_served_by(actor.pk).filter(pk=conversation.queue_id).exists():
        raise DomainError(Refusal.NOT_IN_QUEUE, _("You don't serve this queue."))
    agent = agent_lock(actor.pk)
    refusal = selectors.offer_refusal(agent, conversation.channel)
    if refusal is not None or not slot_reserve(conversation, agent):
        raise refusal or DomainError(Refusal.NO_FREE_SLOT, _("All your slots of this channel are taken."))
    offer_create(conversation, agent, explanation={"by_hand": "picked"}, opens=True)
    return conversation


@transaction.atomic
def conversation_assign(*, conversation_id: UUID, agent_id: UUID, actor: User) -> Conversation:
    """A supervisor gives a conversation to an agent, whatever their skills and slots; the slot is forced (RTE-9).

    Args:
        conversation_id: one that waits, is offered, or is with another agent.
        agent_id: who gets it; must have a live console.
        actor: the supervisor.

    Raises:
        DomainError: ``not_allowed``, ``conversation_ended``, ``not_available``, ``assigned_already``.
    """
    conversation = _supervised(conversation_id, actor)
    if conversation.agent_id == agent_id:
        raise DomainError(Refusal.ASSIGNED_ALREADY, _("This agent has the conversation already."))
    _to_waiting(conversation)
    agent = agent_lock(agent_id)
    if agent.console_id is None or agent.console_lost_at is not None or not agent.user.is_active:
        raise DomainError(Refusal.NOT_AVAILABLE, _("This agent is not signed in."))
    slot_force(conversation, agent)
    timeline_record(
        conversation, RoutingEventKind.ASSIGNED, at=timezone.now(), actor=actor, side=Side.AGENT, agent=str(agent_id)
    )
    _record(AuditVerb.ASSIGN, conversation, actor, agent=str(agent.user))
    offer_create(conversation, agent, explanation={"by_hand": "assigned", "by": str(actor.pk)}, opens=True)
    return conversation


@transaction.atomic
def conversation_change_queue(*, conversation_id: UUID, queue: Queue, actor: User) -> Conversation:
    """A supervisor has a conversation wait in another queue; it keeps its first arrival (RTE-7).

    Raises:
        DomainError: ``not_allowed``, ``conversation_ended``, ``queue_closed``.
    """
    conversation = _supervised(conversation_id, actor)
    _record(AuditVerb.CHANGE_QUEUE, conversation, actor, before=conversation.queue.name, after=queue.name)
    _to_waiting(conversation)
    return conversation_move_to_queue(conversation=conversation, queue=queue, actor=actor)


@transaction.atomic
def conversation_requeue(*, conversation_id: UUID, actor: User) -> Conversation:
    """A supervisor takes a conversation back into its queue, returned first.

    Raises:
        DomainError: ``not_allowed``, ``conversation_ended``.
    """
    conversation = _supervised(conversation_id, actor)
    _record(AuditVerb.REQUEUE, conversation, actor)
    _to_waiting(conversation)
    return conversation


@transaction.atomic
def conversation_set_priority(*, conversation_id: UUID, priority: int, actor: User) -> Conversation:
    """A supervisor raises or lowers a conversation's rank; who waits may be served at once.

    Raises:
        DomainError: ``not_allowed``, ``conversation_ended``, ``priority_unknown``.
    """
    conversation = _supervised(conversation_id, actor)
    _record(AuditVerb.PRIORITY, conversation, actor, before=conversation.priority, after=priority)
    after_commit(conversation_dispatch, conversation_id=conversation.pk)
    return conversation_reprioritise(conversation=conversation, priority=priority, actor=actor)


@transaction.atomic
def conversation_force_close(*, conversation_id: UUID, actor: User) -> Conversation:
    """A supervisor ends a conversation: the same end as everybody's, with the cause recorded (EDG-8).

    Raises:
        DomainError: ``not_allowed``, ``conversation_ended``.
    """
    _record(AuditVerb.FORCE_CLOSE, _supervised(conversation_id, actor), actor)
    return conversation_end(conversation_id=conversation_id, by=Side.SYSTEM, actor=actor, cause=EndCause.FORCED)


def _record(verb: AuditVerb, conversation: Conversation, actor: User, **detail: object) -> None:
    audit_record(verb, actor=actor, target=conversation, detail=detail, conversation=conversation.pk)


def _supervised(conversation_id: UUID, actor: User) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if not may_supervise(actor, conversation.queue_id):
        raise DomainError(Refusal.NOT_ALLOWED, _("You don't supervise this queue."))
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    return conversation


def _waiting(conversation_id: UUID) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if conversation.state != State.WAITING:
        raise DomainError(Refusal.NOT_WAITING, _("Somebody else has this conversation already."))
    return conversation


def _to_waiting(conversation: Conversation) -> None:
    """Take a locked conversation from whoever has it, or is offered it."""
    if conversation.state == State.OFFERED:
        offer_withdraw(conversation, ReturnCause.REQUEUED)
    elif conversation.state != State.WAITING:
        conversation_return(conversation=conversation, cause=ReturnCause.REQUEUED)
