"""Wrap-up: choosing outcomes and closing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.actions import conversation_close, conversation_lock
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.dispositions.choices import SYSTEM_CODE
from apps.dispositions.models import Choice, Code, CodeSet
from apps.dispositions.selectors import OfferedSet, sets_for


@dataclass(frozen=True)
class Chosen:
    """One set's outcome."""

    code_set: UUID
    code: UUID


@transaction.atomic
def wrap_up_close(*, conversation_id: UUID, chosen: list[Chosen], description: str, actor: User) -> Conversation:
    """Record the outcome and close (WRP-2). Closing what one has closed already changes nothing.

    Args:
        conversation_id: a conversation of the actor's in wrap-up.
        chosen: at most one code a set; every required set needs one.
        description: free words about the outcome, at most 500 characters.
        actor: the agent who wraps up.

    Raises:
        DomainError: ``not_yours``, ``illegal_transition``, ``disposition_required``, ``disposition_unknown``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError("not_yours", _("This conversation is not with you."))
    if conversation.state == State.CLOSED:
        return conversation
    if conversation.state != State.WRAP_UP:
        raise DomainError("illegal_transition", _("End the conversation first."), state=conversation.state)
    Choice.objects.bulk_create(
        Choice(
            conversation=conversation,
            code_set=code_set,
            code=code,
            set_name=code_set.name,
            code_name=code.name,
            description=description[:500],
            chosen_by=actor,
        )
        for code_set, code in _check(sets_for(conversation.queue), chosen)
    )
    return conversation_close(conversation=conversation, actor=actor)


def _check(sets: list[OfferedSet], chosen: list[Chosen]) -> list[tuple[CodeSet, Code]]:
    """Match what was chosen with what is offered: every choice must be there, and no required set may be left out."""
    wanted = {choice.code_set: choice.code for choice in chosen}
    outcome = []
    for offered in sets:
        code_id = wanted.pop(offered.code_set.pk, None)
        code = next((code for code in offered.codes if code.pk == code_id), None)
        if code is not None:
            outcome.append((offered.code_set, code))
        elif code_id is not None:
            raise _unknown()
        elif offered.must_choose:
            name = offered.code_set.name
            raise DomainError(
                "disposition_required", _("Choose a disposition from “%(set)s” first.") % {"set": name}, set=name
            )
    if wanted:
        raise _unknown()
    return outcome


def _unknown() -> DomainError:
    return DomainError("disposition_unknown", _("This disposition is no longer offered. Reload and choose again."))


@transaction.atomic
def wrap_up_expire(*, conversation_id: UUID, due_at: datetime) -> None:
    """A wrap-up was left too long: every required set gets the system's code, and it closes (WRP-2).

    Args:
        conversation_id: the conversation.
        due_at: the deadline that is due; one that was closed or moved meanwhile makes it void.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.state != State.WRAP_UP or conversation.wrap_up_due_at != due_at:
        return
    code, _made = Code.objects.get_or_create(name=SYSTEM_CODE, defaults={"is_system": True})
    Choice.objects.bulk_create(
        Choice(
            conversation=conversation,
            code_set=offered.code_set,
            code=code,
            set_name=offered.code_set.name,
            code_name=code.name,
        )
        for offered in sets_for(conversation.queue)
        if offered.code_set.is_required
    )
    conversation_close(conversation=conversation, actor=None)
