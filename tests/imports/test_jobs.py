"""An import from its file to its end: one of a kind at a time, all or nothing, cancelled, crashed, expired (TEN-8)."""

import threading
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from apps.accounts.actions import user_deactivate, user_update
from apps.accounts.models import Role, User
from apps.contacts.models import Contact
from apps.core.errors import DomainError
from apps.imports.actions import (
    import_apply,
    import_cancel,
    import_check,
    import_confirm,
    import_look_after,
    import_start,
)
from apps.imports.kinds import kind_by_code
from apps.imports.models import ImportJob, ImportRow
from apps.imports.steps import job_take
from apps.queues.actions import skill_group_create
from apps.queues.models import Skill, SkillGroup
from apps.timers.models import Wakeup
from tests.imports.conftest import checked, errors, imported
from tests.support.people import make_agent

TEXT = "group,name\nTools,Drill\nTools,Saw\n"


def start(actor: User, text: str = TEXT, kind: str = "skills") -> ImportJob:
    return import_start(kind=kind_by_code(kind), file_name="rows.csv", content=text.encode(), actor=actor)


def test_one_of_a_kind_at_a_time(admin: User) -> None:
    job = start(admin)
    with pytest.raises(DomainError, match="import_running"):
        start(admin)
    start(admin, "email\na@example.test\n", "contacts")
    import_cancel(job_id=job.pk, actor=admin)
    start(admin)


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_only_those_who_set_up_everything_import(admin: User, role: str) -> None:
    other = make_agent(role=Role.objects.get(code=role)).user
    with pytest.raises(DomainError, match="import_not_allowed"):
        start(other)
    job = checked("skills", TEXT, admin)
    for act in (import_confirm, import_cancel):
        with pytest.raises(DomainError, match="import_not_allowed"):
            act(job_id=job.pk, actor=other)


def test_the_file_is_kept_encrypted_and_goes_with_the_end(admin: User, django_capture_on_commit_callbacks: Any) -> None:
    job = checked("skills", TEXT, admin)
    with default_storage.open(job.path) as kept:
        assert b"Drill" not in kept.read()
    with django_capture_on_commit_callbacks(execute=True):
        import_cancel(job_id=job.pk, actor=admin)
    assert not default_storage.exists(job.path)
    assert not ImportRow.objects.exists()
    assert not Wakeup.objects.filter(kind="imports.look").exists()


def test_nothing_is_written_where_a_row_has_become_wrong(admin: User) -> None:
    text = "group,name,language\nTools,Drill,\nTools,Saw,xx\n"
    job = checked("skills", text, admin)
    Skill.objects.create(group=SkillGroup.objects.create(name="Languages of others"), name="X", language="xx")
    import_confirm(job_id=job.pk, actor=admin)
    import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "Line 3: " in job.failure
    assert not SkillGroup.objects.filter(name="Tools").exists()


def test_an_error_of_ours_leaves_nothing_and_is_told(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    job = checked("skills", TEXT, admin)
    import_confirm(job_id=job.pk, actor=admin)

    def fails(**_: Any) -> None:
        skill_group_create(name="Half")
        raise RuntimeError

    monkeypatch.setattr("apps.queues.actions.skill_create", fails)
    import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.failure.startswith("Something went wrong")) == ("failed", True)
    assert not SkillGroup.objects.filter(name="Half").exists()


def test_a_second_delivery_changes_nothing(admin: User) -> None:
    job = imported("skills", TEXT, admin)
    import_check(job_id=job.pk)
    import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.new) == ("done", 2)
    with pytest.raises(DomainError, match="import_not_ready"):
        import_confirm(job_id=job.pk, actor=admin)
    with pytest.raises(DomainError, match="import_not_ready"):
        import_cancel(job_id=job.pk, actor=admin)


def test_what_has_errors_is_not_confirmed(admin: User) -> None:
    job = checked("skills", "group,name\n,X\n", admin)
    assert job.state == "wrong"
    with pytest.raises(DomainError, match="import_not_ready"):
        import_confirm(job_id=job.pk, actor=admin)


