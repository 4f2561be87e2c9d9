"""Files of the chat, and who may have them (CHAT-9)."""

from uuid import UUID

from django.db.models import Q

from apps.chat.selectors import browsers_of
from apps.files.choices import FileState
from apps.files.models import StoredFile, Uploader


def file_of(visitor_id: UUID, file_id: UUID) -> StoredFile | None:
    """A file that this browser may have (CHAT-9): one of a conversation that it may see, however old, or
    an upload of its own that waits to be sent. None once the widget is switched off.
    """
    files = StoredFile.objects.filter(pk=file_id, state=FileState.READY)
    of_visit = Q(
        attachment__message__conversation__visit__visitor__in=browsers_of(visitor_id),
        attachment__message__conversation__visit__visitor__channel__is_active=True,
    )
    waiting = Uploader(outsider_id=visitor_id).rows & Q(unsent_until__isnull=False)
    return files.filter(of_visit | waiting).first()
