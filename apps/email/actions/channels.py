"""Changes of mail channels, as administrators make them (EML-1)."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.email.choices import Inbound, Refusal
from apps.email.models import MailChannel, MailText, MailView
from apps.email.secrets import signing_key_clear, signing_key_renew, smtp_password_set
from apps.mime.compose import address_check
from apps.tenants.actions import mail_address_set


@transaction.atomic
@audited_action("channel")
def channel_save(*, channel: MailChannel, smtp_password: str | None = None) -> MailChannel:
    """Make a channel or write its changes. While it is active, the mail of its address leads here and nowhere else.

    Args:
        channel: it, as it is to be.
        smtp_password: for its outgoing server; none leaves it as it is, an empty one forgets it.

    Raises:
        ValidationError: a value is not acceptable.
        DomainError: ``mail_address_taken``, ``mail_address_plus``, ``mail_address_invalid``, ``mail_selector_missing``.
    """
    channel.address, channel.smtp_host = channel.address.strip().lower(), channel.smtp_host.strip().lower()
    channel.dkim_selector = channel.dkim_selector.strip().lower()
    _sign_by_selector(channel)
    channel.full_clean()
    address_check(channel.address)
    if smtp_password is not None or not channel.smtp_user:
        smtp_password_set(channel, smtp_password or "")
    if "+" in channel.address:
        raise DomainError(
            Refusal.MAIL_ADDRESS_PLUS, _("An address of a channel has no plus sign: answers are told by one.")
        )
    channel.save()
    listens = channel.is_active and channel.inbound == Inbound.LISTENER
    mail_address_set(channel=channel.pk, address=channel.address if listens else "")
    return channel


def _sign_by_selector(channel: MailChannel) -> None:
    """A selector stands for one key, since answers of the DNS are kept: another one means a new key (RFC 6376, 3.1)."""
    if not channel.dkim_selector:
        if channel.signs:
            raise DomainError(Refusal.MAIL_SELECTOR_MISSING, _("Mails are signed by a key: name its selector."))
        signing_key_clear(channel)
        return
    known = MailChannel.objects.filter(pk=channel.pk, dkim_sealed__isnull=False).values_list("dkim_selector", flat=True)
    if channel.dkim_selector not in known:
        signing_key_renew(channel)


@transaction.atomic
@audited_action("text")
def mail_text_save(*, text: MailText) -> MailText:
    """Make a text of automatic mail or write its changes (EML-11).

    Raises:
        ValidationError: a variable that there is not, nothing to say, or a language that has one already.
    """
    text.language = text.language.strip().lower()
    text.full_clean()
    text.save()
    return text


@transaction.atomic
@audited_action("text")
def mail_text_delete(*, text: MailText) -> None:
    """Delete a text: the mail says our own again."""
    text.delete()


@transaction.atomic
@audited_action("channel")
def channel_delete(*, channel: MailChannel) -> None:
    """Delete a channel that no mail came through.

    Raises:
        DomainError: ``channel_in_use``.
    """
    if channel.mails.exists() or channel.threads.exists() or channel.outbound_mails.exists():
        message = _("Mail came through “%(channel)s”: deactivate it instead.") % {"channel": channel}
        raise DomainError(Refusal.CHANNEL_IN_USE, message)
    mail_address_set(channel=channel.pk, address="")
    channel.delete()


@transaction.atomic
@audited_action("view")
def mail_view_save(*, view: MailView) -> MailView:
    """Write how agents see mails (EML-4).

    Raises:
        ValidationError: a value is not acceptable.
    """
    view.full_clean()
    view.save()
    return view
