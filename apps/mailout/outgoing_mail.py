"""A mail as it goes out, from what is stored (EML-10)."""

from typing import Final

from apps.email.body import addresses_from_pairs
from apps.email.choices import AUTOMATIC_KINDS, OutboundKind
from apps.email.models import OutboundMail
from apps.files.downloads import file_content
from apps.mime.types import OutgoingMail, Part

AUTO_GENERATED_HEADERS: Final = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
"""Of a mail that nobody has written and that answers none (RFC 3834, 5)."""


def outgoing_mail(row: OutboundMail) -> OutgoingMail:
    """A mail as it is to be written, from what is stored; a link that it brings is not in it yet (`links.py`).

    Args:
        row: one that was released.

    Raises:
        OSError: the storage has lost a file that goes with it.
        ValueError: it was not released yet.
    """
    mail = row.message
    if mail is None or mail.date is None:
        raise ValueError("it can still be taken back")
    (sender,) = addresses_from_pairs(mail.sender)
    parts = mail.parts.filter(file__isnull=False).select_related("file").order_by("position")
    return OutgoingMail(
        message_id=row.mail_id,
        date=mail.date,
        from_=sender,
        to=addresses_from_pairs(mail.to),
        cc=addresses_from_pairs(mail.cc),
        bcc=addresses_from_pairs(mail.bcc),
        reply_to=next(iter(addresses_from_pairs(mail.reply_to)), None),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        attachments=tuple(
            Part(name=part.name, media_type=part.file.media_type, content=file_content(part.file))
            for part in parts
            if part.file is not None
        ),
        in_reply_to=mail.in_reply_to,
        references=tuple(mail.references),
        is_automatic=row.kind in AUTOMATIC_KINDS,
        headers=AUTO_GENERATED_HEADERS if row.kind in (OutboundKind.TRANSCRIPT, OutboundKind.SURVEY) else {},
    )
