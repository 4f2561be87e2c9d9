"""What is said, and how far each side has read."""

from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, UUIDField
from django.utils.translation import gettext as _

from apps.conversations.choices import Refusal, Side, State
from apps.conversations.events import AgentReplying
from apps.conversations.frames import MarksFrame
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.steps.messages import MessageDraft, message_write, refuse_unwritable
from apps.conversations.steps.rows import conversation_lock, frame_publish
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.rows import row_has
from apps.core.statements import Parameter, Statement
from apps.masking.models import MaskingState
from apps.masking.selectors import rules_version

# Written out: it runs with every message that is seen, and of two at once both count.
ADVANCE: Final = """
INSERT INTO conversations_mark AS mark (conversation_id, side, delivered, read) VALUES (%s, %s, %s, %s)
ON CONFLICT (conversation_id, side) DO UPDATE
SET delivered = GREATEST(mark.delivered, excluded.delivered), read = GREATEST(mark.read, excluded.read)
WHERE mark.delivered < excluded.delivered OR mark.read < excluded.read
RETURNING delivered, read
"""


@transaction.atomic
def message_post(*, conversation_id: UUID, draft: MessageDraft) -> Message:
    """Store a message once, under the next number, and tell both sides (CHAT-10).

    Args:
        conversation_id: the conversation; that the customer's side may write to it is the caller's to know.
        draft: what is said; one that is sent again is the message that is stored already.

    Raises:
        DomainError: ``conversation_unknown``, ``conversation_ended``, ``not_yours``, ``client_id_taken``,
            ``masking_too_long``, what `clean_body` and `files_attach` refuse, or, of a snoozed one, what keeps it from
            waking (``no_free_slot``).
    """
    clean_body(draft.body, may_be_empty=draft.attached is not None and bool(draft.attached.file_ids))
    conversation = conversation_lock(conversation_id)
    rules, is_stored = _rules_and_stored(conversation_id, draft.client_id)
    if is_stored:
        return _stored(conversation, draft)
    side, author = draft.side, draft.author
    if conversation.state == State.SNOOZED and side == Side.AGENT and author and conversation.agent_id == author.pk:
        announce(AgentReplying(conversation, author))
    refuse_unwritable(conversation, side, author)
    return message_write(conversation, draft, rules=rules)


def _rules_and_stored(conversation_id: UUID, client_id: UUID) -> tuple[UUID, bool]:
    """Which masking rules hold now, and whether this message is stored already, in one statement."""
    found = _RULES_AND_STORED.first(conversation=conversation_id, client=client_id)
    return found or (rules_version(), row_has(Message, conversation=conversation_id, client_id=client_id))


_RULES_AND_STORED: Statement[tuple[UUID, bool]] = Statement(
    lambda: MaskingState.objects.annotate(
        stored=Exists(
            Message.objects.filter(
                conversation=Parameter("conversation", UUIDField()), client_id=Parameter("client", UUIDField())
            ).order_by()
        )
    ).values_list("version", "stored")
)


def _stored(conversation: Conversation, draft: MessageDraft) -> Message:
    """The message that was written of a draft before.

    Raises:
        DomainError: ``client_id_taken``.
    """
    stored = conversation.messages.select_related("author").get(client_id=draft.client_id)
    if stored.side != draft.side or stored.author_id != (draft.author.pk if draft.author else None):
        raise DomainError(Refusal.CLIENT_ID_TAKEN, _("This message can't be sent under this id."))
    return stored


@transaction.atomic
def marks_advance(*, conversation: Conversation, side: Side, delivered: int, read: int) -> Mark | None:
    """Move a side's marks forwards; what lies behind them or beyond the last number is ignored (CHAT-4, CHAT-8).

    Args:
        conversation: need not be locked: marks only ever grow.
        side: whose marks.
        delivered: the highest number this side's screen has received.
        read: the highest number this side has seen.

    Returns:
        The marks as they stand now, without their row's key, or nothing when they did not move.
    """
    read = min(read, conversation.last_number)
    delivered = min(max(delivered, read), conversation.last_number)
    with connection.cursor() as cursor:
        cursor.execute(ADVANCE, [conversation.pk, side, delivered, read])
        moved = cursor.fetchone()
    if moved is None:
        return None
    mark = Mark(conversation=conversation, side=side, delivered=moved[0], read=moved[1])
    frame_publish(
        conversation,
        MarksFrame(conversation=conversation.pk, side=side, delivered=mark.delivered, read=mark.read),
    )
    return mark
