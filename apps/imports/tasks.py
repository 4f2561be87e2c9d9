"""Checking and writing rows is the workers': whoever brings a file only hands it over."""

from uuid import UUID

from celery import shared_task

from apps.imports.actions import import_apply, import_check
from apps.imports.steps import WORK_TASK


# Taken off the queue when it is begun: a deadline notices a worker that has died.
@shared_task(name=WORK_TASK, acks_late=False, ignore_result=True)
def import_work_task(job_id: str) -> None:
    """Check the rows of a file, or write them, whichever is its turn."""
    import_check(job_id=UUID(job_id))
    import_apply(job_id=UUID(job_id))
