"""What an agent lets be shown (EML-4)."""

from uuid import UUID

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.core.rows import row_add_once
from apps.email.choices import Refusal
from apps.email.models import ImageSender, MailMessage


def images_trust(*, message_id: UUID, actor: User) -> str:
    """Let remote images of this mail's sender be loaded from now on, whenever this agent reads one of theirs.

    Args:
        message_id: a mail that the agent may see: that is the caller's to know.
        actor: the agent.

    Returns:
        The sender's address.

    Raises:
        DomainError: ``mail_unknown``, or it names no sender.
    """
    mail = MailMessage.objects.filter(pk=message_id, is_outgoing=False).first()
    address = mail.sender_address if mail is not None else ""
    if not address:
        raise DomainError(Refusal.MAIL_UNKNOWN, _("There is no such mail."))
    row_add_once(ImageSender(user=actor, address=address))
    return address
