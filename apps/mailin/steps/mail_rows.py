"""What is kept of a mail beside its message: its own row, and the files that came with it (EML-2)."""

from dataclasses import dataclass
from uuid import UUID

from apps.conversations.models import Message
from apps.conversations.steps import AttachedFiles
from apps.core.errors import DomainError
from apps.email.body import MailBody, address_pairs, stored_mail_id, stored_subject
from apps.email.models import ID_LENGTH, MailMessage, MailPart, RawMail
from apps.email.steps.threads import participants_add
from apps.files.actions import file_store
from apps.files.models import Uploader
from apps.mime.types import ParsedMail, Part

MOST_PARTS = 100


@dataclass(frozen=True)
class KeptPart:
    """What became of something that came with a mail.

    Attributes:
        place: its place among the mail's attachments, from nought.
        file_id: where it is kept; none when it may not be.
        refused: why not, as a word for programs.
    """

    place: int
    file_id: UUID | None
    refused: str = ""


def parts_keep(raw: RawMail, parts: tuple[Part, ...]) -> list[KeptPart]:
    """Keep what came with a mail, attachments before pictures of its HTML; what may not be kept is told by name.

    Before the transaction that files it: what it finds to be kept, and does not use, is swept.

    Args:
        raw: the mail as it was received.
        parts: all its attachments, by names that may be stored.
    """
    ordered = sorted(range(len(parts)), key=lambda place: parts[place].is_inline)
    kept = [_part_keep(raw, parts[place], place) for place in ordered[:MOST_PARTS]]
    return [*kept, *(KeptPart(place, None, "too_many_files") for place in ordered[MOST_PARTS:])]


def _part_keep(raw: RawMail, part: Part, place: int) -> KeptPart:
    try:
        file = file_store(name=part.name, content=part.content, uploader=_uploader(raw), came_by_mail=True)
    except DomainError as refused:
        return KeptPart(place, None, refused.code)
    return KeptPart(place, file.pk)


def _uploader(raw: RawMail) -> Uploader:
    """Whose files those of a mail are: its own."""
    return Uploader(outsider_id=raw.pk)


def attached_files(raw: RawMail, kept: list[KeptPart]) -> AttachedFiles | None:
    """The files that go with a mail's message; none where nothing came, or nothing may be kept."""
    files = tuple(each.file_id for each in kept if each.file_id is not None)
    return AttachedFiles(files, _uploader(raw), came_by_mail=True) if files else None


def mail_row_write(raw: RawMail, mail: ParsedMail, message: Message, body: MailBody, kept: list[KeptPart]) -> None:
    """What stands beside a message: its mail, what came with it, and who takes part.

    Args:
        raw: the mail as it was received.
        mail: the mail without what masking rules take out.
        message: it.
        body: the mail as it is shown.
        kept: what came with it.
    """
    row = MailMessage.objects.create(
        message=message,
        conversation_id=message.conversation_id,
        raw=raw,
        mail_id=stored_mail_id(mail.message_id),
        in_reply_to=stored_mail_id(next(iter(mail.in_reply_to), "")),
        references=[stored_mail_id(each) for each in mail.references],
        subject=stored_subject(mail),
        sender=address_pairs(mail.from_),
        reply_to=address_pairs(mail.reply_to),
        to=address_pairs(mail.to),
        cc=address_pairs(mail.cc),
        date=mail.date,
        text=body.text,
        quoted=body.quoted,
        html=body.html,
        has_remote_images=body.has_remote_images,
    )
    MailPart.objects.bulk_create(
        _part_row(row, position, mail.attachments[each.place], each) for position, each in enumerate(kept)
    )
    participants_add(message.conversation_id, [*mail.from_, *mail.reply_to, *mail.to, *mail.cc])


def _part_row(mail: MailMessage, position: int, part: Part, kept: KeptPart) -> MailPart:
    return MailPart(
        mail=mail,
        position=position,
        file_id=kept.file_id,
        name=part.name[:255],
        size=len(part.content),
        content_id=part.content_id[:ID_LENGTH],
        is_inline=part.is_inline,
        refused=kept.refused,
    )
