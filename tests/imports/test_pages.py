"""The pages of imports and exports: who gets there, and what they show (TEN-8)."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.audit.models import AuditEntry
from apps.contacts.models import Contact
from apps.imports.models import ImportJob
from apps.queues.actions import queue_create, skill_create
from apps.queues.models import SkillGroup
from tests.imports.conftest import checked, imported
from tests.support.people import make_agent

SignIn = Callable[[str], Client]
REFUSED = {302, 403}
"""Who has no business in the admin at all is sent to its door."""
NEW = "/admin/imports/importjob/new/skills/"


def sent(text: str | bytes) -> dict[str, Any]:
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile("my rows.csv", content, "text/csv")}


def rows(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.django_db(transaction=True)
def test_a_file_is_checked_confirmed_and_imported(sign_in: SignIn) -> None:
    browser = sign_in("administrator")
    assert "group" in browser.get(NEW).content.decode()
    answer = browser.post(NEW, sent("group,name\nTools,Drill\n"), follow=True)
    page = answer.content.decode()
    assert "Drill" in page
    job = ImportJob.objects.get()
    assert job.state == "ready"
    assert job.file_name == "my rows.csv"
    answer = browser.post(f"/admin/imports/importjob/{job.pk}/confirm/", follow=True)
    assert SkillGroup.objects.get(name="Tools").skills.get().name == "Drill"
    assert "Imported" in answer.content.decode()
    assert "Drill" not in answer.content.decode()


def test_a_file_that_cant_be_read_is_refused_beside_its_field(sign_in: SignIn) -> None:
    answer = sign_in("administrator").post(NEW, sent("März".encode("cp1252")))
    assert "CSV UTF-8" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_cells_that_are_wrong_are_named_with_their_line(sign_in: SignIn, admin: User) -> None:
    job = checked("skills", "group,name\nTools,<b>Drill</b>\nTools,\n", admin)
    page = sign_in("administrator").get(f"/admin/imports/importjob/{job.pk}/change/").content.decode()
    assert "&lt;b&gt;Drill" in page
    assert "<code>name</code>" in page
    assert "Import all rows" not in page


def test_many_rows_stand_on_pages(sign_in: SignIn, admin: User) -> None:
    job = checked("skills", "group,name\n" + "".join(f"T,N{n}\n" for n in range(150)), admin)
    browser = sign_in("administrator")
    page = browser.get(f"/admin/imports/importjob/{job.pk}/change/").content.decode()
    assert "N99" in page
    assert "N100" not in page
    assert "after=101" in page
    page = browser.get(f"/admin/imports/importjob/{job.pk}/change/?state=new&after=101").content.decode()
    assert "N149" in page
    assert "N99" not in page
    assert browser.get(f"/admin/imports/importjob/{job.pk}/change/?state='&after=-1").status_code == 200


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_import_nothing(sign_in: SignIn, admin: User, role: str) -> None:
    job = checked("skills", "group,name\nTools,Drill\n", admin)
    browser = sign_in(role)
    for answer in (
        browser.get(NEW),
        browser.post(NEW, sent("group,name\nTools,Drill\n")),
        browser.get("/admin/imports/importjob/template/skills/"),
        browser.get("/admin/imports/importjob/"),
        browser.get(f"/admin/imports/importjob/{job.pk}/change/"),
        browser.get(f"/admin/imports/importjob/{job.pk}/progress/"),
        browser.post(f"/admin/imports/importjob/{job.pk}/confirm/"),
        browser.post(f"/admin/imports/importjob/{job.pk}/cancel/"),
    ):
        assert answer.status_code in REFUSED
    job.refresh_from_db()
    assert job.state == "ready"


def test_nothing_leads_to_another_tenants_import(sign_in: SignIn, globex: Any) -> None:
    with tenant_context(globex):
        theirs = make_agent(role=Role.objects.get(code="administrator")).user
        job = checked("skills", "group,name\nTools,Drill\n", theirs)
    browser = sign_in("administrator")
    for part, ask in (
        ("change", browser.get),
        ("progress", browser.get),
        ("confirm", browser.post),
        ("cancel", browser.post),
    ):
        assert ask(f"/admin/imports/importjob/{job.pk}/{part}/").status_code == 404
    assert browser.get("/admin/imports/importjob/nonsense/change/").status_code == 404
    assert browser.get("/admin/imports/importjob/new/nothing/").status_code == 404


def test_a_template_can_be_imported_as_it_is(sign_in: SignIn, admin: User) -> None:
    text = rows(sign_in("administrator").get("/admin/imports/importjob/template/skills/"))
    assert text[0] == ["group", "name", "description", "language"]
    job = checked("skills", "\n".join(",".join(line) for line in text), admin)
    assert (job.new + job.changed + job.same, job.wrong) == (1, 0)


class TestExports:
    def test_show_what_the_list_shows(self, sign_in: SignIn, admin: User) -> None:
        group = SkillGroup.objects.create(name="Tools")
        skill_create(group=group, name="Drill", description="=1+1")
        skill_create(group=SkillGroup.objects.create(name="Other"), name="Saw")
        browser = sign_in("administrator")
        page = browser.get(f"/admin/queues/skill/?group__id__exact={group.pk}").content.decode()
        assert f"/admin/imports/importjob/export/skills/?group__id__exact={group.pk}" in page
        answer = browser.get(f"/admin/imports/importjob/export/skills/?group__id__exact={group.pk}")
        assert rows(answer)[1:] == [["Tools", "Drill", "'=1+1", ""]]
        assert rows(browser.get("/admin/imports/importjob/export/skills/?q=Saw"))[1:] == [["Other", "Saw", "", ""]]

    def test_reach_as_far_as_a_role_does(self, sign_in: SignIn, admin: User) -> None:
        mine_only = sign_in("supervisor")
        other = queue_create(name="Other", actor=admin)
        make_agent(email="far@acme.test", queues=[other])
        Contact.objects.create(email="far@example.test")
        queues = {line[0] for line in rows(mine_only.get("/admin/imports/importjob/export/queues/"))[1:]}
        assert "Other" not in queues
        assert queues
        users = {line[0] for line in rows(mine_only.get("/admin/imports/importjob/export/users/"))[1:]}
        assert "far@acme.test" not in users
        assert "boss@acme.test" in users
        assert rows(mine_only.get("/admin/imports/importjob/export/contacts/"))[1:] == []

    def test_agents_take_nothing_away(self, sign_in: SignIn) -> None:
        for kind in ("users", "contacts", "skills", "queues", "responses", "codes", "code_sets"):
            assert sign_in("agent").get(f"/admin/imports/importjob/export/{kind}/").status_code in REFUSED

    def test_buttons_stand_where_they_work(self, sign_in: SignIn) -> None:
        page = sign_in("supervisor").get("/admin/queues/skill/").content.decode()
        assert "/export/skills/" in page
        assert "/new/skills/" not in page
        page = sign_in("administrator").get("/admin/dispositions/code/").content.decode()
        assert "/export/codes/" in page
        assert "/new/codes/" in page


def test_the_audit_log_says_what_was_imported_and_taken_away(sign_in: SignIn, admin: User) -> None:
    job = imported("skills", "group,name\nTools,Drill\n", admin)
    sign_in("administrator").get("/admin/imports/importjob/export/skills/?q=Drill")
    imports, exports = AuditEntry.objects.filter(verb__startswith="rows.").order_by("pk")
    assert (imports.verb, imports.actor_id, imports.detail["new"]) == ("rows.import", admin.pk, 1)
    assert imports.target_id == str(job.pk)
    assert (exports.verb, exports.detail) == ("rows.export", {"rows": 1, "filters": "q=Drill"})
