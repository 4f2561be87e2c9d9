"""What is kept of a mail that was parsed: cut to what the tables take, what it says itself and what it quotes apart."""

from dataclasses import dataclass

from apps.conversations.text import MAX_LENGTH
from apps.email.models import ID_LENGTH, SUBJECT_LENGTH
from apps.mime.quotes import Role, is_forward, new_text, split_text
from apps.mime.safe import make_safe
from apps.mime.types import Address, ParsedMail

MOST_TEXT = 1_000_000
"""Characters of a text, and of HTML, that are kept beside the raw mail."""
MOST_ADDRESSES = 200
CUT = "…"


@dataclass(frozen=True)
class MailBody:
    """A mail as it is shown.

    Attributes:
        body: what is new in it, as a message of the conversation; never empty.
        text: all of its text.
        quoted: what it quotes.
        html: as it came, NOT safe to show before `mime.safe.make_safe`; empty where it had none.
        has_remote_images: whether it would load pictures from elsewhere.
    """

    body: str
    text: str
    quoted: str
    html: str
    has_remote_images: bool


def mail_body(mail: ParsedMail) -> MailBody:
    """A mail as it is shown."""
    segments = split_text(mail.text, forward=is_forward(mail.subject))
    quoted = "\n".join(each.content for each in segments if each.role == Role.QUOTED)
    html = mail.html[:MOST_TEXT]
    return MailBody(
        body=message_body(new_text(segments) or mail.text, mail.subject),
        text=mail.text[:MOST_TEXT],
        quoted=quoted[:MOST_TEXT],
        html=html,
        has_remote_images=bool(html) and make_safe(html, image_address=lambda _id: None).held_images > 0,
    )


def message_body(text: str, subject: str) -> str:
    """A text as a message of a conversation: there is always something to read, and never too much.

    Args:
        text: what the mail says.
        subject: stands for a mail that says nothing.
    """
    body = text.strip() or subject.strip() or CUT
    return body if len(body) <= MAX_LENGTH else f"{body[: MAX_LENGTH - 1]}{CUT}"


def address_pairs(addresses: tuple[Address, ...]) -> list[list[str]]:
    """Addresses as they are stored."""
    return [[each.name[:200], each.address[:320]] for each in addresses[:MOST_ADDRESSES]]


def stored_subject(mail: ParsedMail) -> str:
    """The subject as it is stored."""
    return mail.subject[:SUBJECT_LENGTH]


def stored_mail_id(text: str) -> str:
    """A Message-ID as it is stored and looked up."""
    return text[:ID_LENGTH]


def addresses_from_pairs(pairs: list[list[str]]) -> tuple[Address, ...]:
    """Addresses as they are stored."""
    return tuple(Address(name, address) for name, address in pairs)
