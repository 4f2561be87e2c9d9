"""A mail as it is shown: its text cut into what is new and what is folded, its HTML as a page of its own (EML-4)."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.email.models import MailMessage
from apps.mime.frame import frame_document
from apps.mime.quotes import Role, Segment, is_forward, split_text
from apps.mime.quotes_html import split_html
from apps.mime.safe import make_safe

MOST_SHOWN = 200_000
"""Characters of a text that a page shows; the rest is in the mail still."""


@dataclass(frozen=True)
class TextPart:
    """A piece of a plain mail.

    Attributes:
        text: without empty lines around it.
        is_folded: history, behind three dots.
        is_quoted: what somebody else wrote; it stands indented.
        is_signature: who signed, quiet.
    """

    text: str
    is_folded: bool
    is_quoted: bool
    is_signature: bool


def text_parts(mail: MailMessage) -> list[TextPart]:
    """The plain text of a mail in pieces; none where it has no words."""
    segments = split_text(mail.text[:MOST_SHOWN], forward=is_forward(mail.subject))
    return [_text(segment) for segment in segments if segment.content.strip()]


def _text(segment: Segment) -> TextPart:
    return TextPart(
        text=segment.content.strip("\n"),
        is_folded=segment.is_folded,
        is_quoted=segment.role == Role.QUOTED,
        is_signature=segment.role == Role.SIGNATURE,
    )


def mail_page(mail: MailMessage, *, image_address: Callable[[str], str | None], remote_images: bool) -> str:
    """The page of a mail that has HTML, made safe by the rules of today.

    Args:
        mail: it, with its HTML.
        image_address: where a picture that came with it is, by its content id; None where there is none.
        remote_images: whether its reader lets images from elsewhere be loaded.
    """
    safe = make_safe(mail.html, image_address=image_address, remote_images=remote_images)
    segments = split_html(safe.html, forward=is_forward(mail.subject))
    return frame_document(segments, title=mail.subject)
