"""What this app shows on the admin's home."""

from django.utils.translation import gettext_lazy

from apps.email.models import MailChannel, RawMail
from apps.home.registry import Step, list_address, register_step, row_address


def has_working_channel() -> bool:
    """Whether mail ever came in by a channel that is on."""
    return RawMail.objects.filter(channel__is_active=True).exists()


def channel_address() -> str:
    """The page of the first channel, with what it still lacks; the list while there is none."""
    channel = MailChannel.objects.order_by("created_at").first()
    return row_address(channel) if channel else list_address(MailChannel)


register_step(
    Step(
        code="mail",
        position=50,
        title=gettext_lazy("Answer mail, too"),
        about=gettext_lazy("Done when the first mail has come in by a channel that is switched on."),
        model=MailChannel,
        is_done=has_working_channel,
        address=channel_address,
        dismiss=gettext_lazy("Not for us"),
        is_optional=True,
    )
)
