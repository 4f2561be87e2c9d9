"""The skills bar: what a conversation asks for, changed by the agent who has it (XFR-1)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock
from apps.core.errors import DomainError
from apps.queues.models import Skill
from apps.routing.steps import skills_change
from apps.transfers.choices import Refusal
from apps.transfers.models import TransferSettings


@transaction.atomic
def conversation_skill_add(*, conversation_id: UUID, skill_id: UUID, actor: User) -> list[Skill]:
    """Have a conversation ask for one more skill, from now on and for good.

    Returns:
        What it asks for now, by name.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``, ``not_active``, ``skills_fixed``, ``skill_unknown``.
    """
    return skills_change(_mine(conversation_id, actor), add=[skill_id], remove=[], actor=actor)


@transaction.atomic
def conversation_skill_remove(*, conversation_id: UUID, skill_id: UUID, actor: User) -> list[Skill]:
    """Have a conversation no longer ask for a skill, whether its queue, flow or language or an agent asked for it.

    Returns:
        What it asks for now, by name.

    Raises:
        DomainError: ``conversation_unknown``, ``not_yours``, ``not_active``, ``skills_fixed``, ``skill_unknown``.
    """
    return skills_change(_mine(conversation_id, actor), add=[], remove=[skill_id], actor=actor)


def _mine(conversation_id: UUID, actor: User) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state not in {State.ACTIVE, State.SNOOZED}:
        raise DomainError(Refusal.NOT_ACTIVE, _("Skills can be changed until the conversation ends."))
    if not TransferSettings.load().skills_live:
        raise DomainError(Refusal.SKILLS_FIXED, _("Skills can't be changed during a conversation here."))
    return conversation
