"""What the actions on imports share, inside their transactions."""

from datetime import datetime
from uuid import UUID

from celery import current_app
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.imports.choices import JobState, Refusal
from apps.imports.models import ImportJob, ImportRow
from apps.imports.selectors import lock_key
from apps.timers.steps import wakeup_clear, wakeup_set
from apps.vault.encryption import decrypt_value, encrypt_value

LOOK_DEADLINE = "imports.look"
WORK_TASK = "imports.work"
PURPOSE = "imports"


def job_lock(job_id: UUID, *states: JobState) -> ImportJob:
    """An import in one of these states, locked until the transaction ends.

    Raises:
        DomainError: ``import_not_ready``.
    """
    job = ImportJob.objects.select_for_update(no_key=True).filter(pk=job_id).first()
    if job is None or job.state not in states:
        raise DomainError(Refusal.IMPORT_NOT_READY, _("This import is not there any more, or has moved on. Reload."))
    return job


def job_take(job: ImportJob) -> bool:
    """Be the one worker that has an import, until the transaction ends; False when another one has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key(job)])
        return bool(cursor.fetchone()[0])


def job_work_soon(job_id: UUID) -> None:
    """Have a worker take an import up; a broker that is away is made up for by its wake-up."""
    current_app.tasks[WORK_TASK].apply_async((str(job_id),), retry=False)


def job_look_after(job: ImportJob, due_at: datetime) -> None:
    """Have somebody look after a locked import then."""
    job.look_after_at = due_at
    job.save(update_fields=["look_after_at"])
    wakeup_set(kind=LOOK_DEADLINE, object_id=job.pk, due_at=due_at)


def job_end(job: ImportJob, state: JobState, failure: str = "") -> None:
    """End a locked import: its file and what is known of its rows go."""
    job.state, job.ended_at, job.failure = state, timezone.now(), failure[:400]
    job.look_after_at = None
    job.save(update_fields=["state", "ended_at", "failure", "look_after_at"])
    wakeup_clear(kind=LOOK_DEADLINE, object_id=job.pk)
    ImportRow.objects.filter(job=job)._raw_delete("default")  # noqa: SLF001 - no row is fetched only to be deleted
    after_commit(default_storage.delete, job.path)


def content_keep(job: ImportJob, content: bytes) -> None:
    """Keep what a file holds, encrypted."""
    sealed = encrypt_value(content, purpose=PURPOSE, owner=job.pk)
    if default_storage.save(job.path, ContentFile(sealed)) != job.path:
        raise RuntimeError(f"{job.path} was there already")


def content_of(job: ImportJob) -> bytes:
    """What a file holds.

    Raises:
        OSError: the storage has lost it.
        DecryptionError: its key was erased.
    """
    with default_storage.open(job.path) as sealed:
        return decrypt_value(sealed.read(), purpose=PURPOSE, owner=job.pk)
