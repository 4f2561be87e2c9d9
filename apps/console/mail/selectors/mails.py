"""The mails of a conversation as the pane shows them (EML-4), with a number of queries that does not grow with them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Prefetch, Q, TextField, Value, When

from apps.accounts.models import User
from apps.console.mail.tiles import MachineLine, Tile, tile_of
from apps.console.mail_editor.held_mails import has_wrap_up
from apps.conversations.choices import MessageKind, State
from apps.conversations.models import Conversation, Message
from apps.conversations.selectors import agent_tray, conversations_readable_by, messages_before
from apps.email.models import (
    ImageSender,
    MailDraft,
    MailMessage,
    MailNotice,
    MailPart,
    MailThread,
    MailView,
    OutboundMail,
)
from apps.mailout.selectors.answers import mail_to_answer_among
from apps.mailout.selectors.outbox import delivery_states, drafts_in, held_mails
from apps.queues.choices import Family

PAGE = 40
"""Lines that a thread opens with, and that each further page has."""
MOST = 600
"""Lines that are shown at once at most, however far back one has gone."""
NOTICES = 100
"""Answers of machines that are shown: the newest."""
MOST_MERGEABLE = 50
"""Conversations that one is offered to merge another into."""


@dataclass(frozen=True)
class Mails:
    """The mails of a conversation, from a page's first on.

    Attributes:
        thread: subject, reference, channel; None of a conversation that has none, which no way in leaves behind.
        messages: the lines that are shown, oldest first.
        tiles: those of them that are mails, by number.
        machines: what machines answered, oldest first.
        earlier: how many mails came before.
        may_belong_to: the conversation that something spoke for, if this agent may read it.
        drafts: what this agent has begun in it and not sent, the oldest first.
        held: mails of theirs in it that can still be taken back.
    """

    thread: MailThread | None
    messages: list[Message]
    tiles: dict[int, Tile]
    machines: list[MachineLine]
    earlier: int
    may_belong_to: Conversation | None = None
    view: MailView = field(default_factory=MailView)
    drafts: list[MailDraft] = field(default_factory=list)
    held: list[OutboundMail] = field(default_factory=list)

    @property
    def answered(self) -> Tile | None:
        """The mail that one would answer, of those that are shown; which it is then, the server says at the click."""
        shown = {tile.mail.pk: tile for tile in reversed(self.tiles.values()) if tile.mail}
        found = mail_to_answer_among(tile.mail for tile in shown.values())
        return shown[found.pk] if found else None

    @property
    def closing(self) -> OutboundMail | None:
        """The mail that ends the conversation when it has left, where its agent is asked how that went (EML-8)."""
        return next((row for row in self.held if has_wrap_up(row)), None)

    @property
    def subject(self) -> str:
        """What heads the thread."""
        return self.thread.subject if self.thread else ""

    @property
    def first(self) -> int:
        """The number of the oldest line that is shown."""
        return self.messages[0].number if self.messages else 1

    @property
    def last(self) -> int:
        """The number of the newest."""
        return self.messages[-1].number if self.messages else 0

    @property
    def begins(self) -> datetime | None:
        """When the oldest line that is shown was said, while there are older ones."""
        return self.messages[0].created_at if self.earlier else None

    @property
    def before(self) -> int:
        """Where the page before this one begins."""
        return max(1, self.first - PAGE)


def mails_of(conversation: Conversation, user: User, *, since: int | None = None) -> Mails:
    """A thread, in eleven queries, and one more for each of: files, bounces, a conversation that it may belong to.

    Args:
        conversation: one by mail.
        user: who reads it: what they let be shown.
        since: the number of the first line; a page by default, or the newest mail alone, as the company has chosen.
    """
    view: MailView = MailView.load()
    thread = MailThread.objects.select_related("channel").filter(conversation=conversation).first()
    messages = _lines(conversation, view, since)
    opened = _opened(messages, view)
    mails = {mail.pk: mail for mail in _mails(conversation, messages, opened)}
    trusted, ways = trusted_image_senders(user), delivery_states(messages)
    earlier = _earlier(conversation, messages)
    said = [message for message in messages if message.kind == MessageKind.TEXT]
    tiles = {
        message.number: tile_of(
            message,
            mails.get(message.pk),
            is_open=message.pk in opened,
            images=_address(mails.get(message.pk)) in trusted,
            outgoing=ways.get(message.pk),
            is_first=not earlier and message is said[0],
        )
        for message in said
    }
    return Mails(
        thread=thread,
        messages=messages,
        tiles=tiles,
        machines=_machines(conversation),
        earlier=earlier,
        may_belong_to=_may_belong(thread, user),
        view=view,
        drafts=drafts_in(conversation, user),
        held=[row for row in held_mails(user) if row.conversation_id == conversation.pk],
    )


def merge_targets(conversation: Conversation, user: User) -> list[Conversation]:
    """The conversations by mail that one may be merged into: an agent's others that go on (EML-3).

    Args:
        conversation: the one that would end.
        user: its agent.

    Returns:
        Those with the same customer first, then the latest, each with its thread.
    """
    others = agent_tray(user).filter(channel=Family.EMAIL, state__in=(State.ACTIVE, State.SNOOZED))
    found = others.filter(mail_thread__isnull=False).exclude(pk=conversation.pk).select_related("mail_thread")
    same = Case(When(contact=conversation.contact_id, then=0), default=1)
    return list(found.order_by(same, "-last_message_at", "pk")[:MOST_MERGEABLE])


def mail_of(conversation: Conversation, number: int, user: User) -> Tile | None:
    """One mail of a conversation with its content; None where there is none of this number."""
    message = Message.objects.select_related("author").filter(conversation=conversation, number=number).first()
    if message is None or message.kind != MessageKind.TEXT:
        return None
    mail = _with_parts(MailMessage.objects.filter(pk=message.pk)).first()
    return tile_of(message, mail, is_open=True, images=_address(mail) in trusted_image_senders(user))


def mail_line_of(conversation: Conversation, number: int) -> Message | None:
    """The line of a mail, with its author and its conversation's contact; None where this number is no mail's."""
    mails = Message.objects.select_related("author", "conversation__contact").filter(mail__isnull=False)
    return mails.filter(conversation=conversation, number=number).first()


def mail_readable(user: User, message_id: UUID) -> MailMessage | None:
    """A mail with its content, of a conversation that this user may read; None when there is no such."""
    mails = MailMessage.objects.select_related("message").filter(pk=message_id)
    return mails.filter(conversation__in=conversations_readable_by(user)).first()


def pictures_of(mail: MailMessage) -> dict[str, UUID]:
    """The files that its HTML may show, by content id."""
    kept = mail.parts.exclude(content_id="").filter(file__isnull=False)
    return {content_id: file_id for content_id, file_id in kept.values_list("content_id", "file") if file_id}


def trusted_image_senders(user: User) -> set[str]:
    """The senders whose remote images this user always lets be shown."""
    return set(ImageSender.objects.filter(user=user).values_list("address", flat=True))


def _lines(conversation: Conversation, view: MailView, since: int | None) -> list[Message]:
    last = conversation.last_number
    if since is None and not view.is_threaded:
        newest = MailMessage.objects.filter(conversation=conversation).order_by("-message__number")
        since = newest.values_list("message__number", flat=True).first()
    limit = PAGE if since is None else min(MOST, max(1, last - since + 1))
    return messages_before(conversation.pk, last + 1, limit=limit)


def _opened(messages: list[Message], view: MailView) -> set[UUID]:
    """The lines that are open: the newest mail, or all."""
    said = [message.pk for message in messages if message.kind == MessageKind.TEXT]
    return set(said[-1:] if view.is_collapsed else said)


def _mails(conversation: Conversation, messages: list[Message], opened: set[UUID]) -> list[MailMessage]:
    """Mails with the text of those that are open alone; whether they have HTML is known of all."""
    if not messages:
        return []
    rows = MailMessage.objects.filter(conversation=conversation, message__number__gte=messages[0].number)
    rows = rows.annotate(said=Case(When(pk__in=opened, then=F("text")), default=Value(""), output_field=TextField()))
    found = list(_with_parts(rows.defer("text", "quoted", "html")))
    for mail in found:
        mail.text = mail.said
    return found


def _with_parts(rows: Any) -> Any:
    has_html = Case(When(~Q(html=""), then=Value(True)), default=Value(False))
    parts = MailPart.objects.select_related("file")
    shown = {"has_html": has_html, "authentication": F("raw__authentication")}
    return rows.annotate(**shown).prefetch_related(Prefetch("parts", parts))


def _machines(conversation: Conversation) -> list[MachineLine]:
    newest = MailNotice.objects.filter(conversation=conversation).order_by("-at", "-pk")[:NOTICES]
    return [MachineLine(notice) for notice in reversed(newest)]


def _earlier(conversation: Conversation, messages: list[Message]) -> int:
    if not messages:
        return 0
    before = Message.objects.filter(conversation=conversation, number__lt=messages[0].number)
    return before.filter(kind=MessageKind.TEXT).count()


def _may_belong(thread: MailThread | None, user: User) -> Conversation | None:
    if thread is None or thread.may_belong_to_id is None:
        return None
    readable = conversations_readable_by(user).select_related("contact", "mail_thread")
    return readable.filter(pk=thread.may_belong_to_id).first()


def _address(mail: MailMessage | None) -> str:
    return mail.sender_address if mail is not None else ""
