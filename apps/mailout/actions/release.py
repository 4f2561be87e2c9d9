"""A mail can't be taken back any more: it becomes a message of its conversation, and is handed to a worker (EML-10)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.steps import notice_add
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.choices import OutboundState
from apps.email.models import OutboundMail
from apps.mailout.steps.queue import outbound_lock
from apps.mailout.steps.release import held_mail_release


@transaction.atomic
def outbound_release(*, outbound_id: UUID) -> OutboundMail | None:
    """The ten seconds are over: the mail leaves, wherever its agent and its conversation are by now.

    Args:
        outbound_id: one that was held; taken back or released meanwhile, nothing happens.

    Returns:
        The mail, queued; none where there is nothing to release.
    """
    try:
        row, conversation = outbound_lock(outbound_id)
    except DomainError:
        return None
    if row.state != OutboundState.HELD:
        return None
    held_mail_release(row, conversation)
    if row.close_after:
        _close(row, conversation)
    return row


def closing_mails_release(*, conversation_id: UUID, actor: User) -> None:
    """What somebody has sent with Send & Close leaves now, and the conversation ends: they say already how it went.

    Args:
        conversation_id: where.
        actor: who sent it.
    """
    held = OutboundMail.objects.filter(
        conversation=conversation_id, agent=actor, state=OutboundState.HELD, close_after=True
    )
    for pk in held.order_by("created_at").values_list("pk", flat=True):
        outbound_release(outbound_id=pk)


def _close(row: OutboundMail, conversation: Conversation) -> None:
    """Send & Close: the same end as by its agent's own hand (EML-8, WRP-1)."""
    try:
        with transaction.atomic():
            conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=row.agent)
    except DomainError as refused:
        if row.agent_id is not None and refused.code not in {"conversation_ended", "not_yours"}:
            notice_add(
                agent_id=row.agent_id, text=f"{_('Your mail was sent; its conversation stays open.')} {refused.message}"
            )
