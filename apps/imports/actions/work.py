"""What a worker does with a file: it checks each row, or writes all of them in one transaction."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from apps.audit.actions import AuditTarget, audit_record
from apps.core.errors import DomainError
from apps.imports.actions.jobs import job_kind
from apps.imports.choices import ImportVerb, JobState, RowState
from apps.imports.limits import CHUNK_ROWS, LIFE
from apps.imports.models import ImportJob, ImportRow
from apps.imports.reading import sheet_read
from apps.imports.resources import CsvResource, Outcome
from apps.imports.selectors import may_import, progress_note
from apps.imports.steps import content_of, job_end, job_lock, job_look_after, job_take

log = structlog.get_logger(__name__)


class _GaveUpError(Exception):
    """The import was cancelled, or rows have become wrong since the check: what was written is undone."""


def import_check(*, job_id: UUID) -> None:
    """Find out what would become of each row of a file. What actions write to that end is taken back.

    Args:
        job_id: an import that is to be checked; another one is left alone.
    """
    _run(job_id, JobState.CHECKING, _check)


def import_apply(*, job_id: UUID) -> None:
    """Write all rows of a file that was confirmed, in one transaction: nothing if any row is refused by now.

    Args:
        job_id: an import that was confirmed; another one is left alone.
    """
    _run(job_id, JobState.APPLYING, _apply)


def _run(job_id: UUID, state: JobState, work: Callable[[ImportJob], None]) -> None:
    job = _begin(job_id, state)
    if job is None:
        return
    try:
        work(job)
    except _GaveUpError as reason:
        if str(reason):
            _fail(job, state, str(reason))
    except DomainError as refused:
        _fail(job, state, force_str(refused.message))
    except Exception:
        log.exception("imports.failed", job=str(job.pk), kind=job.kind)
        _fail(job, state, _("Something went wrong. Nothing was imported; who runs this service finds it in the log."))


@transaction.atomic
def _begin(job_id: UUID, state: JobState) -> ImportJob | None:
    """Note that a worker is at it, unless another one is."""
    job = ImportJob.objects.select_for_update(no_key=True).filter(pk=job_id, state=state).first()
    if job is None or not job_take(job):
        return None
    job.begun_at = timezone.now()
    job.save(update_fields=["begun_at"])
    progress_note(job, 0)
    return job


def _check(job: ImportJob) -> None:
    outcomes: list[Outcome] = []
    with transaction.atomic():
        if not job_take(job):
            return
        for some in _read(job, writes=None):
            outcomes += some
        transaction.set_rollback(True)
    _note(job, outcomes)


@transaction.atomic
def _note(job: ImportJob, outcomes: list[Outcome]) -> None:
    """Keep what a check has found."""
    with suppress(DomainError):  # cancelled meanwhile
        job = job_lock(job.pk, JobState.CHECKING)
        rows = (
            ImportRow(job=job, line=o.line, state=o.state, name=o.name, changes=o.changes, errors=o.errors)
            for o in outcomes
        )
        for some in iter(lambda: list(itertools.islice(rows, 2000)), []):
            ImportRow.objects.bulk_create(some)
        states = [outcome.state for outcome in outcomes]
        for state in RowState:
            setattr(job, state.value, states.count(state))
        job.state = JobState.WRONG if job.wrong else JobState.READY
        job.save(update_fields=["state", *RowState.values])
        job_look_after(job, timezone.now() + LIFE)


@transaction.atomic
def _apply(job: ImportJob) -> None:
    if not job_take(job):
        return
    counts = dict.fromkeys(RowState.values, 0)
    for some in _read(job, writes=True):
        for outcome in some:
            if outcome.state == RowState.WRONG:
                raise _GaveUpError(_became_wrong(outcome))
            counts[outcome.state] += 1
    job = job_lock(job.pk, JobState.APPLYING)
    for state, count in counts.items():
        setattr(job, state, count)
    job.save(update_fields=RowState.values)
    target = AuditTarget("imports.importjob", job.file_name, str(job.pk))
    detail = {"kind": job.kind, "sha256": job.sha256, **counts}
    audit_record(ImportVerb.IMPORT, actor=job.started_by, target=target, detail=detail)
    job_end(job, JobState.DONE)


def _became_wrong(outcome: Outcome) -> str:
    column, sentences = next(iter(outcome.errors.items()))
    where = _("Line %(line)d") % {"line": outcome.line} + (f", {column}" if column else "")
    return _("Nothing was imported, as something has changed since the check. %(where)s: %(why)s") % {
        "where": where,
        "why": sentences[0],
    }


def _read(job: ImportJob, *, writes: bool | None) -> Iterator[list[Outcome]]:
    """Take in a file part by part.

    Args:
        job: whose file.
        writes: whether rows are written; None where that is only done as far as a check needs it.
    """
    actor = type(job.started_by).objects.select_related("role").get(pk=job.started_by_id)
    kind = job_kind(job)
    if not may_import(actor, kind):
        raise _GaveUpError(_("Who brought the file may not import any more."))
    resource: CsvResource = kind.resource(actor, writes=kind.resource.writes_to_check if writes is None else writes)
    rows = sheet_read(content_of(job), known=list(resource.fields), needed=resource.needed_columns()).rows()
    done = 0
    for some in iter(lambda: list(itertools.islice(rows, CHUNK_ROWS)), []):
        _must_go_on(job)
        yield resource.chunk_read(some)
        done += len(some)
        progress_note(job, done)


def _must_go_on(job: ImportJob) -> None:
    """Notice what others have committed meanwhile."""
    if not ImportJob.objects.filter(pk=job.pk, state=job.state).exists():
        raise _GaveUpError


@transaction.atomic
def _fail(job: ImportJob, state: JobState, reason: str) -> None:
    with suppress(DomainError):  # cancelled meanwhile
        job_end(job_lock(job.pk, state), JobState.FAILED, reason)
