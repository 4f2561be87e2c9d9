"""An agent sends a mail, takes it back while that can be done, or has a failed one tried again (EML-8, EML-10)."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.conversations.choices import State
from apps.conversations.events import AgentReplying
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_lock
from apps.email.choices import OutboundState
from apps.email.models import MailChannel, MailDraft, OutboundMail
from apps.mailout.choices import Refusal
from apps.mailout.content import outbound_mail_id
from apps.mailout.draft_refusals import (
    draft_gone_error,
    draft_outdated_error,
    not_yours_error,
    refuse_unread,
    refuse_unsendable,
    refuse_writing,
)
from apps.mailout.selectors.outbox import bounced_recipients, draft_channel
from apps.mailout.steps.new_conversation import new_conversation_forget, new_conversation_prepare
from apps.mailout.steps.queue import RELEASE_DEADLINE, mail_left_error, outbound_lock, outbound_requeue
from apps.timers.steps import wakeup_clear, wakeup_set

HELD_FOR = timedelta(seconds=10)
"""How long a mail can be taken back (EML-10)."""


@transaction.atomic
def mail_send(
    *, draft_id: UUID, version: int, actor: User, seen: int | None = None, close: bool = False
) -> OutboundMail:
    """Send what an agent has written: it leaves in ten seconds, whatever becomes of them (EML-8, EML-10).

    A new mail prepares a conversation, which begins when it leaves, and takes a slot for it now (EML-7). A reply wakes
    a snoozed one (SNZ-4). Sent twice it is sent once.

    Args:
        draft_id: as it was saved.
        version: the one that its writer has seen.
        actor: who sends it.
        seen: the number of the conversation's last line that its writer knows of; not asked by default.
        close: when it has left, the conversation ends.

    Raises:
        DomainError: ``draft_gone``, ``draft_outdated``, ``draft_incomplete``, ``replied_since`` (`number` is that of
            the newest line of somebody else), ``not_yours``, ``conversation_ended``, ``not_by_mail``,
            ``mail_address_invalid``, ``mail_recipient_ours``, ``mail_blocked``, ``mail_too_large``,
            ``channel_cannot_send``, ``queue_unknown``, ``queue_closed``, ``no_free_slot``.
    """
    begun = MailDraft.objects.filter(pk=draft_id, agent=actor).first()
    if begun is None:
        raise draft_gone_error()
    conversation = conversation_lock(begun.conversation_id) if begun.conversation_id is not None else None
    draft = row_lock(MailDraft, draft_id)
    if draft is None:
        raise draft_gone_error()
    if (sent := OutboundMail.objects.filter(draft=draft).first()) is not None:
        return sent
    if draft.version != version:
        raise draft_outdated_error(draft)
    refuse_unsendable(draft)
    refuse_unread(draft, seen)
    channel = _channel(draft, conversation)
    now = timezone.now()
    if conversation is None:
        conversation = new_conversation_prepare(draft, actor)
    else:
        _may_answer(conversation, actor)
    row = OutboundMail(
        state=OutboundState.HELD,
        conversation=conversation,
        channel=channel,
        agent=actor,
        draft=draft,
        created_at=now,
        release_at=now + HELD_FOR,
        close_after=close,
    )
    row.mail_id = outbound_mail_id(row)
    row.save(force_insert=True)
    wakeup_set(kind=RELEASE_DEADLINE, object_id=row.pk, due_at=now + HELD_FOR)
    return row


@transaction.atomic
def mail_undo(*, outbound_id: UUID, actor: User) -> MailDraft:
    """Take a mail back before it leaves: what remains is the draft (EML-8, EML-10).

    A conversation that it was about to begin never was; its slot is free.

    Args:
        outbound_id: as `mail_send` returned it.
        actor: who sent it.

    Raises:
        DomainError: ``mail_left`` when it is too late, ``not_yours``.
    """
    row, conversation = outbound_lock(outbound_id)
    if row.agent_id != actor.pk:
        raise not_yours_error()
    if row.state != OutboundState.HELD or row.draft is None:
        raise mail_left_error()
    draft = row.draft
    wakeup_clear(kind=RELEASE_DEADLINE, object_id=row.pk)
    written_at = row.created_at
    row.delete()
    if conversation.state == State.ARRIVED:
        new_conversation_forget(conversation, written_at)
    return draft


@transaction.atomic
def mail_retry(*, outbound_id: UUID, actor: User) -> OutboundMail:
    """Have a mail sent again that failed, or to those who did not get it: whose servers refused it, or from whom it
    came back (EML-10). It stays the same mail.

    Args:
        outbound_id: it.
        actor: the agent who has the conversation, or who wrote it; or who sets up channels.

    Raises:
        DomainError: ``mail_not_failed``, ``not_yours``.
    """
    row, conversation = outbound_lock(outbound_id)
    if actor.pk not in {conversation.agent_id, row.agent_id} and not actor.may(Permission.SETTINGS):
        raise not_yours_error()
    returned = bounced_recipients(row) if row.state == OutboundState.SENT else []
    if row.state != OutboundState.FAILED and not (row.state == OutboundState.SENT and (row.refused or returned)):
        raise DomainError(Refusal.MAIL_NOT_FAILED, _("This mail has been sent, or is just being sent."))
    return outbound_requeue(row, conversation, returned=returned)


# --- What speaks against it


def _channel(draft: MailDraft, conversation: Conversation | None) -> MailChannel:
    channel = draft_channel(draft, conversation)
    if channel is None:
        raise DomainError(
            Refusal.CHANNEL_CANNOT_SEND,
            _("No mail can be sent from this queue: it has no active channel with a server."),
        )
    return channel


def _may_answer(conversation: Conversation, actor: User) -> None:
    refuse_writing(conversation, actor)
    if conversation.state == State.SNOOZED:
        announce(AgentReplying(conversation, actor))
