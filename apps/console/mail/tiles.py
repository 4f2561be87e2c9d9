"""Mails as tiles of the pane (EML-4): who to whom, what of it is shown at once, what on demand."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Message
from apps.conversations.text import preview_line
from apps.email.choices import NoticeKind
from apps.email.display import TextPart, text_parts
from apps.email.models import MailMessage, MailNotice, MailPart
from apps.files.choices import FileKind, MailFileKind
from apps.files.types import extension_of
from apps.mailin.authentication.summary import SenderSummary, sender_summary
from apps.mime.frame import SANDBOX
from apps.mime.replies import subject_base

FIRST_FILES = 3
"""Files that a mail shows; the rest behind "View more" (EML-6)."""
NAMED = 3
"""Recipients that a tile names; the rest is counted."""


@dataclass(frozen=True)
class Person:
    """Somebody of a mail's head."""

    name: str
    address: str

    @property
    def shown(self) -> str:
        """How they are called in one word."""
        return self.name or self.address

    @property
    def full(self) -> str:
        """Name and address."""
        return f"{self.name} <{self.address}>" if self.name else self.address


def persons_of(pairs: list[Any]) -> list[Person]:
    """Stored pairs of name and address."""
    return [Person(str(name), str(address)) for name, address in pairs]


def recipients_line(pairs: list[Any]) -> str:
    """Recipients in a few words: `Support, Ana, Bo, +28`."""
    more = [f"+{len(pairs) - NAMED}"] if len(pairs) > NAMED else []
    return ", ".join([*(each.shown for each in persons_of(pairs[:NAMED])), *more])


@dataclass(frozen=True)
class MailFile:
    """Something that came with a mail, as it stands below it."""

    part: MailPart

    @property
    def is_kept(self) -> bool:
        """Whether it can be had."""
        return self.part.file is not None

    @property
    def is_picture(self) -> bool:
        """Whether it opens in the page."""
        file = self.part.file
        return file is not None and file.kind == FileKind.IMAGE and file.has_thumbnail

    @property
    def is_mail(self) -> bool:
        """Whether it is a mail in turn, and can be read as one."""
        return self.part.file is not None and self.part.file.kind == MailFileKind.MAIL

    @property
    def is_saved(self) -> bool:
        """Whether a click saves it."""
        return not self.is_picture and (self.part.file is None or self.part.file.kind != FileKind.PDF)

    @property
    def ending(self) -> str:
        """Its ending, short and in capitals."""
        return extension_of(self.part.name)[:4].upper()


