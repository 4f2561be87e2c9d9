"""Which files somebody at the console may have."""

from uuid import UUID

from apps.accounts.models import User
from apps.conversations.models import Conversation
from apps.conversations.selectors import conversations_readable_by
from apps.email.models import MailDraftFile
from apps.files.choices import FileState
from apps.files.models import StoredFile


def file_readable_by(user: User, file_id: UUID) -> StoredFile | None:
    """A file, if this user may see it (CHAT-9, TEN-5): of a conversation that they may read, or an upload of their own
    that waits to be sent, by itself or with the draft of a mail.
    """
    found = StoredFile.objects.filter(pk=file_id, state=FileState.READY).first()
    if found is None:
        return None
    if found.unsent_until is not None:
        return found if found.uploader_id == user.pk else None
    if MailDraftFile.objects.filter(file=file_id, draft__agent=user.pk).exists():
        return found
    return found if conversations_readable_by(user).filter(messages__attachments__file=file_id).exists() else None


def conversation_of_file(file: StoredFile) -> Conversation | None:
    """The conversation that a file was sent in; none for one that waits to be sent."""
    return Conversation.objects.filter(messages__attachments__file=file).first()
