"""A message is written: under the next number, masked, with its files, and told to the screens (CHAT-10).

The caller holds the conversation's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import (
    CUSTOMER_OPEN_STATES,
    ENDED_STATES,
    OWNED_STATES,
    SPOKEN_KINDS,
    MessageKind,
    Refusal,
    SegmentKind,
    Side,
    State,
)
from apps.conversations.events import MessagePosted
from apps.conversations.frames import AgentMessageFrame, MessageFrame, message_view, preview_view
from apps.conversations.models import Attachment, Conversation, Message, Segment
from apps.conversations.sentiment import sentiment_score
from apps.conversations.steps.rows import fields_update, frame_publish
from apps.conversations.text import FORM_SIGN, clean_body, preview_line
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.ids import uuid7
from apps.core.rows import rows_add
from apps.files.models import StoredFile, Uploader
from apps.files.steps import file_rename, files_attach
from apps.masking.choices import Speaker
from apps.masking.engine import MaskedText, Ruleset
from apps.masking.selectors import ruleset_for

NOTHING = MaskedText.unchecked("")


@dataclass(frozen=True)
class AttachedFiles:
    """What goes with a message (CHAT-9).

    Attributes:
        file_ids: uploads, in the order in which they are shown.
        uploader: who sends them: each must be theirs.
        came_by_mail: limits of what may be sent in a chat don't hold.
    """

    file_ids: tuple[UUID, ...]
    uploader: Uploader
    came_by_mail: bool = False


@dataclass(frozen=True)
class MessageDraft:
    """What somebody says, before it is written.

    Attributes:
        client_id: the sender's own key; sent again, it is the same message.
        body: at most `text.MAX_LENGTH` characters; may be empty where files go with it. What is not to be stored of it
            is taken out when it is written (FRM-6).
        attached: the files that go with it.
        side: who speaks.
        author: the agent who speaks; none for the customer.
        kind: what it is; a form is said to be sent by its name.
        removed: what was taken out of what stands beside it, such as a mail's subject (FRM-6).
    """

    client_id: UUID
    body: str
    attached: AttachedFiles | None = None
    side: Side = Side.CUSTOMER
    author: User | None = None
    kind: MessageKind = MessageKind.TEXT
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class MessageLine:
    """A message as it is stored. What is said in it has gone through the rules of `masking`, or is the company's own.

    Attributes:
        side: who speaks.
        at: when.
        said: what; there is no other way into a message.
        kind: what it is.
        author: the agent; none for others.
        client_id: the sender's own key.
        sentiment: how it sounds, of a customer's.
        files: what goes with it.
    """

    side: Side
    at: datetime
    said: MaskedText = NOTHING
    kind: MessageKind = MessageKind.TEXT
    author: User | None = None
    client_id: UUID = field(default_factory=uuid7)
    sentiment: int | None = None
    files: Sequence[StoredFile] = ()


def message_write(
    conversation: Conversation, draft: MessageDraft, *, rules: UUID | None = None, sent_at: datetime | None = None
) -> Message:
    """Write what somebody says into a locked conversation, and keep the clocks that depend on who spoke last.

    Args:
        conversation: it; that this side may write to it is the caller's to know.
        draft: what is said; its key is not used before.
        rules: which masking rules hold, as read under the lock; none asks.
        sent_at: of an agent's that is out already, whatever became of the conversation meanwhile: when they sent it.
            What the customer has said since is not answered by it (EML-10).

    Raises:
        DomainError: what `clean_body` and `files_attach` refuse, ``masking_too_long``.
    """
    ruleset = ruleset_for(queue_id=conversation.queue_id, who=Speaker(draft.side), version=rules)
    files = attachments_take(conversation, draft.attached, ruleset)
    now = timezone.now()
    said = ruleset.apply(clean_body(draft.body, may_be_empty=bool(files))).with_removed(draft.removed)
    is_scored = draft.side == Side.CUSTOMER and draft.kind == MessageKind.TEXT
    line = MessageLine(
        side=draft.side,
        at=now,
        said=said,
        kind=draft.kind,
        author=draft.author,
        client_id=draft.client_id,
        sentiment=sentiment_score(said.text, conversation.language) if is_scored else None,
        files=files,
    )
    message = message_append(conversation, line, **_clocks(conversation, draft, now, sent_at))
    announce(MessagePosted(conversation, message))
    return message


def message_append(
    conversation: Conversation, line: MessageLine, *, beside: Sequence[Model] = (), **fields: Any
) -> Message:
    """Add the next numbered line to a locked conversation, write `fields` of it along, and tell the screens.

    The number is taken under the row lock, so that numbers have no gaps and a reader who holds number n
    misses nothing below it (CHAT-10). All of it is one statement.

    Args:
        conversation: it.
        line: what is said.
        beside: further rows that are added.
        fields: further fields of the conversation, with their new values.
    """
    number = conversation.last_number + 1
    if line.kind in SPOKEN_KINDS:
        sign = "" if line.kind == MessageKind.TEXT else FORM_SIGN
        preview = preview_line(sign + line.said.text, [file.name for file in line.files])
        fields |= {"last_line": preview, "last_message_at": line.at}
    if line.sentiment is not None:
        fields |= {"mood_sum": conversation.mood_sum + line.sentiment, "mood_count": conversation.mood_count + 1}
    message, files = _message_rows(conversation, number, line)
    fields_update(conversation, beside=[message, *files, *beside], last_number=number, **fields)
    _publish(message)
    return message


def message_add(conversation: Conversation, number: int, line: MessageLine, *, beside: Sequence[Model] = ()) -> Message:
    """Write a line under a number that the conversation's row knows already, and tell the screens.

    Args:
        conversation: locked.
        number: of the line.
        line: what is said.
        beside: further rows that are added by the same statement.
    """
    message, files = _message_rows(conversation, number, line)
    rows_add([message, *files, *beside])
    _publish(message)
    return message


def _message_rows(conversation: Conversation, number: int, line: MessageLine) -> tuple[Message, list[Attachment]]:
    message = Message(
        conversation=conversation,
        number=number,
        client_id=line.client_id,
        side=line.side,
        kind=line.kind,
        author=line.author,
        body=line.said.text,
        removed="\n".join(line.said.removed),
        sentiment=line.sentiment,
        file_count=len(line.files),
        created_at=line.at,
    )
    return message, [Attachment(message=message, file=file, position=n) for n, file in enumerate(line.files)]


def _publish(message: Message) -> None:
    conversation, view = message.conversation, message_view(message)
    frame_publish(
        conversation,
        MessageFrame(conversation=conversation.pk, message=view),
        to_agent=AgentMessageFrame(conversation=conversation.pk, message=view, preview=preview_view(conversation)),
    )


def system_message_add(
    conversation: Conversation,
    kind: MessageKind,
    *,
    at: datetime,
    author: User | None = None,
    beside: Sequence[Model] = (),
    **fields: Any,
) -> None:
    """Add a line by which both sides see that something happened, and write what happened; see `message_append`."""
    line = MessageLine(side=Side.SYSTEM, at=at, author=author, kind=kind)
    message_append(conversation, line, beside=beside, **fields)


def system_message_post(
    *,
    conversation: Conversation,
    body: str,
    kind: MessageKind = MessageKind.NOTICE,
    client_id: UUID | None = None,
    may_be_over: bool = False,
) -> Message:
    """Say something to both sides in the system's name. It answers nobody, so no clock takes note of it.

    Args:
        conversation: locked; one that has not ended, unless `may_be_over`.
        body: what is said, in the customer's language; at most `text.MAX_LENGTH` characters. It is the company's own:
            no masking rule looks at it.
        kind: `notice`, or `ask_email` where the widget shall offer to leave an address.
        client_id: of what asked for it, so that asked twice it is found; the caller sees to it that it comes once.
        may_be_over: it is about something that is done with a conversation after its end.

    Raises:
        DomainError: ``conversation_ended``, or what `clean_body` refuses.
    """
    if conversation.state in ENDED_STATES and not may_be_over:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    said = MaskedText.unchecked(clean_body(body))
    line = MessageLine(side=Side.SYSTEM, at=timezone.now(), said=said, kind=kind, client_id=client_id or uuid7())
    return message_append(conversation, line)


def form_message_post(*, conversation: Conversation, side: Side, name: str, actor: User | None) -> Message:
    """Show both sides by a numbered line that a form was sent, or filled in (FRM-2).

    It is something said: it answers the other side, and clocks run by it as by any other message.

    Args:
        conversation: locked; one that this side may write to now.
        side: the agent's, who sends it, or the customer's, who has filled it in.
        name: what the form is called to customers; nothing of what stands in it.
        actor: the agent; none for the customer.

    Raises:
        DomainError: ``conversation_ended``, ``not_yours``.
    """
    refuse_unwritable(conversation, side, actor)
    kind = MessageKind.FORM if side == Side.AGENT else MessageKind.FILLED
    return message_write(conversation, MessageDraft(uuid7(), name, side=side, author=actor, kind=kind))


def refuse_unwritable(conversation: Conversation, side: Side, actor: User | None) -> None:
    """A side writes to a conversation only while it may.

    Raises:
        DomainError: ``conversation_ended``, ``not_yours``.
    """
    if conversation.state in ENDED_STATES:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended."))
    if side == Side.CUSTOMER:
        allowed = conversation.state in CUSTOMER_OPEN_STATES
    else:
        allowed = conversation.state == State.ACTIVE and actor is not None and conversation.agent_id == actor.pk
    if not allowed:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))


def attachments_take(
    conversation: Conversation, attached: AttachedFiles | None, ruleset: Ruleset
) -> Sequence[StoredFile]:
    """The files that go with a message to a locked conversation, taken so that they go with no other.

    Args:
        conversation: it.
        attached: the files.
        ruleset: what is not to stand in their names either (FRM-6).

    Raises:
        DomainError: what `files_attach` refuses, ``masking_too_long``.
    """
    if attached is None or not attached.file_ids:
        return ()
    files = files_attach(
        file_ids=attached.file_ids,
        uploader=attached.uploader,
        scope=conversation.pk,
        came_by_mail=attached.came_by_mail,
    )
    for file in files:
        file_rename(file=file, name=ruleset.apply(file.name).text)
    return files


def _clocks(conversation: Conversation, draft: MessageDraft, now: datetime, sent_at: datetime | None) -> dict[str, Any]:
    """Who waits for whom once this is said."""
    if draft.side == Side.CUSTOMER:
        return {"unanswered_since": conversation.unanswered_since or now}
    if sent_at is None:
        return _answered(conversation, now)
    is_theirs = conversation.state in OWNED_STATES and draft.author and conversation.agent_id == draft.author.pk
    clocks = _answered(conversation, now) if is_theirs and conversation.state not in ENDED_STATES else {}
    return clocks | {"unanswered_since": _said_since(conversation, sent_at)}


def _answered(conversation: Conversation, now: datetime) -> dict[str, Any]:
    """Its agent has spoken: nobody waits for them any more."""
    if not conversation.agent_replied:
        Segment.objects.filter(
            conversation=conversation, kind=SegmentKind.AGENT, ended_at=None, first_response_at=None
        ).update(first_response_at=now)
    return {"unanswered_since": None, "agent_spoke_at": now, "reply_first": False}


def _said_since(conversation: Conversation, at: datetime) -> datetime | None:
    """When the customer, who waits for an answer, spoke first after a moment; none where they have not."""
    if conversation.unanswered_since is None:
        return None
    kinds = (MessageKind.TEXT, MessageKind.FILLED)
    said = conversation.messages.filter(side=Side.CUSTOMER, kind__in=kinds, created_at__gt=at)
    return said.order_by("number").values_list("created_at", flat=True).first()
