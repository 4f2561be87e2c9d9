"""What is said, and how far each side has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import (
    CUSTOMER_OPEN_STATES,
    ENDED_STATES,
    OWNED_STATES,
    MessageKind,
    SegmentKind,
    Side,
    State,
)
from apps.conversations.events import AgentReplying, MessagePosted
from apps.conversations.frames import MarksFrame
from apps.conversations.models import Conversation, Mark, Message, Segment
from apps.conversations.selectors import messages_with_files
from apps.conversations.sentiment import sentiment_score
from apps.conversations.steps import rows as steps
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.core.ids import uuid7
from apps.core.rows import row_add_once, row_has
from apps.core.statements import Parameter, Statement
from apps.files.actions import file_rename, files_attach
from apps.files.models import StoredFile, Uploader
from apps.masking.choices import Speaker
from apps.masking.engine import MaskedText, Ruleset
from apps.masking.models import MaskingState
from apps.masking.selectors import rules_version, ruleset_for


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


@transaction.atomic
def message_post(
    *,
    conversation_id: UUID,
    side: Side,
    client_id: UUID,
    body: str,
    actor: User | None,
    enclosed: AttachedFiles | None = None,
    removed: tuple[str, ...] = (),
) -> Message:
    """Store a message once, under the next number, and tell both sides (CHAT-10).

    Args:
        conversation_id: the conversation; that the customer's side may write to it is the caller's to know.
        side: who speaks.
        client_id: the sender's own key; sent again, the message that is stored already comes back.
        body: at most `text.MAX_LENGTH` characters; may be empty where files go with it.
        actor: the agent who speaks; none for the customer.
        enclosed: the files that go with it.
        removed: what was taken out of what stands beside it, such as a mail's subject (FRM-6).

    Raises:
        DomainError: ``conversation_unknown``, ``conversation_ended``, ``not_yours``, ``client_id_taken``,
            ``masking_too_long``, what `clean_body` and `files_attach` refuse, or, of a snoozed one, what keeps it from
            waking (``no_free_slot``).
    """
    body = clean_body(body, may_be_empty=_has_files(enclosed))
    conversation = steps.conversation_lock(conversation_id)
    rules, is_stored = _asked(conversation_id, client_id)
    if is_stored:
        stored = conversation.messages.select_related("author").get(client_id=client_id)
        return _again(messages_with_files([stored])[0], side, actor)
    if conversation.state == State.SNOOZED and side == Side.AGENT and actor and conversation.agent_id == actor.pk:
        announce(AgentReplying(conversation, actor))
    _may_write(conversation, side, actor)
    return message_write(
        conversation,
        side=side,
        client_id=client_id,
        body=body,
        author=actor,
        enclosed=enclosed,
        rules=rules,
        removed=removed,
    )


def _asked(conversation_id: UUID, client_id: UUID) -> tuple[UUID, bool]:
    """Which masking rules hold now, and whether this message is stored already, in one statement."""
    found = _ASKED.first(conversation=conversation_id, client=client_id)
    return found or (rules_version(), row_has(Message, conversation=conversation_id, client_id=client_id))


_ASKED: Statement[tuple[UUID, bool]] = Statement(
    lambda: MaskingState.objects.annotate(
        stored=Exists(
            Message.objects.filter(
                conversation=Parameter("conversation", UUIDField()), client_id=Parameter("client", UUIDField())
            ).order_by()
        )
    ).values_list("version", "stored")
)


def _has_files(enclosed: AttachedFiles | None) -> bool:
    return enclosed is not None and bool(enclosed.file_ids)


def message_write(
    conversation: Conversation,
    *,
    side: Side,
    client_id: UUID,
    body: str,
    author: User | None = None,
    enclosed: AttachedFiles | None = None,
    kind: MessageKind = MessageKind.TEXT,
    rules: UUID | None = None,
    removed: tuple[str, ...] = (),
) -> Message:
    """Add what somebody says to a locked conversation, and keep the clocks that depend on who spoke last.

    Args:
        conversation: it.
        side: who speaks.
        client_id: the sender's own key, not used before.
        body: what they say; what is not to be stored of it is taken out here (FRM-6).
        author: the agent who speaks; none for the customer.
        enclosed: the files that go with it.
        kind: what it is; a form is said to be sent by its name.
        rules: which masking rules hold, as read under the lock; none asks.
        removed: what was taken out of what stands beside it.

    Raises:
        DomainError: what `clean_body` and `files_attach` refuse, ``masking_too_long``.
    """
    rules = rules or rules_version()
    ruleset = ruleset_for(queue_id=conversation.queue_id, who=Speaker(side), version=rules)
    files = attachments_take(conversation, enclosed, ruleset)
    now, said = timezone.now(), ruleset.apply(clean_body(body, may_be_empty=bool(files))).with_removed(removed)
    clocks: dict[str, Any]
    if side == Side.CUSTOMER:
        clocks = {"unanswered_since": conversation.unanswered_since or now}
        clocks["sentiment"] = sentiment_score(said.text, conversation.language) if kind == MessageKind.TEXT else None
    else:
        clocks = _answered(conversation, now)
    message = steps.message_append(
        conversation,
        side=side,
        at=now,
        author=author,
        said=said,
        kind=kind,
        client_id=client_id,
        files=files,
        **clocks,
    )
    announce(MessagePosted(conversation, message))
    return message


@transaction.atomic(savepoint=False)
def form_message_post(*, conversation: Conversation, side: Side, name: str, actor: User | None) -> Message:
    """Show both sides by a numbered line that a form was sent, or filled in (FRM-2). The caller holds the lock.

    It is something said: it answers the other side, and clocks run by it as by any other message.

    Args:
        conversation: one that this side may write to now.
        side: the agent's, who sends it, or the customer's, who has filled it in.
        name: what the form is called to customers; nothing of what stands in it.
        actor: the agent; none for the customer.

    Raises:
        DomainError: ``conversation_ended``, ``not_yours``.
    """
    _may_write(conversation, side, actor)
    kind = MessageKind.FORM if side == Side.AGENT else MessageKind.FILLED
    return message_write(conversation, side=side, client_id=uuid7(), body=name, author=actor, kind=kind)


def _answered(conversation: Conversation, now: datetime) -> dict[str, Any]:
    """Its agent has spoken: nobody waits for them any more."""
    if not conversation.agent_replied:
        _first_response(conversation, now)
    return {"unanswered_since": None, "agent_spoke_at": now, "reply_first": False}


@transaction.atomic(savepoint=False)
def message_post_late(
    *,
    conversation: Conversation,
    client_id: UUID,
    body: str,
    author: User,
    written_at: datetime,
    enclosed: AttachedFiles | None = None,
) -> Message:
    """What an agent has sent a moment ago is out, whatever became of the conversation meanwhile (EML-10).

    Args:
        conversation: locked; may be with somebody else, wait, or be over.
        client_id: the sender's own key; the caller sees to it that it comes once.
        body: at most `text.MAX_LENGTH` characters.
        author: the agent who sent it.
        written_at: when they did: what the customer has said since is not answered by it.
        enclosed: the files that go with it.

    Raises:
        DomainError: what `clean_body` and `files_attach` refuse, ``masking_too_long``.
    """
    ruleset = ruleset_for(queue_id=conversation.queue_id, who=Speaker.AGENT)
    files = attachments_take(conversation, enclosed, ruleset)
    now, said = timezone.now(), ruleset.apply(clean_body(body, may_be_empty=bool(files)))
    is_theirs = conversation.state in OWNED_STATES and conversation.agent_id == author.pk
    clocks = _answered(conversation, now) if is_theirs and conversation.state not in ENDED_STATES else {}
    clocks["unanswered_since"] = _said_since(conversation, written_at)
    message = steps.message_append(
        conversation, side=Side.AGENT, at=now, author=author, said=said, client_id=client_id, files=files, **clocks
    )
    announce(MessagePosted(conversation, message))
    return message


def _said_since(conversation: Conversation, at: datetime) -> datetime | None:
    """When the customer, who waits for an answer, spoke first after a moment; none where they have not."""
    if conversation.unanswered_since is None:
        return None
    words = (MessageKind.TEXT, MessageKind.FILLED)
    said = conversation.messages.filter(side=Side.CUSTOMER, kind__in=words, created_at__gt=at)
    return said.order_by("number").values_list("created_at", flat=True).first()


def attachments_take(
    conversation: Conversation, enclosed: AttachedFiles | None, ruleset: Ruleset
) -> Sequence[StoredFile]:
    """The files that go with a message to a locked conversation, taken so that they go with no other.

    Args:
        conversation: it.
        enclosed: the files.
        ruleset: what is not to stand in their names either (FRM-6).

    Raises:
        DomainError: what `files_attach` refuses, ``masking_too_long``.
    """
    if enclosed is None or not enclosed.file_ids:
        return ()
    files = files_attach(
        file_ids=enclosed.file_ids,
        uploader=enclosed.uploader,
        scope=conversation.pk,
        came_by_mail=enclosed.came_by_mail,
    )
    for file in files:
        file_rename(file=file, name=ruleset.apply(file.name).text)
    return files


@transaction.atomic
def system_message_post(
    *,
    conversation: Conversation,
    body: str,
    kind: MessageKind = MessageKind.NOTICE,
    client_id: UUID | None = None,
    may_be_over: bool = False,
) -> Message:
    """Say something to both sides in the system's name. The caller holds the lock.

    It answers nobody, so no clock takes note of it.

    Args:
        conversation: one that has not ended, unless `may_be_over`.
        body: what is said, in the customer's language; at most `text.MAX_LENGTH` characters. It is the company's own:
            no masking rule looks at it.
        kind: `notice`, or `ask_email` where the widget shall offer to leave an address.
        client_id: of what asked for it, so that asked twice it is found; the caller sees to it that it comes once.
        may_be_over: it is about something that is done with a conversation after its end.

    Raises:
        DomainError: ``conversation_ended``, or what `clean_body` refuses.
    """
    if conversation.state in ENDED_STATES and not may_be_over:
        raise DomainError("conversation_ended", _("This conversation has ended."))
    said = MaskedText.unchecked(clean_body(body))
    return steps.message_append(
        conversation, side=Side.SYSTEM, at=timezone.now(), said=said, kind=kind, client_id=client_id
    )


def _again(stored: Message, side: Side, actor: User | None) -> Message:
    if stored.side != side or stored.author_id != (actor.pk if actor else None):
        raise DomainError("client_id_taken", _("This message can't be sent under this id."))
    return stored


def _may_write(conversation: Conversation, side: Side, actor: User | None) -> None:
    if conversation.state in ENDED_STATES:
        raise DomainError("conversation_ended", _("This conversation has ended."))
    if side == Side.CUSTOMER:
        allowed = conversation.state in CUSTOMER_OPEN_STATES
    else:
        allowed = conversation.state == State.ACTIVE and actor is not None and conversation.agent_id == actor.pk
    if not allowed:
        raise DomainError("not_yours", _("This conversation is not with you."))


def _first_response(conversation: Conversation, at: object) -> None:
    Segment.objects.filter(
        conversation=conversation, kind=SegmentKind.AGENT, ended_at=None, first_response_at=None
    ).update(first_response_at=at)


@transaction.atomic
def marks_advance(*, conversation: Conversation, side: Side, delivered: int, read: int) -> Mark | None:
    """Move a side's marks forwards; what lies behind them or beyond the last number is ignored (CHAT-4, CHAT-8).

    Args:
        conversation: need not be locked: marks only ever grow.
        side: whose marks.
        delivered: the highest number this side's screen has received.
        read: the highest number this side has seen.

    Returns:
        The marks as they stand now, or nothing when they did not move.
    """
    read = min(read, conversation.last_number)
    delivered = min(max(delivered, read), conversation.last_number)
    stored = Mark.objects.select_for_update(no_key=True).filter(conversation=conversation, side=side)
    fresh = Mark(conversation=conversation, side=side, delivered=delivered, read=read)
    mark = stored.first()
    created = mark is None and row_add_once(fresh)
    mark = fresh if created else mark or stored.get()
    if not created:
        if delivered <= mark.delivered and read <= mark.read:
            return None
        mark.delivered, mark.read = max(mark.delivered, delivered), max(mark.read, read)
        mark.save(update_fields=["delivered", "read"])
    steps.frame_publish(
        conversation,
        MarksFrame(conversation=conversation.pk, side=side, delivered=mark.delivered, read=mark.read),
    )
    return mark
