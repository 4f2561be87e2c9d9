"""Files that are to go with a message (CHAT-9)."""

from uuid import UUID

from apps.conversations.choices import Side
from apps.files.actions import upload_announce
from apps.files.frames import UploadTerms
from apps.files.models import Uploader
from apps.files.tickets import upload_terms
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text


def message_upload_announce(
    *, name: str, size: int, uploader: Uploader, side: Side, queue_id: UUID | None, conversation_id: UUID | None
) -> UploadTerms:
    """Expect a file, under its name without what the masking rules take out (FRM-6).

    Args:
        name: what its sender calls it.
        size: bytes.
        uploader: who sends it.
        side: on which they are.
        queue_id: whose masking rules hold; None where there is no queue yet.
        conversation_id: what it is for; None for a first message or a new mail.

    Raises:
        DomainError: it may not be sent, as `upload_announce` says.
    """
    speaker = Speaker.AGENT if side == Side.AGENT else Speaker.CUSTOMER
    fit = mask_text(name, queue_id=queue_id, who=speaker).text
    return upload_terms(upload_announce(name=fit, size=size, uploader=uploader, scope=conversation_id))
