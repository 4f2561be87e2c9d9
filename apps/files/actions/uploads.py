"""Uploads: announced, received, withdrawn, or deleted when they went with nothing."""

import io
import tempfile
from datetime import datetime
from typing import IO, Protocol
from uuid import UUID

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.filenames import filename_clean
from apps.files.checks import CHUNK_BYTES, FileContent, content_check, mail_content_check, name_check
from apps.files.choices import FileState, Refusal
from apps.files.errors import file_empty_error, file_too_large_error, file_unknown_error
from apps.files.models import UNSENT_LIFE, FileRules, StoredFile, Uploader
from apps.files.steps import UNSENT_DEADLINE
from apps.timers.steps import wakeup_clear, wakeup_set

MAX_UNSENT = 40
"""Uploads that one person may have waiting: more than any message carries."""
MEMORY_BYTES = 1024 * 1024
"""Of what is received, kept in memory rather than on the disk."""


class ByteStream(Protocol):
    """Where the bytes come from."""

    def read(self, size: int, /) -> bytes:
        """The next bytes; none at the end."""


@transaction.atomic
def upload_announce(*, name: str, size: int, uploader: Uploader, scope: UUID | None) -> StoredFile:
    """Somebody is about to upload a file. Whatever can be refused without its content is refused now.

    Args:
        name: as the browser says it.
        size: bytes, as the browser says it; no more are taken.
        uploader: who; that they may send something there is the caller's to know.
        scope: what it is for, where that exists already.

    Raises:
        DomainError: ``file_empty``, ``file_too_large``, ``file_type_refused``, ``too_many_files``, ``files_off``.
    """
    rules: FileRules = FileRules.load()
    if uploader.user_id is None and not rules.customers_send:
        raise DomainError(Refusal.FILES_OFF, _("Files can't be sent here."))
    if size <= 0:
        raise file_empty_error()
    if size > rules.max_bytes:
        raise file_too_large_error(rules)
    clean = filename_clean(name)
    name_check(clean, rules.kinds)
    if StoredFile.objects.filter(uploader.rows, unsent_until__isnull=False).count() >= MAX_UNSENT:
        raise DomainError(
            Refusal.TOO_MANY_FILES, _("Too many files are waiting to be sent. Please send or remove some.")
        )
    file = StoredFile.objects.create(
        name=clean,
        size=size,
        uploader_id=uploader.user_id,
        outsider=uploader.outsider_id,
        scope=scope,
        unsent_until=timezone.now() + UNSENT_LIFE,
    )
    wakeup_set(kind=UNSENT_DEADLINE, object_id=file.pk, due_at=_due(file))
    return file


def _due(file: StoredFile) -> datetime:
    if file.unsent_until is None:
        raise ValueError("a file that was sent is not swept")
    return file.unsent_until


def file_receive(*, file_id: UUID, stream: ByteStream, came_by_mail: bool = False) -> StoredFile:
    """Take in the content of a file that is expected: once. What it is, is found out before it is kept.

    A content that is refused leaves nothing. A process that dies in between leaves a file that is swept.

    Args:
        file_id: what `upload_announce` announced.
        stream: the content.
        came_by_mail: what is none of our types is kept, too, to be saved and never shown, unless the rules forbid it.

    Returns:
        The file, ready; also when it has been received before.

    Raises:
        DomainError: ``file_unknown``, ``file_busy`` (it is being received already), ``file_too_large`` (more than
            announced), ``file_incomplete`` (less), or what `content_check` refuses.
    """
    claimed = StoredFile.objects.filter(pk=file_id, state=FileState.EXPECTED).update(state=FileState.RECEIVING)
    file = StoredFile.objects.filter(pk=file_id).first()
    if file is None:
        raise file_unknown_error()
    if file.state == FileState.READY:
        return file
    if not claimed:
        raise DomainError(Refusal.FILE_BUSY, _("This file is being uploaded already."))
    try:
        with tempfile.SpooledTemporaryFile(MEMORY_BYTES) as content:
            size = _copy(stream, content, file.size)
            if size < file.size:
                raise DomainError(Refusal.FILE_INCOMPLETE, _("This file did not arrive whole. Please attach it again."))
            found = _checked(content, file.name, size, came_by_mail=came_by_mail)
            _keep(file, content, found)
    except BaseException:
        _forget(file)
        raise
    return _ready(file, size, found)


