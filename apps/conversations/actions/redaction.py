"""Something in a message is taken away for good: the only change that a message ever sees (FRM-6)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.actions import audit_record
from apps.conversations.choices import SPOKEN_KINDS, AuditVerb, EventKind, MessageKind, Refusal, Side
from apps.conversations.events import MessageRedacted
from apps.conversations.frames import RedactedFrame, message_view
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import may_redact, messages_with_files
from apps.conversations.steps.rows import (
    conversation_lock,
    fields_update,
    frame_publish,
    state_publish,
    timeline_record,
)
from apps.conversations.text import preview_line
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_save
from apps.masking.choices import BAR, BY_HAND


@transaction.atomic
def message_redact(*, conversation_id: UUID, number: int, start: int, end: int, revision: int, actor: User) -> Message:
    """Put a black bar in the place of some characters of a message, for everybody and for good.

    It holds for a conversation that is over, too. The timeline keeps who did it, where and when, and nothing of what
    stood there. What other apps hold of the message goes with it, in the same transaction (`MessageRedacted`).

    Args:
        conversation_id: the conversation.
        number: of a message that somebody wrote.
        start: of what goes, in characters of the message's text.
        end: behind it.
        revision: of the message as the actor sees it: positions count in no other.
        actor: a supervisor of its queue.

    Raises:
        DomainError: ``conversation_unknown``, ``not_allowed``, ``message_unknown``, ``message_changed``,
            ``nothing_chosen``.
    """
    conversation = conversation_lock(conversation_id)
    if not may_redact(actor, conversation):
        raise DomainError(Refusal.NOT_ALLOWED, _("You don't redact messages of this queue."))
    message = _message(conversation, number)
    if message.revision != revision:
        raise DomainError(
            Refusal.MESSAGE_CHANGED, _("This message was redacted meanwhile. Choose again what is to go.")
        )
    removed = message.body[max(start, 0) : max(end, 0)]
    if not removed.replace(BAR, "").strip():
        raise DomainError(Refusal.NOTHING_CHOSEN, _("Choose what is to be redacted."))
    now = timezone.now()
    message.body = message.body[:start] + BAR + message.body[end:]
    message.removed = "\n".join(dict.fromkeys((*message.removed_codes, BY_HAND)))
    message.revision += 1
    row_save(message, ["body", "removed", "revision"])
    changes: dict[str, Any] = {"version": conversation.version + 1, "redactions": conversation.redactions + 1}
    if _is_newest(conversation, message):
        changes["last_line"] = _line(message)
    fields_update(conversation, **changes)
    facts = {"number": number, "characters": len(removed)}
    timeline_record(conversation, EventKind.REDACTED, at=now, actor=actor, side=Side.AGENT, **facts)
    audit_record(AuditVerb.REDACT, actor=actor, target=conversation, detail=facts, conversation=conversation.pk)
    announce(MessageRedacted(conversation, message, removed))
    frame_publish(conversation, RedactedFrame(conversation=conversation.pk, message=message_view(message)))
    state_publish(conversation)
    return message


def _message(conversation: Conversation, number: int) -> Message:
    said = conversation.messages.select_related("author").filter(number=number, kind=MessageKind.TEXT).first()
    if said is None:
        raise DomainError(Refusal.MESSAGE_UNKNOWN, _("There is no such message."))
    return messages_with_files([said])[0]


def _is_newest(conversation: Conversation, message: Message) -> bool:
    return not conversation.messages.filter(number__gt=message.number, kind__in=SPOKEN_KINDS).exists()


def _line(message: Message) -> str:
    names = [each.file.name for each in message.attachments.all()] if message.file_count else []
    return preview_line(message.body, names)
