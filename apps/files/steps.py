"""Files that go along with something, in the transaction that stores it."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.errors import DomainError
from apps.core.filenames import filename_clean
from apps.files.choices import FileState, Refusal
from apps.files.errors import file_unknown_error
from apps.files.models import UNSENT_LIFE, FileRules, StoredFile, Uploader
from apps.timers.steps import wakeup_clear, wakeup_set

UNSENT_DEADLINE = "files.unsent"


def files_attach(
    *, file_ids: Sequence[UUID], uploader: Uploader, scope: UUID, came_by_mail: bool = False
) -> list[StoredFile]:
    """Files go with something that is being stored. Inside the caller's transaction, after its own locks.

    Args:
        file_ids: in the order in which they are shown; each once.
        uploader: who sends them: nobody sends what somebody else has uploaded.
        scope: what they go with; a file that was uploaded for something else does not.
        came_by_mail: a mail brings as many as it has, whatever may be sent in a chat.

    Returns:
        The files, in that order.

    Raises:
        DomainError: ``too_many_files``, ``file_unknown`` (not there, not theirs, not for this, not ready),
            ``file_used`` (it was sent already).
    """
    rules: FileRules = FileRules.load()
    if len(file_ids) > rules.max_files and not came_by_mail:
        message = ngettext("%(max)s file at most in a message.", "%(max)s files at most in a message.", rules.max_files)
        raise DomainError(Refusal.TOO_MANY_FILES, message % {"max": rules.max_files}, max=rules.max_files)
    if uploader.user_id is None and not rules.customers_send and not came_by_mail:
        raise DomainError(Refusal.FILES_OFF, _("Files can't be sent here."))
    rows = StoredFile.objects.filter(uploader.rows, pk__in=file_ids, state=FileState.READY)
    found = {row.pk: row for row in rows.select_for_update(no_key=True).order_by("pk")}
    if len(found) != len(file_ids) or any(row.scope not in {None, scope} for row in found.values()):
        raise file_unknown_error()
    if any(row.unsent_until is None for row in found.values()):
        raise DomainError(Refusal.FILE_USED, _("This file has been sent already. Please attach it again."))
    StoredFile.objects.filter(pk__in=file_ids).update(unsent_until=None)
    for file_id in file_ids:
        found[file_id].unsent_until = None
        wakeup_clear(kind=UNSENT_DEADLINE, object_id=file_id)
    return [found[file_id] for file_id in file_ids]


def files_detach(*, file_ids: Sequence[UUID]) -> None:
    """What files went with is not sent after all: they wait again, and are swept like uploads unless they go with more.

    Inside the caller's transaction, after its own locks.

    Args:
        file_ids: files that `files_attach` took, and that nothing refers to any more.
    """
    until = timezone.now() + UNSENT_LIFE
    StoredFile.objects.filter(pk__in=file_ids).update(unsent_until=until)
    for file_id in file_ids:
        wakeup_set(kind=UNSENT_DEADLINE, object_id=file_id, due_at=until)


def file_rename(*, file: StoredFile, name: str) -> StoredFile:
    """Call a file otherwise, inside the caller's transaction; the same name changes nothing.

    Args:
        file: it.
        name: made fit to be one.
    """
    if name != file.name:
        file.name = filename_clean(name)
        file.save(update_fields=["name"])
    return file
