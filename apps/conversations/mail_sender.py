"""Something of a conversation is mailed to its customer: who asks for that need not know how mail leaves.

Mail stands beside the channels that ask, so it comes and says here that it can be asked (`mail_sender_register`).
"""

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from apps.conversations.choices import Refusal
from apps.conversations.models import Message
from apps.core.errors import DomainError


@dataclass(frozen=True)
class AutomaticMail:
    """A mail that is made by itself, and answers none.

    Attributes:
        address: whom it is for.
        name: what they are called; may be empty.
        subject: one line.
        text: all of it, plain.
        html: all of it once more: a page that stands by itself.
    """

    address: str
    name: str
    subject: str
    text: str
    html: str


class MailSender(Protocol):
    """Who sends mail."""

    def can_send(self) -> bool:
        """Whether some channel has a server that takes its mail."""

    def send(self, message: Message, letter: AutomaticMail) -> None:
        """Have it sent, inside the transaction that asks for it.

        Args:
            message: the line of a locked conversation that says so; it is this mail's from now on.
            letter: it.

        Raises:
            DomainError: ``channel_cannot_send``, ``mail_recipient_ours``, ``mail_address_invalid``.
        """


_offices: list[MailSender] = []


def mail_sender_register(office: MailSender) -> None:
    """Say that mail can be sent: called once, by `AppConfig.ready()`."""
    _offices[:] = [office]


def may_send_mail() -> bool:
    """Whether mail can be sent in this tenant at all."""
    return any(office.can_send() for office in _offices)


def automatic_mail_send(message: Message, letter: AutomaticMail) -> None:
    """Have a letter sent, as `MailSender.send` says.

    Raises:
        DomainError: what it refuses; ``channel_cannot_send`` where nobody sends mail.
    """
    if not _offices:
        raise DomainError(Refusal.CHANNEL_CANNOT_SEND, _("No mail can be sent."))
    _offices[0].send(message, letter)