def _checked(content: IO[bytes], name: str, size: int, *, came_by_mail: bool) -> FileContent:
    rules: FileRules = FileRules.load()
    if came_by_mail and rules.keeps_unsafe:
        return mail_content_check(content, name=name, size=size)
    return content_check(content, name=name, size=size, kinds=rules.kinds)


def _copy(stream: ByteStream, content: IO[bytes], limit: int) -> int:
    """Copy a stream, and stop reading as soon as it is longer than it may be."""
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise DomainError(Refusal.FILE_TOO_LARGE, _("This file is larger than was said."), max=limit)
        content.write(chunk)
    return size


def _keep(file: StoredFile, content: IO[bytes], found: FileContent) -> None:
    content.seek(0)
    _save(file.path, File(content))
    if found.picture and found.picture.thumbnail:
        _save(file.thumbnail_path, ContentFile(found.picture.thumbnail))


def _save(path: str, content: "File[bytes]") -> None:
    if default_storage.save(path, content) != path:
        raise RuntimeError(f"{path} was there already")


def _ready(file: StoredFile, size: int, found: FileContent) -> StoredFile:
    picture = found.picture
    values = {
        "state": FileState.READY,
        "name": found.name,
        "size": size,
        "media_type": found.type.media_type,
        "kind": found.type.kind,
        "sha256": found.sha256,
        "width": picture.width if picture else None,
        "height": picture.height if picture else None,
        "has_thumbnail": bool(picture and picture.thumbnail),
    }
    if not StoredFile.objects.filter(pk=file.pk, state=FileState.RECEIVING).update(**values):
        # It was dropped meanwhile.
        _delete(file)
        raise file_unknown_error()
    file.refresh_from_db()
    return file


@transaction.atomic
def _forget(file: StoredFile) -> None:
    StoredFile.objects.filter(pk=file.pk, state=FileState.RECEIVING).delete()
    wakeup_clear(kind=UNSENT_DEADLINE, object_id=file.pk)
    _delete(file)


@transaction.atomic
def upload_withdraw(*, file_id: UUID) -> None:
    """Delete an upload that its sender took back before it went with anything; what was sent stays."""
    file = StoredFile.objects.select_for_update().filter(pk=file_id, unsent_until__isnull=False).first()
    if file is not None:
        wakeup_clear(kind=UNSENT_DEADLINE, object_id=file.pk)
        _remove(file)


@transaction.atomic
def file_unsent_expire(*, file_id: UUID, due_at: datetime) -> None:
    """Delete an upload that was never sent.

    Args:
        file_id: the file.
        due_at: the deadline that is due; a file that was sent meanwhile has none.
    """
    file = StoredFile.objects.select_for_update().filter(pk=file_id, unsent_until=due_at).first()
    if file is not None:
        _remove(file)


def _remove(file: StoredFile) -> None:
    file_id = file.pk
    file.delete()
    file.pk = file_id
    after_commit(_delete, file)


def _delete(file: StoredFile) -> None:
    for path in (file.path, file.thumbnail_path):
        default_storage.delete(path)


def file_store(*, name: str, content: bytes, uploader: Uploader, came_by_mail: bool = False) -> StoredFile:
    """Take in a file that nobody announced, such as an attachment of a mail. What it is, is found out all the same.

    Until it goes with something it is swept like an upload.

    Args:
        name: as its sender says it.
        content: all of it.
        uploader: who.
        came_by_mail: mails bring what they have, however large: as large as mails may be.

    Raises:
        DomainError: ``file_empty``, ``file_too_large``, or what `content_check` refuses.
    """
    rules: FileRules = FileRules.load()
    if not content:
        raise file_empty_error()
    if len(content) > rules.max_bytes and not (came_by_mail and rules.keeps_unsafe):
        raise file_too_large_error(rules)
    with transaction.atomic():
        file = StoredFile.objects.create(
            name=filename_clean(name),
            size=len(content),
            uploader_id=uploader.user_id,
            outsider=uploader.outsider_id,
            unsent_until=timezone.now() + UNSENT_LIFE,
        )
        wakeup_set(kind=UNSENT_DEADLINE, object_id=file.pk, due_at=_due(file))
    return file_receive(file_id=file.pk, stream=io.BytesIO(content), came_by_mail=came_by_mail)
