"""What a new tenant finds of mail: how agents see it (EML-4)."""

from apps.email.models import MailView
from apps.tenants.seeds import register_seed


@register_seed("email.view")
def mail_view_seed() -> None:
    """Everything at its default."""
    MailView.load()
