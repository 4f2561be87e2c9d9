"""People put right what threading got wrong: they split a conversation, merge two, and take that back (EML-3)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.actions import conversation_end
from apps.conversations.choices import ENDED_STATES, EndCause, MessageKind, Side, State
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import contacts_writable_by
from apps.conversations.steps import (
    conversation_lock,
)
from apps.core.errors import DomainError
from apps.core.rows import row_lock
from apps.email.choices import UNSENT_STATES, MailEventKind, Refusal, ShiftKind
from apps.email.models import MailShift, OutboundMail
from apps.email.steps.mail_moves import mails_move, shift_create, shift_record, split_target_start
from apps.queues.choices import Family
from apps.routing.steps import conversation_reopen
from apps.routing.supervision import may_handle


@transaction.atomic
def conversation_split(*, conversation_id: UUID, message_id: UUID, actor: User) -> MailShift:
    """Put a mail, and all behind it, into a conversation of its own, which waits in the same queue (EML-3).

    Args:
        conversation_id: a conversation by mail.
        message_id: a customer's mail in it, not the first one.
        actor: its agent, until it is closed, or who supervises its queue.

    Raises:
        DomainError: ``conversation_unknown``, ``not_by_mail``, ``not_allowed``, ``split_nothing``, ``mail_on_its_way``.
    """
    source = _by_mail(conversation_lock(conversation_id), actor)
    said = list(_said(source))
    first = next((each for each in said if each.pk == message_id), None)
    if first is None or first.side != Side.CUSTOMER or first is said[0]:
        raise DomainError(Refusal.SPLIT_NOTHING, _("Choose a mail of the customer’s that is not the first one."))
    moved = said[said.index(first) :]
    _refuse_leaving(moved)
    target = split_target_start(source, first)
    shift = shift_create(ShiftKind.SPLIT, source, target, moved, actor)
    mails_move(source, target, moved, places={first.pk: 1})
    shift_record(MailEventKind.SPLIT, source, target, actor)
    return shift


@transaction.atomic
def conversation_merge(*, conversation_id: UUID, into_id: UUID, actor: User) -> MailShift:
    """Put all mails of a conversation into another one, and end it (EML-3).

    Args:
        conversation_id: a conversation by mail; who had it wraps it up as always.
        into_id: another one, which has not ended.
        actor: the agent of both, until they are closed, or who supervises their queues.

    Raises:
        DomainError: ``conversation_unknown``, ``not_by_mail``, ``not_allowed``, ``merge_itself``,
            ``conversation_ended``, ``split_nothing``, ``mail_on_its_way``.
    """
    if conversation_id == into_id:
        raise DomainError(Refusal.MERGE_ITSELF, _("Choose another conversation."))
    locked = {each: conversation_lock(each) for each in sorted([conversation_id, into_id])}
    source, target = (_by_mail(locked[each], actor) for each in (conversation_id, into_id))
    if target.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("The conversation to merge into has ended."))
    moved = list(_said(source))
    if not moved:
        raise DomainError(Refusal.SPLIT_NOTHING, _("There is nothing in it to move."))
    _refuse_leaving(moved)
    shift = shift_create(ShiftKind.MERGE, source, target, moved, actor)
    mails_move(source, target, moved, places={})
    shift_record(MailEventKind.MERGED, source, target, actor)
    _end(source, actor)
    return shift


@transaction.atomic
def shift_undo(*, shift_id: UUID, actor: User) -> MailShift:
    """Put everything back where it was; what came since stays where it came to (EML-3). Undone again it stays so.

    Args:
        shift_id: what was split or merged.
        actor: the agent of both conversations, or who supervises their queues. What was split off may still be
            nobody's, and what was merged may have ended by that, while its customer is one whom the agent reads.

    Raises:
        DomainError: ``shift_unknown``, ``not_allowed``, ``shift_gone_on`` when not all of it is there any more,
            ``mail_on_its_way``.
    """
    seen = MailShift.objects.filter(pk=shift_id).first()
    if seen is None:
        raise DomainError(Refusal.SHIFT_UNKNOWN, _("There is nothing to undo."))
    locked = {each: conversation_lock(each) for each in sorted([seen.source_id, seen.target_id])}
    source, target = locked[seen.source_id], locked[seen.target_id]
    _refuse_others(source)
    if not may_handle(actor, source) and not _has_ended_by(seen, source, actor):
        raise _not_allowed()
    shift = row_lock(MailShift, shift_id)
    if shift is None or shift.undone_at is not None:
        return seen if shift is None else shift
    if not may_handle(actor, target) and not _is_still_nobodys(shift, target, actor):
        raise _not_allowed()
    places = {UUID(key): int(number) for key, number in shift.moved.items()}
    moved = [each for each in _said(target) if each.pk in places]
    if len(moved) != len(places):
        raise DomainError(Refusal.SHIFT_GONE_ON, _("Not all of it is there any more: it was moved on."))
    _refuse_leaving(moved)
    shift.undone_at, shift.undone_by = timezone.now(), actor
    shift.save(update_fields=["undone_at", "undone_by"])
    waited = target.state not in ENDED_STATES
    mails_move(target, source, moved, places=places)
    shift_record(MailEventKind.SHIFT_UNDONE, source, target, actor)
    if shift.kind == ShiftKind.SPLIT and not _said(target).exists():
        _end(target, actor)
    if source.state in ENDED_STATES and not source.is_spam and waited and shift.was_open:
        conversation_reopen(conversation=source)
    return shift


# --- Who may, and what may not be


def _by_mail(conversation: Conversation, actor: User) -> Conversation:
    _refuse_others(conversation)
    if not may_handle(actor, conversation):
        raise _not_allowed()
    return conversation


def _refuse_others(conversation: Conversation) -> None:
    if conversation.channel != Family.EMAIL or conversation.is_spam:
        raise DomainError(Refusal.NOT_BY_MAIL, _("This is no conversation by mail."))


def _has_ended_by(shift: MailShift, source: Conversation, actor: User) -> bool:
    """Whether the merge has closed what was the actor's, and its customer is still one whom they read."""
    is_closed_by_it = source.state == State.CLOSED and source.end_cause == EndCause.MERGED
    if source.agent_id != actor.pk or shift.kind != ShiftKind.MERGE or not is_closed_by_it:
        return False
    return contacts_writable_by(actor).filter(pk=source.contact_id).exists()


def _is_still_nobodys(shift: MailShift, target: Conversation, actor: User) -> bool:
    """Whether what the actor has split off has been taken by nobody."""
    return shift.kind == ShiftKind.SPLIT and shift.by_id == actor.pk and target.agent_id is None


def _not_allowed() -> DomainError:
    return DomainError(Refusal.NOT_ALLOWED, _("This conversation is not with you, and you don’t supervise its queue."))


def _said(conversation: Conversation) -> QuerySet[Message]:
    """Its mails, in order."""
    return Message.objects.filter(conversation=conversation, kind=MessageKind.TEXT, mail__isnull=False).order_by(
        "number"
    )


def _refuse_leaving(messages: Sequence[Message]) -> None:
    if OutboundMail.objects.filter(message__in=[each.pk for each in messages], state__in=UNSENT_STATES).exists():
        raise DomainError(Refusal.MAIL_ON_ITS_WAY, _("One of these mails is being sent. Try again in a moment."))


# --- The end


def _end(conversation: Conversation, actor: User) -> None:
    if conversation.state not in ENDED_STATES:
        conversation_end(conversation_id=conversation.pk, by=Side.SYSTEM, actor=actor, cause=EndCause.MERGED)