@dataclass(frozen=True)
class Tile:
    """A mail.

    Attributes:
        message: its line in the conversation.
        mail: what it has beside that; None of a line that came another way.
        is_open: whether it stands open when the page comes.
        images: whether its images from elsewhere are shown.
        outgoing: where one of ours stands on its way; None of others.
        is_first: whether its conversation begins with it.
    """

    message: Message
    mail: Any
    is_open: bool
    images: bool
    outgoing: Any = None
    is_first: bool = False
    is_tile: bool = field(default=True, init=False)

    @property
    def is_own(self) -> bool:
        """Whether the company wrote it."""
        return self.message.side == Side.AGENT

    @property
    def may_move(self) -> bool:
        """Whether it may begin a conversation of its own, with all after it (EML-3)."""
        return self.message.side == Side.CUSTOMER and bool(self.mail) and not self.is_first

    @property
    def sender(self) -> Person:
        """Who wrote it."""
        if self.is_own and self.message.author is not None:
            address = persons_of(self.mail.sender)[0].address if self.mail and self.mail.sender else ""
            return Person(self.message.author.public_name, address)
        if self.mail and self.mail.sender:
            return persons_of(self.mail.sender)[0]
        return Person("", "")

    @cached_property
    def vouching(self) -> SenderSummary | None:
        """Whether a customer's mail comes from where it says, as far as that was looked into."""
        return sender_summary(self.mail.authentication) if self.mail and not self.is_own else None

    @property
    def line(self) -> str:
        """Its first words."""
        return preview_line(self.message.body)

    @cached_property
    def to(self) -> list[Person]:
        """Its recipients; so are the two below."""
        return persons_of(self.mail.to) if self.mail else []

    @cached_property
    def cc(self) -> list[Person]:
        """Those with a copy."""
        return persons_of(self.mail.cc) if self.mail else []

    @cached_property
    def bcc(self) -> list[Person]:
        """Those with a copy that nobody else knows of."""
        return persons_of(self.mail.bcc) if self.mail else []

    @property
    def has_others(self) -> bool:
        """Whether answering all is more than answering."""
        return len(self.to) + len(self.cc) > 1

    @property
    def reply_to(self) -> list[Person]:
        """Where answers go, if elsewhere."""
        found = persons_of(self.mail.reply_to) if self.mail and not self.is_own else []
        return [each for each in found if each.address.lower() != self.sender.address.lower()]

    @property
    def named(self) -> str:
        """To whom, in a few words."""
        return recipients_line([*self.mail.to, *self.mail.cc, *self.mail.bcc]) if self.mail else ""

    @property
    def written_at(self) -> datetime | None:
        """When its sender says that it was written."""
        return self.mail.date if self.mail else None

    @property
    def has_html(self) -> bool:
        """Whether it is shown as a page of its own: what agents write is plain text."""
        return bool(self.mail) and not self.is_own and bool(self.mail.has_html)

    @property
    def sandbox(self) -> str:
        """What the frame of that page allows."""
        return SANDBOX

    @cached_property
    def texts(self) -> list[TextPart]:
        """Its text in pieces."""
        if self.mail is not None:
            found = text_parts(self.mail)
            if found:
                return found
        return [TextPart(self.message.body, is_folded=False, is_quoted=False, is_signature=False)]

    @cached_property
    def files(self) -> list[MailFile]:
        """What is attached; pictures that the text shows are no part of it."""
        return [MailFile(part) for part in self.mail.parts.all() if not part.is_inline] if self.mail else []

    @property
    def first_files(self) -> list[MailFile]:
        """Those that are shown."""
        return self.files[:FIRST_FILES]

    @property
    def more_files(self) -> list[MailFile]:
        """The rest."""
        return self.files[FIRST_FILES:]

    def other_subject(self, heading: str) -> str:
        """Its subject, where it is another than what heads the thread."""
        said = self.mail.subject if self.mail else ""
        return said if subject_base(said).casefold() != subject_base(heading).casefold() else ""


def tile_of(
    message: Message,
    mail: MailMessage | None,
    *,
    is_open: bool,
    images: bool,
    outgoing: Any = None,
    is_first: bool = False,
) -> Tile:
    """The tile of a line.

    Args:
        message: something that was said, with its author.
        mail: its mail with `has_html`, `authentication` and parts; with its text if it is open.
        is_open: whether it stands open.
        images: whether its reader trusts its sender.
        outgoing: where one of ours stands on its way.
        is_first: whether its conversation begins with it.
    """
    if message.kind != MessageKind.TEXT:
        raise ValueError("not something that was said")
    return Tile(message=message, mail=mail, is_open=is_open, images=images, outgoing=outgoing, is_first=is_first)


@dataclass(frozen=True)
class MachineLine:
    """What a machine answered: a quiet line, its words on demand (EML-11)."""

    notice: MailNotice
    is_machine: bool = field(default=True, init=False)

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.notice.at

    @property
    def is_failure(self) -> bool:
        """Whether somebody did not get a mail, for good."""
        return self.notice.is_failure

    @property
    def text(self) -> str:
        """What happened, in one line."""
        if self.notice.kind == NoticeKind.AUTO_REPLY:
            return _("Automatic answer from %(name)s") % {"name": self.notice.sender}
        names = ", ".join(each["address"] for each in self.notice.failures if each.get("address"))
        if self.is_failure and names:
            return _("Could not be delivered to %(names)s") % {"names": names}
        return _("Could not be delivered") if self.is_failure else _("Delivery report")

    @property
    def why(self) -> list[str]:
        """What the other servers said."""
        said = (" ".join(filter(None, (each.get("status"), each.get("diagnostic")))) for each in self.notice.failures)
        return list(dict.fromkeys(filter(None, said)))