@pytest.mark.parametrize("how", ["role", "deactivated"])
def test_whoever_may_no_longer_import_has_nothing_written(admin: User, how: str) -> None:
    job = checked("skills", TEXT, admin)
    import_confirm(job_id=job.pk, actor=admin)
    if how == "role":
        user_update(user=admin, fields={"role": Role.objects.get(code="supervisor")}, actor=None)
    else:
        make_agent()
        user_deactivate(user=admin, actor=None)
    import_apply(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert not SkillGroup.objects.filter(name="Tools").exists()


class TestLookingAfter:
    def test_what_nobody_confirms_expires(self, admin: User) -> None:
        job = checked("skills", TEXT, admin)
        import_look_after(job_id=job.pk, due_at=job.look_after_at)
        job.refresh_from_db()
        assert job.state == "expired"
        start(admin)

    def test_whose_worker_died_has_failed_and_says_so(self, admin: User) -> None:
        job = start(admin)
        ImportJob.objects.filter(pk=job.pk).update(begun_at=job.created_at)
        import_look_after(job_id=job.pk, due_at=job.look_after_at)
        job.refresh_from_db()
        assert job.state == "failed"
        assert "interrupted" in job.failure

    def test_what_was_never_begun_is_handed_over_again(self, admin: User) -> None:
        job = start(admin)
        import_look_after(job_id=job.pk, due_at=job.look_after_at)
        before = job.look_after_at
        job.refresh_from_db()
        assert job.state == "checking"
        assert job.look_after_at > before
        import_look_after(job_id=job.pk, due_at=before)
        job.refresh_from_db()
        assert job.state == "checking"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_an_import_in_a_workers_hands_is_let_alone_by_others(self, admin: User, acme: Any) -> None:
        job = start(admin)
        job.refresh_from_db()
        if job.state == "ready":  # tasks run where they are called
            import_confirm(job_id=job.pk, actor=admin)
            job.refresh_from_db()
        ImportJob.objects.filter(pk=job.pk).update(state="applying", ended_at=None, begun_at=job.created_at)
        due = job.created_at
        ImportJob.objects.filter(pk=job.pk).update(look_after_at=due)
        held, done = threading.Event(), threading.Event()

        def hold() -> None:
            with tenant_context(acme), transaction.atomic():
                assert job_take(job)
                held.set()
                done.wait(30)
            connection.close()

        other = threading.Thread(target=hold)
        other.start()
        assert held.wait(30)
        import_apply(job_id=job.pk)
        import_look_after(job_id=job.pk, due_at=due)
        job.refresh_from_db()
        done.set()
        other.join()
        assert job.state == "applying"

    def test_a_cancellation_undoes_what_a_worker_is_writing(
        self, admin: User, acme: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("apps.imports.actions.work.CHUNK_ROWS", 2)
        monkeypatch.setattr("apps.imports.actions.jobs.job_work_soon", lambda _job_id: None)
        text = "email\n" + "".join(f"c{n}@example.test\n" for n in range(6))
        job = start(admin, text, "contacts")
        import_check(job_id=job.pk)
        import_confirm(job_id=job.pk, actor=admin)
        seen = []

        def note(_job: ImportJob, done: int) -> None:
            if done == 2:
                seen.append(Contact.objects.filter(email="c0@example.test").exists())
                cancel = threading.Thread(target=elsewhere)
                cancel.start()
                cancel.join()

        def elsewhere() -> None:
            with tenant_context(acme):
                import_cancel(job_id=job.pk, actor=admin)
            connection.close()

        monkeypatch.setattr("apps.imports.actions.work.progress_note", note)
        import_apply(job_id=job.pk)
        job.refresh_from_db()
        assert seen == [True]
        assert job.state == "cancelled"
        assert (
            not Contact.objects.filter(email__startswith="c")
            .exclude(email__contains="acme")
            .filter(email="c0@example.test")
            .exists()
        )


def test_nothing_of_a_row_that_is_wrong_is_in_the_way_of_the_others(admin: User) -> None:
    job = checked("skills", "group,name,language\nA,One,es-invalid-tag-that-is-far-too-long\nA,Two,\n", admin)
    assert list(errors(job)) == [2]
    assert (job.new, job.wrong) == (1, 1)
