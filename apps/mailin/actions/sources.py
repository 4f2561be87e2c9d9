"""Where a channel's mail comes from, as it is set up: a mailbox elsewhere, or a provider's webhook (EML-1)."""

import secrets
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.core.rows import row_lock
from apps.email.actions.channels import channel_save
from apps.email.choices import AfterImport, Inbound
from apps.email.models import Mailbox, MailChannel, MailHook
from apps.mailin.secrets import PURPOSE
from apps.vault.encryption import encrypt_value

SECRET_BYTES: Final = 24
SETTINGS: Final = (
    "host",
    "port",
    "security",
    "user",
    "folder",
    "after_import",
    "move_to",
    "imports_from",
)
PLACE: Final = ("host", "user", "folder")
"""What makes it another mailbox: UIDs of one say nothing in another."""


@transaction.atomic
@audited_action("mailbox")
def mailbox_save(*, mailbox: Mailbox, password: str = "") -> Mailbox:
    """Have a channel's mail fetched from a mailbox, or change how. Whoever fetches from it connects anew.

    Args:
        mailbox: with its settings; how far it is fetched stays as it is, unless it has become another mailbox.
        password: empty keeps the one that there is.

    Raises:
        ValidationError: a value is not acceptable.
        DomainError: what saving the channel refuses.
    """
    if mailbox.after_import != AfterImport.MOVE:
        mailbox.move_to = ""
    elif not mailbox.move_to or mailbox.move_to == mailbox.folder:
        raise ValidationError({"move_to": _("Name a folder to move it to, other than the one it is in.")})
    stored = row_lock(Mailbox, mailbox.pk)
    if stored is None:
        mailbox.sealed = encrypt_value(password.encode(), purpose=PURPOSE, owner=mailbox.pk)
        mailbox.full_clean()
        mailbox.save(force_insert=True)
        stored = mailbox
    else:
        _change(stored, mailbox, password)
    _comes_by(stored.channel, Inbound.IMAP)
    return stored


def _change(stored: Mailbox, wanted: Mailbox, password: str) -> None:
    moved = any(getattr(stored, name) != getattr(wanted, name) for name in PLACE)
    for name in SETTINGS:
        setattr(stored, name, getattr(wanted, name))
    if password:
        stored.sealed = encrypt_value(password.encode(), purpose=PURPOSE, owner=stored.pk)
    stored.version += 1
    stored.failures, stored.retry_at, stored.error = 0, None, ""
    stored.held_by, stored.held_until = "", None
    if moved:
        stored.uid_validity, stored.last_uid = None, 0
        stored.items.all().delete()
    stored.full_clean(exclude=["channel"])
    stored.save()


@transaction.atomic
@audited_action("hook")
def hook_save(*, hook: MailHook) -> MailHook:
    """Have a channel's mail brought by a provider; the first time with a new secret.

    Raises:
        ValidationError: a value is not acceptable.
        DomainError: what saving the channel refuses.
    """
    if hook.sealed is None:
        hook.sealed = _secret(hook)
    hook.full_clean(exclude=["channel"] if MailHook.objects.filter(pk=hook.pk).exists() else [])
    hook.save()
    _comes_by(hook.channel, Inbound.WEBHOOK)
    return hook


@transaction.atomic
@audited_action("hook")
def hook_renew(*, hook: MailHook) -> MailHook:
    """A new secret: whoever uses the old address is turned away from now on."""
    hook.sealed = _secret(hook)
    hook.save(update_fields=["sealed"])
    return hook


def hook_used(*, channel_id: UUID) -> None:
    """Note that a webhook has brought mail just now."""
    MailHook.objects.filter(pk=channel_id).update(last_at=timezone.now())


def _secret(hook: MailHook) -> bytes:
    return encrypt_value(secrets.token_urlsafe(SECRET_BYTES).encode(), purpose=PURPOSE, owner=hook.pk)


@transaction.atomic
@audited_action("source")
def source_delete(*, source: Mailbox | MailHook) -> None:
    """Have nothing come this way any more: the channel takes mail by the listener.

    Raises:
        DomainError: its address leads elsewhere.
    """
    channel = source.channel
    source.delete()
    _comes_by(channel, Inbound.LISTENER)


def _comes_by(channel: MailChannel, inbound: Inbound) -> None:
    channel.refresh_from_db()
    if channel.inbound != inbound:
        channel.inbound = inbound
        channel_save(channel=channel)
