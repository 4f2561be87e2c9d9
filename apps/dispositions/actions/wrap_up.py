"""Wrap-up: choosing outcomes, closing, and correcting what was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.steps import notice_add
from apps.conversations.choices import EventKind, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_close, conversation_lock, timeline_record
from apps.core.errors import DomainError
from apps.dispositions.choices import Refusal
from apps.dispositions.models import Choice, Code, CodeSet, Outcome
from apps.dispositions.selectors import OfferedSet, may_correct, sets_for, sets_to_correct
from apps.dispositions.steps import choice_of_code, outcome_complete, outcome_keep


@dataclass(frozen=True)
class CodeChoice:
    """One set's outcome."""

    code_set: UUID
    code: UUID


@transaction.atomic
def wrap_up_draft(*, conversation_id: UUID, chosen: Iterable[CodeChoice], description: str, actor: User) -> Outcome:
    """Keep what the agent has chosen and written so far: neither a reload nor the clock loses it (WRP-3, WRP-6).

    Args:
        conversation_id: a conversation of the actor's in wrap-up.
        chosen: at most one code a set; what is not offered is passed over.
        description: free words about the outcome, at most 500 characters.
        actor: the agent who wraps up.

    Raises:
        DomainError: ``not_yours``, ``illegal_transition``.
    """
    conversation = _own_conversation_lock(conversation_id, actor)
    if conversation.state != State.WRAP_UP:
        raise _not_in_wrap_up(conversation)
    wanted = {each.code_set: each.code for each in chosen}
    codes = {each.code_set.pk: {code.pk for code in each.codes} for each in sets_for(conversation)}
    draft = {str(pk): str(code) for pk, code in wanted.items() if code in codes.get(pk, set())}
    return outcome_keep(conversation, draft=draft, description=description)


@transaction.atomic
def wrap_up_close(*, conversation_id: UUID, chosen: list[CodeChoice], description: str, actor: User) -> Conversation:
    """Record the outcome and close (WRP-2). Closing what one has closed already changes nothing.

    Args:
        conversation_id: a conversation of the actor's in wrap-up.
        chosen: at most one code a set; every required set needs one.
        description: free words about the outcome, at most 500 characters.
        actor: the agent who wraps up.

    Raises:
        DomainError: ``not_yours``, ``illegal_transition``, ``disposition_required``, ``disposition_unknown``.
    """
    conversation = _own_conversation_lock(conversation_id, actor)
    if conversation.state == State.CLOSED:
        return conversation
    if conversation.state != State.WRAP_UP:
        raise _not_in_wrap_up(conversation)
    outcome = _match_choices(sets_for(conversation), chosen)
    before = _earlier_outcome(conversation)
    description = outcome_keep(conversation, draft={}, description=description).description
    if before is not None:  # One that came back after its closing is wrapped up anew (WRP-8).
        conversation.dispositions.all().delete()
    Choice.objects.bulk_create(
        choice_of_code(conversation, code_set, code, by=actor, description=description) for code_set, code in outcome
    )
    if before is not None:
        _record_change(conversation, before, actor)
    return conversation_close(conversation=conversation, actor=actor)


