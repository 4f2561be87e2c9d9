"""A conversation's lines as the pane shows them from its first HTML: the same rules as static/js/shared/messages.js."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Mark, Message
from apps.files.choices import FileKind
from apps.files.models import StoredFile
from apps.files.types import extension_of
from apps.notes.models import Note

SENT, DELIVERED, READ = "sent", "delivered", "read"
RECEIPTS: dict[str, str | Promise] = {SENT: _("Sent"), DELIVERED: _("Delivered"), READ: _("Read")}
WORDS: dict[str, str | Promise] = {
    "joined": _("{name} joined"),
    "returned": _("Back in the queue"),
    "passed_on": _("{name} transferred the conversation"),
    "took_over": _("{name} took over"),
    "ended": _("{name} ended the conversation"),
    "ended-nobody": _("The conversation has ended"),
    "left": _("The customer ended the conversation"),
    "form": _("Form sent: {body}"),
    "filled": _("Form filled in: {body}"),
}
"""What lines of the system say; those without an author by `-nobody` where there is one."""


SMALL = (260, 200)
"""What a thumbnail stands within, in CSS pixels: as in static/js/shared/files.js."""


@dataclass(frozen=True)
class LineFile:
    """A file as it stands below a message."""

    file: StoredFile

    @property
    def is_picture(self) -> bool:
        """Whether it is shown as a thumbnail."""
        return self.file.kind == FileKind.IMAGE and self.file.has_thumbnail

    @property
    def is_saved(self) -> bool:
        """Whether a click saves it."""
        return not self.is_picture and self.file.kind != FileKind.PDF

    @property
    def ending(self) -> str:
        """Its ending, short and in capitals."""
        return extension_of(self.file.name)[:4].upper()

    @property
    def width(self) -> int:
        """Of the thumbnail as it is shown."""
        return max(24, round((self.file.width or SMALL[0]) * self._scale))

    @property
    def height(self) -> int:
        """Of the thumbnail as it is shown."""
        return max(24, round((self.file.height or SMALL[1]) * self._scale))

    @property
    def _scale(self) -> float:
        width, height = self.file.width or SMALL[0], self.file.height or SMALL[1]
        return min(1, SMALL[0] / width, SMALL[1] / height)


@dataclass(frozen=True)
class MessageLine:
    """One line.

    Attributes:
        stacked: it stands under one of the same author and clock minute, and shows no stamp of its own (CHAT-7).
        receipt: sent, delivered or read, on the newest own one and the newest read one only (CHAT-4, CHAT-8).
        told_beside: what only agents see beside it says the same, and more of it.
    """

    message: Message
    stacked: bool
    receipt: str
    told_beside: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the company's side said it."""
        return self.message.side == Side.AGENT

    @property
    def is_system(self) -> bool:
        """Whether it tells of something that happened."""
        return self.message.side == Side.SYSTEM

    @property
    def text(self) -> str:
        """What was said, or what the system says about what happened."""
        kind, author = self.message.kind, self.message.author
        if kind == MessageKind.TEXT or kind not in WORDS:
            return self.message.body
        words = WORDS[kind] if author else WORDS.get(f"{kind}-nobody", WORDS[kind])
        said = str(words).replace("{name}", author.public_name if author else "")
        return said.replace("{body}", self.message.body)

    @property
    def files(self) -> list[LineFile]:
        """What goes with it; asks nothing where nothing does."""
        if not self.message.file_count:
            return []
        return [LineFile(each.file) for each in self.message.attachments.all()]

    @property
    def receipt_text(self) -> str:
        """The receipt in words."""
        return str(RECEIPTS.get(self.receipt, ""))


@dataclass(frozen=True)
class NoteLine:
    """A note that stands between the messages, at its time: for agents' eyes only (CON-4)."""

    note: Note


def lines_with_notes(lines: Sequence[Any], notes: Sequence[Note]) -> list[Any]:
    """Lines and notes by their times; a note comes after what was said at the same moment.

    Args:
        lines: messages, and whatever else stands between them with a time of its own; their order stays.
        notes: oldest first.
    """
    both: list[Any] = []
    waiting = list(notes)
    for line in lines:
        at = line.message.created_at if hasattr(line, "message") else line.at
        while waiting and waiting[0].created_at < at:
            both.append(NoteLine(waiting.pop(0)))
        both.append(line)
    return [*both, *map(NoteLine, waiting)]


def message_lines(messages: Sequence[Message], marks: dict[str, Mark]) -> list[MessageLine]:
    """The lines of these messages, which are in order.

    Args:
        messages: with their authors loaded.
        marks: by side.
    """
    receipts = _receipts(messages, marks[Side.CUSTOMER])
    above: list[Message | None] = [None, *messages]
    return [
        MessageLine(message=message, stacked=_is_stacked(message, before), receipt=receipts.get(message.number, ""))
        for message, before in zip(messages, above, strict=False)
    ]


def _is_stacked(message: Message, above: Message | None) -> bool:
    return above is not None and message.side != Side.SYSTEM and _stack(message) == _stack(above)


def _stack(message: Message) -> tuple[Any, ...]:
    return message.side, message.author_id, message.created_at.replace(second=0, microsecond=0)


def _receipts(messages: Sequence[Message], mark: Mark) -> dict[int, str]:
    said = [each.number for each in messages if each.side == Side.AGENT and each.kind == MessageKind.TEXT]
    shown = {*said[-1:], *[number for number in said if number <= mark.read][-1:]}
    return {number: _receipt(number, mark) for number in shown}


def _receipt(number: int, mark: Mark) -> str:
    if number <= mark.read:
        return READ
    return DELIVERED if number <= mark.delivered else SENT
