"""A mail within a mail as the console shows it (EML-6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from apps.accounts.models import User
from apps.console.mail.tiles import Person, persons_of
from apps.conversations.selectors import conversations_readable_by
from apps.email.attached_mail import DEEPEST, attached_mail_read, is_mail_file
from apps.email.body import address_pairs, mail_body, stored_subject
from apps.email.display import TextPart, text_parts
from apps.email.masking import customer_ruleset
from apps.email.models import MailMessage, MailPart
from apps.files.choices import MailFileKind
from apps.files.downloads import file_content
from apps.files.types import extension_of, mail_type_by_name, type_by_name
from apps.mime.frame import SANDBOX
from apps.mime.types import ParsedMail, Part


@dataclass(frozen=True)
class EnclosedFile:
    """Something that came with it.

    Attributes:
        number: its place among the attachments.
        part: it.
        way: the way to it, as addresses say it.
        may_open: whether it is a mail that can be read in turn.
    """

    number: int
    part: Part
    way: str
    may_open: bool

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self.part.content)

    @property
    def is_unsafe(self) -> bool:
        """Whether whoever opens it should know from whom it is."""
        return type_by_name(self.part.name) is None and mail_type_by_name(self.part.name).kind == MailFileKind.UNSAFE

    @property
    def ending(self) -> str:
        """Its ending, short and in capitals."""
        return extension_of(self.part.name)[:4].upper()


@dataclass(frozen=True)
class Enclosed:
    """A mail that came with a mail, or within one that did.

    Attributes:
        part: the file that it came as, or in.
        place: the way to it in there; empty for the file itself.
        parsed: it, taken apart.
    """

    part: MailPart
    place: tuple[int, ...]
    parsed: ParsedMail

    @cached_property
    def mail(self) -> MailMessage:
        """It, as a mail of its own would be stored."""
        said = mail_body(self.parsed)
        return MailMessage(
            subject=stored_subject(self.parsed),
            text=said.text,
            html=said.html,
            has_remote_images=said.has_remote_images,
            date=self.parsed.date,
        )

    @property
    def way(self) -> str:
        """The way to it, as addresses say it."""
        return _way(self.place)

    @property
    def way_back(self) -> str:
        """The way to the mail that it came with, where that is one within, too."""
        return _way(self.place[:-1])

    @property
    def heads(self) -> dict[str, list[Person]]:
        """Who wrote it, and to whom."""
        return {
            "from": persons_of(address_pairs(self.parsed.from_)),
            "to": persons_of(address_pairs(self.parsed.to)),
            "cc": persons_of(address_pairs(self.parsed.cc)),
        }

    @property
    def sandbox(self) -> str:
        """What the frame of its page allows."""
        return SANDBOX

    @property
    def texts(self) -> list[TextPart]:
        """Its text in pieces."""
        return text_parts(self.mail)

    @property
    def files(self) -> list[EnclosedFile]:
        """What is attached; pictures that the text shows are no part of it."""
        is_deep = len(self.place) + 1 >= DEEPEST
        return [
            EnclosedFile(
                number, part, _way((*self.place, number)), not is_deep and is_mail_file(part.name, part.media_type)
            )
            for number, part in enumerate(self.parsed.attachments)
            if not part.is_inline
        ]

    def image_address(self, content_id: str) -> str | None:
        """Where a picture that came with it is, by its content id."""
        for number, part in enumerate(self.parsed.attachments):
            if part.content_id == content_id and part.is_inline:
                address = reverse("console:enclosed_file", args=[self.part.pk, number])
                return f"{address}?in={self.way}&show"
        return None


def _way(place: Sequence[int]) -> str:
    return ".".join(map(str, place))


def enclosed_in(user: User, part_id: UUID, place: Sequence[int]) -> Enclosed | None:
    """A mail within a mail, if this user may read the conversation; None when there is no such file.

    Args:
        user: who reads it.
        part_id: the part of a mail that is the file.
        place: the way to it in the file.

    Raises:
        DomainError: ``enclosed_unknown``.
        OSError: the storage has lost the file.
    """
    parts = MailPart.objects.select_related("file", "mail__conversation").filter(file__isnull=False)
    part = parts.filter(mail__conversation__in=conversations_readable_by(user), pk=part_id).first()
    if part is None or part.file is None or part.file.kind != MailFileKind.MAIL:
        return None
    ruleset = customer_ruleset(part.mail.conversation.queue_id)
    return Enclosed(part, tuple(place), attached_mail_read(file_content(part.file), place, ruleset))
