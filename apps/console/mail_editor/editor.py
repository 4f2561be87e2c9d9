"""The editor of mails: what it begins with, what it holds, and what it is told (EML-5 to EML-9)."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.console.mail_editor.editor_input import address_text
from apps.conversations.models import Conversation, Message
from apps.core.ids import uuid7
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailDraft, MailThread
from apps.files.frames import file_view
from apps.files.models import StoredFile
from apps.mailout.content import signature_text
from apps.mailout.draft_content import DraftContent, draft_content
from apps.mailout.selectors.answers import answer_prefill, replied_since, writer_name
from apps.mailout.selectors.outbox import sending_channels
from apps.queues.models import Queue


@dataclass(frozen=True)
class Editor:
    """A mail that is being written.

    Attributes:
        draft_id: made here, so that a save that is sent twice is one.
        version: of the draft that is stored; nought while none is.
        conversation: where; none for a new mail.
        answers: the message that it answers.
        seen: the number of the last line that its writer knows of.
        queues: of a new mail: those that it can be sent from.
        after: what will stand below what is written: signature and quotation, for the writer to see.
        replied: what somebody else has said since.
        files: what goes with it.
    """

    draft_id: UUID
    kind: str
    content: DraftContent
    version: int = 0
    conversation: Conversation | None = None
    answers: Message | None = None
    seen: int = 0
    queues: list[tuple[Queue, MailChannel]] = field(default_factory=list)
    signature: str = ""
    quoted: str = ""
    replied: Message | None = None
    files: list[StoredFile] = field(default_factory=list)
    saved_at: Any = None

    @property
    def is_new(self) -> bool:
        """Whether it begins a conversation."""
        return self.kind == DraftKind.NEW

    @property
    def is_forward(self) -> bool:
        """Whether it hands another one on."""
        return self.kind == DraftKind.FORWARD

    @property
    def title(self) -> str:
        """What it is called."""
        names = {"reply": _("Reply"), "reply_all": _("Reply to all"), "forward": _("Forward"), "new": _("New mail")}
        return names[self.kind]

    @property
    def fields(self) -> list[dict[str, Any]]:
        """The three lists of recipients as the page begins with them."""
        labels = {"to": _("To"), "cc": _("CC"), "bcc": _("BCC")}
        people = {"to": self.content.to, "cc": self.content.cc, "bcc": self.content.bcc}
        return [
            {
                "name": name,
                "label": labels[name],
                "text": ", ".join(map(address_text, people[name])),
                "people": _json([[each.name, each.address] for each in people[name]]),
                "is_shown": name == "to" or bool(people[name]),
            }
            for name in labels
        ]

    @property
    def files_json(self) -> str:
        """What goes with it, as the page's scripts know files."""
        return _json([file_view(file) for file in self.files])

    @property
    def replied_by(self) -> str:
        """Who said something since."""
        return writer_name(self.replied) if self.replied else ""

    @property
    def answers_whom(self) -> str:
        """Whose mail it answers; empty where it answers none."""
        return writer_name(self.answers) if self.answers else ""


def editor_new(user: User) -> Editor:
    """A new mail."""
    queues = sending_channels(user)
    content = DraftContent(queue_id=queues[0][0].pk if len(queues) == 1 else None)
    return Editor(draft_id=uuid7(), kind=DraftKind.NEW, content=content, queues=queues)


def editor_answering(
    conversation: Conversation, message: Message, kind: DraftKind, user: User, files: list[StoredFile]
) -> Editor:
    """An answer to a mail, or the mail handed on.

    Args:
        conversation: with its queue and contact.
        message: the mail in it.
        kind: reply, reply all or forward.
        user: who writes.
        files: what goes along: of one that is handed on, copies of its own.
    """
    answer = answer_prefill(message.pk, kind)
    return Editor(
        draft_id=uuid7(),
        kind=kind,
        content=DraftContent(to=answer.to, cc=answer.cc, subject=answer.subject),
        conversation=conversation,
        answers=message,
        seen=answer.began_after,
        signature=_signature(conversation, user),
        quoted=answer.quoted,
        files=files,
    )


def editor_of(draft: MailDraft, user: User) -> Editor:
    """A draft, opened again.

    Args:
        draft: one of this user's, from `apps.mailout.selectors.outbox.drafts_of`.
        user: who writes.
    """
    conversation = draft.conversation
    answers = draft.answers.message if draft.answers else None
    quoted = answer_prefill(answers.pk, DraftKind(draft.kind)).quoted if answers else ""
    return Editor(
        draft_id=draft.pk,
        kind=draft.kind,
        version=draft.version,
        content=draft_content(draft),
        conversation=conversation,
        answers=answers,
        seen=draft.began_after,
        queues=[] if conversation else sending_channels(user),
        signature=_signature(conversation, user) if conversation else "",
        quoted=quoted,
        replied=replied_since(draft),
        files=[row.file for row in draft.files.all()],
        saved_at=draft.saved_at,
    )


def _signature(conversation: Conversation, user: User) -> str:
    thread = MailThread.objects.select_related("channel").filter(pk=conversation.pk).first()
    if thread is None:
        return ""
    return signature_text(thread.channel, conversation.queue, conversation.contact, user)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
