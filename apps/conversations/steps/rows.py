"""The steps that every conversation action is made of."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import SPOKEN_KINDS, TRANSITIONS, EventKind, MessageKind, SegmentKind, Side, State
from apps.conversations.frames import ConversationFrame, MessageFrame, conversation_view, message_view
from apps.conversations.models import Attachment, Conversation, ConversationEvent, Message, Segment
from apps.conversations.selectors import messages_with_files
from apps.conversations.text import FORM_SIGN, preview_line
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.core.rows import row_add, row_lock, row_save, rows_add
from apps.files.models import StoredFile
from apps.masking.engine import MaskedText
from apps.realtime.groups import agent_group, conversation_group
from apps.realtime.publish import publish

NOTHING = MaskedText.unchecked("")


def conversation_lock(conversation_id: UUID) -> Conversation:
    """The conversation, locked until the transaction ends: the first lock of the fixed order.

    Raises:
        DomainError: ``conversation_unknown``.
    """
    found = row_lock(Conversation, conversation_id)
    if found is None:
        raise DomainError("conversation_unknown", _("There is no such conversation."))
    return found


def state_change(conversation: Conversation, to: State, **fields: Any) -> None:
    """Change the state of a locked conversation, and further fields with it.

    Raises:
        DomainError: ``illegal_transition``.
    """
    if to not in TRANSITIONS[State(conversation.state)]:
        raise DomainError(
            "illegal_transition",
            _("This can't be done: the conversation is %(state)s.")
            % {"state": conversation.get_state_display().lower()},
            state=conversation.state,
        )
    fields_update(conversation, state=to, version=conversation.version + 1, **fields)


def fields_update(conversation: Conversation, **fields: Any) -> None:
    """Write fields of a locked conversation."""
    for name, value in fields.items():
        setattr(conversation, name, value)
    row_save(conversation, list(fields))


def timeline_record(
    conversation: Conversation, kind: EventKind, *, at: datetime, actor: User | None, side: Side, **data: Any
) -> None:
    """Append to the timeline."""
    row_add(ConversationEvent(conversation=conversation, kind=kind, actor=actor, side=side, data=data, at=at))


def timeline_record_all(
    conversation: Conversation, *lines: tuple[EventKind, Side, dict[str, Any]], at: datetime
) -> None:
    """Append several lines at once, of nobody in particular."""
    rows_add(
        [
            ConversationEvent(conversation=conversation, kind=kind, actor=None, side=side, data=data, at=at)
            for kind, side, data in lines
        ]
    )


def message_append(
    conversation: Conversation,
    *,
    side: Side,
    at: datetime,
    author: User | None = None,
    said: MaskedText = NOTHING,
    kind: MessageKind = MessageKind.TEXT,
    client_id: UUID | None = None,
    sentiment: int | None = None,
    files: Sequence[StoredFile] = (),
    **fields: Any,
) -> Message:
    """Add the next numbered line to a locked conversation, write `fields` of it along, and tell the screens.

    What is said in it has gone through the rules of `masking`, or is the company's own: there is no other way in.

    The number is taken under the row lock, so that numbers have no gaps and a reader who holds number n
    misses nothing below it (CHAT-10).
    """
    number = conversation.last_number + 1
    if kind in SPOKEN_KINDS:
        sign = "" if kind == MessageKind.TEXT else FORM_SIGN
        fields |= {"last_line": preview_line(sign + said.text, [file.name for file in files]), "last_message_at": at}
    if sentiment is not None:
        fields |= {"mood_sum": conversation.mood_sum + sentiment, "mood_count": conversation.mood_count + 1}
    fields_update(conversation, last_number=number, **fields)
    return message_add(
        conversation,
        number=number,
        side=side,
        at=at,
        author=author,
        said=said,
        kind=kind,
        client_id=client_id,
        sentiment=sentiment,
        files=files,
    )


def message_add(
    conversation: Conversation,
    *,
    number: int,
    side: Side,
    at: datetime,
    author: User | None = None,
    said: MaskedText = NOTHING,
    kind: MessageKind = MessageKind.TEXT,
    client_id: UUID | None = None,
    sentiment: int | None = None,
    files: Sequence[StoredFile] = (),
) -> Message:
    """Write a line under a number that the conversation's row knows already, and tell the screens."""
    message = row_add(
        Message(
            conversation=conversation,
            number=number,
            client_id=client_id or uuid7(),
            side=side,
            kind=kind,
            author=author,
            body=said.text,
            removed="\n".join(said.removed),
            sentiment=sentiment,
            file_count=len(files),
            created_at=at,
        )
    )
    if files:
        _attach(message, files)
    frame_publish(conversation, MessageFrame(conversation=conversation.pk, message=message_view(message)))
    return message


def _attach(message: Message, files: Sequence[StoredFile]) -> None:
    rows = [Attachment(message=message, file=file, position=position) for position, file in enumerate(files)]
    Attachment.objects.bulk_create(rows)
    messages_with_files([message])


def frame_publish(conversation: Conversation, frame: Any) -> None:
    """Publish to everybody who sees this conversation: the customer, watchers, and the agent who has it."""
    groups = [conversation_group(conversation.pk)]
    if conversation.agent_id:
        groups.append(agent_group(conversation.agent_id))
    publish(frame, groups=groups)


def state_publish(conversation: Conversation, *also: UUID) -> None:
    """Publish where the conversation stands now; `also` names agents who no longer have it but must see it go."""
    frame = ConversationFrame(conversation=conversation_view(conversation))
    frame_publish(conversation, frame)
    if also:
        publish(frame, groups=[agent_group(agent_id) for agent_id in also])


def segment_open(conversation: Conversation, kind: SegmentKind, *, at: datetime) -> None:
    """Begin a stay with the conversation's queue or agent; the one before ends at the same instant.

    What the customer had proved in that one holds in this one, too (CHAT-12).
    """
    proven_at = proof_time(conversation)
    segment_close(conversation, at=at)
    _segment_add(conversation, kind, at, proven_at)


def segment_open_first(conversation: Conversation, *, at: datetime) -> None:
    """Begin the first stay of a new conversation, with its queue."""
    _segment_add(conversation, SegmentKind.QUEUE, at, None)


def proof_time(conversation: Conversation) -> datetime | None:
    """When its customer proved, in its last stay or one that led to it, whose the conversation is (CHAT-12)."""
    if conversation.joined_at is None:
        return None
    last = Segment.objects.filter(conversation=conversation).order_by("-started_at", "-pk")
    return last.values_list("proven_at", flat=True).first()


def _segment_add(conversation: Conversation, kind: SegmentKind, at: datetime, proven_at: datetime | None) -> None:
    row_add(
        Segment(
            conversation=conversation,
            kind=kind,
            queue_id=conversation.queue_id,
            agent_id=conversation.agent_id if kind == SegmentKind.AGENT else None,
            started_at=at,
            proven_at=proven_at,
        )
    )


def segment_close(conversation: Conversation, *, at: datetime) -> None:
    """End the stay that is open, if one is."""
    Segment.objects.filter(conversation=conversation, ended_at=None).update(ended_at=at)


def system_message_add(
    conversation: Conversation, kind: MessageKind, *, at: datetime, author: User | None = None
) -> None:
    """Add a line by which both sides see that something happened."""
    message_append(conversation, side=Side.SYSTEM, at=at, author=author, kind=kind)
