"""What came with a mail goes along with one that hands it on (EML-5, EML-6)."""

from uuid import UUID

from apps.accounts.models import User
from apps.email.models import MailMessage
from apps.files.actions import file_store
from apps.files.downloads import file_content
from apps.files.models import StoredFile, Uploader
from apps.mailout.draft_content import MOST_FILES
from apps.mailout.draft_refusals import not_yours_error


def original_files_copy(*, message_id: UUID, actor: User) -> list[StoredFile]:
    """What came with a mail, as fresh uploads of an agent who hands it on (EML-5, EML-6).

    Args:
        message_id: the message whose files they are; its conversation must be the agent's.
        actor: who hands it on.

    Raises:
        DomainError: ``not_yours``.
    """
    mail = MailMessage.objects.select_related("conversation").filter(pk=message_id).first()
    if mail is None or mail.conversation.agent_id != actor.pk:
        raise not_yours_error()
    parts = mail.parts.filter(file__isnull=False, is_inline=False).select_related("file")
    return [_copy(part.file, actor) for part in parts[:MOST_FILES] if part.file is not None]


def _copy(file: StoredFile, actor: User) -> StoredFile:
    by = Uploader(user_id=actor.pk)
    return file_store(name=file.name, content=file_content(file), uploader=by, came_by_mail=True)
