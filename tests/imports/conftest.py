"""Somebody who imports, and what becomes of a file."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Role, User
from apps.imports.actions import import_apply, import_check, import_confirm, import_start
from apps.imports.export import rows_write
from apps.imports.kinds import kind_by_code
from apps.imports.models import ImportJob
from tests.support.people import make_agent


@pytest.fixture
def admin(acme: Any) -> User:
    return make_agent(role=Role.objects.get(code="administrator"), email="boss@acme.test").user


@pytest.fixture
def sign_in(acme: Any) -> Callable[[str], Client]:
    def make(role: str) -> Client:
        client = Client(SERVER_NAME="acme.localhost")
        client.force_login(make_agent(role=Role.objects.get(code=role)).user)
        return client

    return make


def checked(kind: str, text: str, actor: User) -> ImportJob:
    """An import after its check."""
    found = kind_by_code(kind)
    assert found is not None
    job = import_start(kind=found, file_name="rows.csv", content=text.encode(), actor=actor)
    import_check(job_id=job.pk)
    job.refresh_from_db()
    return job


def imported(kind: str, text: str, actor: User) -> ImportJob:
    """An import that was checked and confirmed, done."""
    job = checked(kind, text, actor)
    assert job.state == "ready", errors(job) or job.failure
    import_confirm(job_id=job.pk, actor=actor)
    import_apply(job_id=job.pk)
    job.refresh_from_db()
    return job


def errors(job: ImportJob) -> dict[int, Any]:
    return {row.line: row.errors for row in job.rows.filter(state="wrong")}


def exported(kind: str, actor: User) -> str:
    found = kind_by_code(kind)
    assert found is not None
    resource = found.resource(actor)
    rows = resource.prepared(found.model._default_manager.order_by("pk"))
    file, _count = rows_write(resource, rows)
    return file.read().decode("utf-8-sig")


def counts(job: ImportJob) -> tuple[int, int, int, int]:
    return job.new, job.changed, job.same, job.wrong
