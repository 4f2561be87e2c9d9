"""An import is begun, confirmed, cancelled, and looked after while nobody does."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.commit import after_commit
from apps.core.errors import DomainError
from apps.core.filenames import filename_clean
from apps.imports.choices import LIVE, WORKING, JobState, Refusal
from apps.imports.kinds import CsvKind, kind_by_code
from apps.imports.limits import LOOK_AFTER
from apps.imports.models import ImportJob
from apps.imports.reading import rows_count, sheet_read
from apps.imports.selectors import is_being_worked_on, may_import
from apps.imports.steps import content_keep, job_end, job_lock, job_look_after, job_work_soon


@transaction.atomic
def import_start(*, kind: CsvKind, file_name: str, content: bytes, actor: Any) -> ImportJob:
    """Bring a file of rows: it is kept, and a worker checks row by row what would become of it. Nothing is written yet.

    Args:
        kind: of what.
        file_name: as the browser says it.
        content: all of it, at most `limits.MAX_BYTES`.
        actor: who brings it; the rows are written in their name.

    Raises:
        DomainError: ``import_not_allowed``, ``import_running`` (one of a kind at a time), ``import_file_unreadable``.
    """
    _must_be_allowed(actor, kind)
    resource = kind.resource(actor)
    sheet = sheet_read(content, known=list(resource.fields), needed=resource.needed_columns())
    job = ImportJob(
        kind=kind.code,
        file_name=filename_clean(file_name)[:200],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        started_by=actor,
        total=rows_count(sheet),
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError as error:
        message = _("Another import of this kind is under way: finish or cancel it first.")
        raise DomainError(Refusal.IMPORT_RUNNING, message) from error
    content_keep(job, content)
    _hand_over(job)
    return job


@transaction.atomic
def import_confirm(*, job_id: UUID, actor: Any) -> ImportJob:
    """Have a worker write all rows of a file that was checked without an error: all of them, or none.

    Raises:
        DomainError: ``import_not_allowed``, ``import_not_ready``.
    """
    job = job_lock(job_id, JobState.READY)
    _must_be_allowed(actor, job_kind(job))
    job.state, job.begun_at, job.started_by = JobState.APPLYING, None, actor
    job.save(update_fields=["state", "begun_at", "started_by"])
    _hand_over(job)
    return job


@transaction.atomic
def import_cancel(*, job_id: UUID, actor: Any) -> ImportJob:
    """Give an import up; a worker that is at it undoes all that it has written.

    Raises:
        DomainError: ``import_not_allowed``, ``import_not_ready`` when it has ended already.
    """
    job = job_lock(job_id, *LIVE)
    _must_be_allowed(actor, kind_by_code(job.kind))
    job_end(job, JobState.CANCELLED)
    return job


@transaction.atomic
def import_look_after(*, job_id: UUID, due_at: datetime) -> None:
    """Look after an import: one whose worker has died has failed, and one that nobody confirms expires.

    Args:
        job_id: the import.
        due_at: the deadline that is due; one that has another by now is left alone.
    """
    job = ImportJob.objects.select_for_update(no_key=True).filter(pk=job_id, look_after_at=due_at).first()
    if job is None:
        return
    if job.state not in WORKING:
        job_end(job, JobState.EXPIRED)
    elif is_being_worked_on(job):
        job_look_after(job, timezone.now() + LOOK_AFTER)
    elif job.begun_at is None:
        _hand_over(job)  # It waits for a worker, or was lost on the way to one.
    else:
        job_end(job, JobState.FAILED, _("It was interrupted. Nothing was imported: bring the file again."))


def _must_be_allowed(actor: Any, kind: CsvKind | None) -> None:
    if not may_import(actor, kind):
        raise DomainError(Refusal.NOT_ALLOWED, _("Only those who set up everything may import."))


def _hand_over(job: ImportJob) -> None:
    job_look_after(job, timezone.now() + LOOK_AFTER)
    after_commit(job_work_soon, job.pk)


def job_kind(job: ImportJob) -> CsvKind:
    """The kind of an import's rows.

    Raises:
        DomainError: ``import_not_ready``: this version doesn't know it.
    """
    kind = kind_by_code(job.kind)
    if kind is None:
        raise DomainError(Refusal.IMPORT_NOT_READY, _("This kind of rows can't be imported any more."))
    return kind
