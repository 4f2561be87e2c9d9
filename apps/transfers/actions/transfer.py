"""Transfers: asked for, and cancelled (XFR-3, XFR-4). What becomes of one that rings is in `steps`."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.models import Agent
from apps.conversations.choices import ENDED_STATES, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_pass_to_queue
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.routing.selectors import refuse_while_transferring
from apps.routing.steps import skills_change, skills_forget_removed, transfer_offer_cancel, transfer_offer_create
from apps.transfers.choices import Refusal
from apps.transfers.models import Transfer, TransferSettings
from apps.transfers.rules import check_queue, skills_proposed
from apps.transfers.steps import recent_note, stage_keep, transfer_create, transfer_record


@transaction.atomic
def transfer_to_queue(
    *, conversation_id: UUID, queue_id: UUID, actor: User, note: str = "", skills: Collection[UUID] | None = None
) -> Transfer:
    """Give a conversation to a queue: the stay ends, the slot is free, no wrap-up is owed, its first arrival is kept.

    Args:
        conversation_id: an active conversation of the actor's.
        queue_id: a queue that is open now and that the transfer rules allow (XFR-3).
        actor: its agent.
        note: what whoever gets it shall know; at most `NOTE_LONGEST` characters are kept.
        skills: ids of exactly the skills that it asks for there, where agents say so on transfer; none leaves it to
            the queue's rules.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``, ``conversation_ended``, ``not_active``, ``reply_first``,
            ``transfer_pending``, ``no_queues``, ``queue_unknown``, ``same_queue``, ``queue_not_allowed``,
            ``queue_closed``, ``skills_fixed``, ``skill_unknown``.
    """
    settings: TransferSettings = TransferSettings.load()
    conversation = _mine(conversation_id, actor)
    if not settings.to_queues:
        raise DomainError(Refusal.NO_QUEUES, _("Conversations are transferred to agents only here."))
    queue = check_queue(conversation, queue_id, actor)
    skills_forget_removed(conversation, queue)
    if skills is not None:
        _say_skills(conversation, queue, skills, settings, actor)
    transfer = transfer_create(conversation, actor, note, to_queue=queue)
    transfer_record(transfer, conversation, name=queue.name, queue=str(queue.pk))
    stage_keep(transfer, conversation)
    conversation_pass_to_queue(
        conversation=conversation, queue=queue, actor=actor, ignores_skills=not settings.enforces_skills
    )
    recent_note(actor, queue=queue)
    return transfer


@transaction.atomic
def transfer_to_agent(*, conversation_id: UUID, agent_id: UUID, actor: User, note: str = "") -> Transfer:
    """Offer a conversation to a colleague: it rings there, or in auto mode opens at once; till then it stays here.

    Args:
        conversation_id: an active conversation of the actor's.
        agent_id: the colleague's user; they must be able to take it now (AGT-2).
        actor: its agent.
        note: what the colleague shall know; at most `NOTE_LONGEST` characters are kept.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``, ``conversation_ended``, ``not_active``, ``reply_first``,
            ``transfer_pending``, ``no_agents``, ``transfer_to_self``, ``agent_unknown``, ``agent_not_available``,
            ``no_free_slot``.
    """
    conversation = _mine(conversation_id, actor)
    if not TransferSettings.load().to_agents:
        raise DomainError(Refusal.NO_AGENTS, _("Conversations are transferred to queues only here."))
    if agent_id == actor.pk:
        raise DomainError(Refusal.TRANSFER_TO_SELF, _("You have this conversation already."))
    colleague = Agent.objects.select_related("user").filter(pk=agent_id).first()
    if colleague is None:
        raise DomainError(Refusal.AGENT_UNKNOWN, _("There is no such agent any more."))
    transfer = transfer_create(conversation, actor, note, to_agent=colleague.user)
    transfer_record(transfer, conversation, name=colleague.user.public_name, agent=str(agent_id))
    transfer_offer_create(conversation, receiver_id=agent_id, sender=actor, note=transfer.note)
    recent_note(actor, colleague=colleague.user)
    transfer.refresh_from_db()
    return transfer


@transaction.atomic
def transfer_cancel(*, conversation_id: UUID, actor: User) -> Conversation:
    """The sender takes back a transfer that rings at a colleague. Where none rings any more, nothing changes.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours`` also when the colleague has just accepted.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    transfer_offer_cancel(conversation)
    return conversation


def _mine(conversation_id: UUID, actor: User) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    if conversation.state != State.ACTIVE:
        raise DomainError(Refusal.NOT_ACTIVE, _("Resume this conversation before you transfer it."))
    if conversation.reply_first:
        raise DomainError(Refusal.REPLY_FIRST, _("Send a first message before you transfer this conversation."))
    refuse_while_transferring(conversation.pk)
    return conversation


def _say_skills(
    conversation: Conversation, queue: Queue, skills: Collection[UUID], settings: TransferSettings, actor: User
) -> None:
    if not settings.skills_on_transfer:
        raise DomainError(Refusal.SKILLS_FIXED, _("Skills can't be changed on a transfer here."))
    proposed = {skill.pk for skill in skills_proposed(conversation, queue)}
    wanted = set(skills)
    skills_change(conversation, add=sorted(wanted - proposed), remove=sorted(proposed - wanted), actor=actor)
