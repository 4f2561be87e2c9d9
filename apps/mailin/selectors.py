"""Reads of received mail."""

from uuid import UUID

from apps.email.choices import Inbound, RawState
from apps.email.models import MailHook, RawMail
from apps.mailin.secrets import is_hook_secret
from apps.vault.master_keys import DecryptionError


def channels_unfiled() -> list[UUID]:
    """Channels that have received what is not filed yet."""
    waiting = RawMail.objects.filter(state=RawState.RECEIVED)
    return list(waiting.order_by().values_list("channel", flat=True).distinct())


def hook_at(channel_id: UUID, secret: str) -> MailHook | None:
    """The webhook that an address leads to; a wrong secret leads to none, as does an unknown channel."""
    channels = MailHook.objects.filter(channel__is_active=True, channel__inbound=Inbound.WEBHOOK)
    hook = channels.select_related("channel").filter(pk=channel_id).first()
    try:
        return hook if hook is not None and is_hook_secret(hook, secret) else None
    except DecryptionError:
        return None