@transaction.atomic
def wrap_up_expire(*, conversation_id: UUID, due_at: datetime) -> None:
    """A wrap-up's time is over: every set without a choice gets the system's code, and it closes (WRP-2, WRP-3).

    What its agent had chosen and written by then is kept; the agent is told.

    Args:
        conversation_id: the conversation.
        due_at: the deadline that is due; one that was closed or moved meanwhile makes it void.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.state != State.WRAP_UP or conversation.wrap_up_due_at != due_at:
        return
    outcome_complete(conversation)
    conversation_close(conversation=conversation, actor=None, expired=True)
    _tell_expired(conversation)


@transaction.atomic
def outcome_correct(*, conversation_id: UUID, chosen: list[CodeChoice], description: str, actor: User) -> Outcome:
    """A supervisor corrects what was chosen, after the closing; the timeline keeps what it was (WRP-6).

    Args:
        conversation_id: a closed conversation that was wrapped up.
        chosen: at most one code a set, of `selectors.sets_to_correct`; every required set needs one.
        description: free words about the outcome, at most 500 characters.
        actor: the supervisor.

    Raises:
        DomainError: ``not_allowed``, ``illegal_transition``, ``disposition_required``, ``disposition_unknown``.
    """
    conversation = conversation_lock(conversation_id)
    if not may_correct(actor, conversation.queue_id):
        raise DomainError(Refusal.NOT_ALLOWED, _("You don't correct outcomes of this queue."))
    if conversation.state != State.CLOSED or not Outcome.objects.filter(pk=conversation.pk).exists():
        raise DomainError(Refusal.ILLEGAL_TRANSITION, _("Only what was wrapped up can be corrected."))
    before = _outcome_labels(conversation)
    outcome = outcome_keep(conversation, draft={}, description=description)
    picked = dict(_match_choices(sets_to_correct(conversation), chosen))
    kept = {choice.code_set_id: choice for choice in conversation.dispositions.all()}
    gone = [choice.pk for set_id, choice in kept.items() if set_id and set_id not in {each.pk for each in picked}]
    Choice.objects.filter(pk__in=gone).delete()
    for code_set, code in picked.items():
        if (old := kept.get(code_set.pk)) is None or old.code_id != code.pk:
            Choice.objects.filter(conversation=conversation, code_set=code_set).delete()
            choice_of_code(conversation, code_set, code, by=actor, description=outcome.description).save()
    conversation.dispositions.update(description=outcome.description)
    outcome.corrected_by, outcome.corrected_at = actor, timezone.now()
    outcome.save(update_fields=["corrected_by", "corrected_at"])
    _record_change(conversation, before, actor)
    return outcome


def _record_change(conversation: Conversation, before: dict[str, str], actor: User) -> None:
    timeline_record(
        conversation,
        EventKind.OUTCOME_CORRECTED,
        at=timezone.now(),
        actor=actor,
        side=Side.AGENT,
        was=before,
        now=_outcome_labels(conversation),
    )


def _earlier_outcome(conversation: Conversation) -> dict[str, str] | None:
    """What stood as the outcome of an earlier closing; None where there was none."""
    return _outcome_labels(conversation) if conversation.dispositions.exists() else None


def _own_conversation_lock(conversation_id: UUID, actor: User) -> Conversation:
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    return conversation


def _not_in_wrap_up(conversation: Conversation) -> DomainError:
    if conversation.closed_at:
        return DomainError(
            Refusal.ILLEGAL_TRANSITION, _("This conversation was closed meanwhile."), state=conversation.state
        )
    return DomainError(Refusal.ILLEGAL_TRANSITION, _("End the conversation first."), state=conversation.state)


def _match_choices(sets: list[OfferedSet], chosen: list[CodeChoice]) -> list[tuple[CodeSet, Code]]:
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
                Refusal.DISPOSITION_REQUIRED, _("Choose a disposition from “%(set)s” first.") % {"set": name}, set=name
            )
    if wanted:
        raise _unknown()
    return outcome


def _unknown() -> DomainError:
    return DomainError(
        Refusal.DISPOSITION_UNKNOWN, _("This disposition is no longer offered. Reload and choose again.")
    )


def _outcome_labels(conversation: Conversation) -> dict[str, str]:
    """What stands as the outcome: code by set, and the description under no set."""
    said = dict(conversation.dispositions.all().values_list("set_name", "code_name"))
    return said | {"": Outcome.objects.get(pk=conversation.pk).description}


def _tell_expired(conversation: Conversation) -> None:
    if conversation.agent_id is None:
        return
    text = _("The time to wrap up %(customer)s is over. It was closed for you.") % {
        "customer": conversation.contact.display_name
    }
    notice_add(agent_id=conversation.agent_id, text=text, about=conversation.pk)
