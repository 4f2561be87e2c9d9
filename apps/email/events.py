"""What happens to mail, told to the apps above inside the same transaction."""

from dataclasses import dataclass
from uuid import UUID

from apps.email.models import MailChannel
from apps.mime.types import ParsedMail


@dataclass(frozen=True)
class CustomerMailFiled:
    """A person's mail has become a message of a locked conversation, or has opened it with one (EML-2).

    Attributes:
        conversation_id: which one.
        mail: it, without what masking rules take out.
        channel: by which it came.
        is_new: it has opened the conversation.
    """

    conversation_id: UUID
    mail: ParsedMail
    channel: MailChannel
    is_new: bool
