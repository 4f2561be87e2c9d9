"""Changes of widgets, as administrators make them (CHAT-1)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.pictures import encode_picture
from apps.audit.actions import audited_action
from apps.chat.choices import Refusal
from apps.chat.identity import secret_of
from apps.chat.models import IdentityKey, Topic, WidgetChannel, WidgetWords
from apps.core.errors import DomainError


@transaction.atomic
@audited_action("channel")
def widget_save(*, channel: WidgetChannel) -> WidgetChannel:
    """Make a widget or write its changes.

    Raises:
        ValidationError: a value is not acceptable.
    """
    channel.full_clean()
    channel.save()
    return channel


@transaction.atomic
@audited_action("channel")
def widget_delete(*, channel: WidgetChannel) -> None:
    """Delete a widget that nobody came through: who did would not find their conversation again (CHAT-12).

    Raises:
        DomainError: ``widget_in_use``.
    """
    if channel.visitors.exists():
        message = _("Customers came through “%(widget)s”: deactivate it instead.") % {"widget": channel}
        raise DomainError(Refusal.WIDGET_IN_USE, message)
    channel.delete()


@transaction.atomic
@audited_action("channel")
def widget_set_logo(*, channel: WidgetChannel, upload: "File[bytes] | None") -> WidgetChannel:
    """Give a widget a picture, or take it away. Its address changes with it, so that no cache shows the old one.

    Args:
        channel: the widget.
        upload: an image file, None for no picture.

    Raises:
        DomainError: ``picture_too_large``, ``picture_unreadable``.
    """
    old, storage = channel.logo.name, channel.logo.storage
    if upload is None:
        channel.logo = ""
    else:
        channel.logo.save("logo.webp", encode_picture(upload), save=False)
    channel.save(update_fields=["logo"])
    if old:
        transaction.on_commit(lambda: storage.delete(old), robust=True)
    return channel


@transaction.atomic
@audited_action(lambda arguments: next((row.channel for row in (*arguments["kept"], *arguments["gone"])), None))
def widget_lines_set(*, kept: Sequence[Topic | WidgetWords], gone: Sequence[Any]) -> None:
    """Write a widget's topics, or its words in other languages.

    Raises:
        ValidationError: a value is not acceptable.
    """
    for row in gone:
        row.delete()
    for row in kept:
        row.full_clean()
        row.save()


@transaction.atomic
@audited_action("channel")
def identity_key_make(*, channel: WidgetChannel, keep: timedelta) -> str:
    """Make a new secret for a widget (CHAT-12); the one before stays good for a while, or not at all.

    Args:
        channel: the widget, whose row is locked: of two at once one comes second.
        keep: how long tokens that the old secret signs are still taken.

    Returns:
        The secret: shown once to whoever made it, and stored nowhere.
    """
    WidgetChannel.objects.select_for_update().get(pk=channel.pk)
    now = timezone.now()
    IdentityKey.objects.filter(channel=channel, ends_at=None).update(ends_at=now + keep)
    if not keep:
        # At once means all of them: what was to run out later does so now.
        IdentityKey.objects.filter(channel=channel, ends_at__gt=now).update(ends_at=now)
    return secret_of(IdentityKey.objects.create(channel=channel))


@transaction.atomic
@audited_action("channel")
def identity_keys_revoke(*, channel: WidgetChannel) -> None:
    """Take no token any more: the widget has no secret from now on (CHAT-12)."""
    now = timezone.now()
    IdentityKey.objects.filter(channel=channel, ends_at=None).update(ends_at=now)
    IdentityKey.objects.filter(channel=channel, ends_at__gt=now).update(ends_at=now)
