"""Passwords by which channels sign in at mail servers: readable as their channel's alone."""

from apps.email.models import MailChannel
from apps.vault.seals import seal, unseal

PURPOSE = "mail-servers"
"""Under which of the tenant's keys they are encrypted."""


def password_of(channel: MailChannel) -> str:
    """The password for a channel's outgoing server; empty where it has none.

    Raises:
        Unreadable: its key was erased.
    """
    if channel.smtp_sealed is None:
        return ""
    return unseal(channel.smtp_sealed, purpose=PURPOSE, owner=channel.pk).decode()


def password_keep(channel: MailChannel, password: str) -> None:
    """Encrypt a password into a channel's row; none forgets it. Inside the transaction that writes the row."""
    channel.smtp_sealed = seal(password.encode(), purpose=PURPOSE, owner=channel.pk) if password else None
