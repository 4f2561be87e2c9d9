"""Changes of mail channels, as administrators make them (EML-1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.email.choices import Inbound
from apps.email.models import MailChannel, MailView
from apps.tenants.actions import mail_address_set


@transaction.atomic
def channel_save(*, channel: MailChannel) -> MailChannel:
    """Make a channel or write its changes. While it is active, the mail of its address leads here and nowhere else.

    Raises:
        ValidationError: a value is not acceptable.
        DomainError: ``mail_address_taken``.
    """
    channel.address = channel.address.strip().lower()
    channel.full_clean()
    if "+" in channel.address:
        raise DomainError("mail_address_plus", _("An address of a channel has no plus sign: answers are told by one."))
    channel.save()
    listens = channel.is_active and channel.inbound == Inbound.LISTENER
    mail_address_set(channel=channel.pk, address=channel.address if listens else "")
    return channel


@transaction.atomic
def channel_delete(*, channel: MailChannel) -> None:
    """Delete a channel that no mail came through.

    Raises:
        DomainError: ``channel_in_use``.
    """
    if channel.mails.exists() or channel.threads.exists():
        message = _("Mail came through “%(channel)s”: deactivate it instead.") % {"channel": channel}
        raise DomainError("channel_in_use", message)
    mail_address_set(channel=channel.pk, address="")
    channel.delete()


@transaction.atomic
def mail_view_save(*, view: MailView) -> MailView:
    """Write how agents see mails (EML-4).

    Raises:
        ValidationError: a value is not acceptable.
    """
    view.full_clean()
    view.save()
    return view
