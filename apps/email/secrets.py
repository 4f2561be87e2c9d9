"""Passwords by which channels sign in at mail servers, keys by which they sign: readable as their channel's alone."""

from apps.email.models import MailChannel
from apps.mime.sign import key_make
from apps.vault.encryption import decrypt_value, encrypt_value

PURPOSE = "mail-servers"
"""Under which of the tenant's keys passwords are encrypted."""
SIGNING = "mail-signing"
"""Under which of them keys for signing are: of another purpose, so that neither can be put in the other's place."""


def smtp_password(channel: MailChannel) -> str:
    """The password for a channel's outgoing server; empty where it has none.

    Raises:
        DecryptionError: its key was erased.
    """
    if channel.smtp_sealed is None:
        return ""
    return decrypt_value(channel.smtp_sealed, purpose=PURPOSE, owner=channel.pk).decode()


def smtp_password_set(channel: MailChannel, password: str) -> None:
    """Encrypt a password into a channel's row; none forgets it. Inside the transaction that writes the row."""
    channel.smtp_sealed = encrypt_value(password.encode(), purpose=PURPOSE, owner=channel.pk) if password else None


def signing_key(channel: MailChannel) -> bytes | None:
    """The key by which a channel signs its mails; none where it does not (RFC 6376).

    Raises:
        DecryptionError: the key that it is encrypted with was erased.
    """
    if not channel.signs or channel.dkim_sealed is None:
        return None
    return decrypt_value(channel.dkim_sealed, purpose=SIGNING, owner=channel.pk)


def signing_key_renew(channel: MailChannel) -> None:
    """Make a key for a channel's selector, in place of any. Inside the transaction that writes the row."""
    private, channel.dkim_public = key_make()
    channel.dkim_sealed = encrypt_value(private, purpose=SIGNING, owner=channel.pk)


def signing_key_clear(channel: MailChannel) -> None:
    """A channel without a selector has no key."""
    channel.signs, channel.dkim_public, channel.dkim_sealed = False, "", None
