"""Passwords of mailboxes and secrets of webhooks: readable as their channel's alone (EML-1)."""

from typing import Final

from django.utils.crypto import constant_time_compare

from apps.email.models import Mailbox, MailHook
from apps.vault.encryption import decrypt_value

PURPOSE: Final = "mail-sources"
"""Under which of the tenant's keys passwords and secrets of mailboxes and webhooks are encrypted."""


def mailbox_password(mailbox: Mailbox) -> str:
    """The password of a mailbox.

    Raises:
        DecryptionError: its key was erased.
    """
    return decrypt_value(mailbox.sealed, purpose=PURPOSE, owner=mailbox.pk).decode() if mailbox.sealed else ""


def hook_secret(hook: MailHook) -> str:
    """What stands at the end of a webhook's address.

    Raises:
        DecryptionError: its key was erased.
    """
    return decrypt_value(hook.sealed, purpose=PURPOSE, owner=hook.pk).decode() if hook.sealed else ""


def is_hook_secret(hook: MailHook, secret: str) -> bool:
    """Whether this is the hook's secret."""
    kept = hook_secret(hook)
    return bool(kept) and constant_time_compare(kept, secret)
