"""What sockets are told about conversations: the same frames for both sides."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from apps.conversations.choices import MessageKind, Side, State
from apps.conversations.models import Conversation, Mark, Message
from apps.conversations.selectors import messages_with_files
from apps.conversations.sentiment import Mood
from apps.files.frames import FileView, file_view


class PersonView(Struct, frozen=True, omit_defaults=True):
    """Somebody as the other side sees them."""

    id: UUID
    name: str


class MessageView(Struct, frozen=True, omit_defaults=True):
    """A numbered line; `files`, `removed` (what was taken out of it, FRM-6) and `revision` are left out where empty."""

    number: int
    client_id: UUID
    side: Side
    kind: MessageKind
    author: PersonView | None
    body: str
    at: datetime
    files: tuple[FileView, ...] = ()
    removed: tuple[str, ...] = ()
    revision: int = 0


class ConversationView(Struct, frozen=True):
    """Where a conversation stands."""

    id: UUID
    version: int
    state: State
    last_number: int
    agent: PersonView | None
    ended_by: str


class PreviewView(Struct, frozen=True):
    """What a conversation's card in the tray says since a line was added (CON-1).

    Attributes:
        line: how the last thing that was said begins.
        at: when it was said.
        unanswered_since: since when the customer waits for an answer; none where nobody does.
        mood: how the customer's messages sound on the whole; none where none was scored (AI-2).
        mood_count: how many were scored.
    """

    line: str
    at: datetime | None
    unanswered_since: datetime | None
    mood: Mood | None
    mood_count: int


class MessageFrame(Struct, frozen=True, tag="message"):
    """A line was added."""

    conversation: UUID
    message: MessageView


class AgentMessageFrame(Struct, frozen=True, omit_defaults=True, tag="message"):
    """A line was added to a conversation of this agent's; lines that a screen has asked for come without `preview`."""

    conversation: UUID
    message: MessageView
    preview: PreviewView | None = None


class RedactedFrame(Struct, frozen=True, tag="redacted"):
    """Something was taken out of a line that may be on the screen (FRM-6)."""

    conversation: UUID
    message: MessageView


class ConversationFrame(Struct, frozen=True, tag="conversation"):
    """A conversation changed its state."""

    conversation: ConversationView


class MarksFrame(Struct, frozen=True, tag="marks"):
    """One side has received or read further (CHAT-4)."""

    conversation: UUID
    side: Side
    delivered: int
    read: int


class ContactFrame(Struct, frozen=True, tag="contact"):
    """What is known of a contact changed; for the agents who have a conversation of theirs."""

    contact: UUID
    version: int


class TypingFrame(Struct, frozen=True, tag="typing"):
    """One side is typing, or stopped (CHAT-6). Never stored."""

    conversation: UUID
    side: Side
    name: str
    on: bool


def message_view(message: Message) -> MessageView:
    """The line as both sides see it; needs `author` loaded for agents' lines. Of many, `messages_with_files` first."""
    messages_with_files([message])
    author = message.author if message.side != Side.CUSTOMER else None
    return MessageView(
        number=message.number,
        client_id=message.client_id,
        side=Side(message.side),
        kind=MessageKind(message.kind),
        author=PersonView(id=author.pk, name=author.public_name) if author else None,
        body=message.body,
        at=message.created_at,
        files=tuple(file_view(each.file) for each in message.attachments.all()) if message.file_count else (),
        removed=message.removed_codes,
        revision=message.revision,
    )


def preview_view(conversation: Conversation) -> PreviewView:
    """What its card says now."""
    return PreviewView(
        line=conversation.last_line,
        at=conversation.last_message_at,
        unanswered_since=conversation.unanswered_since,
        mood=conversation.mood,
        mood_count=conversation.mood_count,
    )


def conversation_view(conversation: Conversation) -> ConversationView:
    """The conversation as both sides see it; needs `agent` loaded where there is one."""
    agent = conversation.agent
    return ConversationView(
        id=conversation.pk,
        version=conversation.version,
        state=State(conversation.state),
        last_number=conversation.last_number,
        agent=PersonView(id=agent.pk, name=agent.public_name) if agent else None,
        ended_by=conversation.ended_by,
    )


def marks_frame(mark: Mark) -> MarksFrame:
    """How far a side has received and read, as it is told."""
    side = Side(mark.side)
    return MarksFrame(conversation=mark.conversation_id, side=side, delivered=mark.delivered, read=mark.read)


def redacted_frame(message: Message) -> RedactedFrame:
    """What a line says now, for screens that may hold it as it was; needs what `message_view` does."""
    return RedactedFrame(conversation=message.conversation_id, message=message_view(message))
