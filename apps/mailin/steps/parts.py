"""What came with a mail is kept as files: found out what it is, as everything that people send (CHAT-9, EML-6)."""

from dataclasses import dataclass
from uuid import UUID

from apps.core.errors import DomainError
from apps.email.models import ID_LENGTH, MailMessage, MailPart, RawMail
from apps.files.actions import file_store
from apps.files.models import Uploader
from apps.mime.types import ParsedMail, Part

MOST_PARTS = 100


@dataclass(frozen=True)
class Kept:
    """A part of a mail, and what became of it.

    Attributes:
        part: it.
        file_id: where it is kept; none when it may not be.
        refused: why not, as a word for programs.
    """

    part: Part
    file_id: UUID | None
    refused: str = ""


def sent_by(raw: RawMail) -> Uploader:
    """Whose files those of a mail are: its own."""
    return Uploader(outsider_id=raw.pk)


def parts_keep(raw: RawMail, mail: ParsedMail) -> list[Kept]:
    """Keep what came with a mail, attachments before pictures of its HTML; what may not be kept is told by name."""
    ordered = sorted(mail.attachments, key=lambda part: part.is_inline)
    kept = [_keep(raw, part) for part in ordered[:MOST_PARTS]]
    return [*kept, *(Kept(part, None, "too_many_files") for part in ordered[MOST_PARTS:])]


def _keep(raw: RawMail, part: Part) -> Kept:
    try:
        return Kept(part, _stored(raw, part))
    except DomainError as refused:
        return Kept(part, None, refused.code)


def _stored(raw: RawMail, part: Part) -> UUID:
    return file_store(name=part.name, content=part.content, uploader=sent_by(raw), came_by_mail=True).pk


def parts_write(mail: MailMessage, kept: list[Kept]) -> None:
    """Write down what came with a mail, inside the transaction that files it."""
    MailPart.objects.bulk_create(
        MailPart(
            mail=mail,
            position=position,
            file_id=each.file_id,
            name=each.part.name[:255],
            size=len(each.part.content),
            content_id=each.part.content_id[:ID_LENGTH],
            is_inline=each.part.is_inline,
            refused=each.refused,
        )
        for position, each in enumerate(kept)
    )
