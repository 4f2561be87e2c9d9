"""AUD-1: the page of the log."""

from typing import Any

import pytest
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.permissions import Scope
from apps.audit.actions import audit_record
from apps.audit.choices import AuditVerb
from apps.audit.models import AuditEntry, AuditSettings
from apps.queues.actions import queue_update
from tests.audit.log_page import LIST, auditor
from tests.support.admin_pages import part_errors, settings_fields
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed(acme: Any) -> AuditEntry:
    ada = user_as("administrator", first_name="Ada", last_name="Lovelace")
    queue_update(queue=default_queue(), fields={"name": "Sales <b>"}, actor=ada)
    return AuditEntry.objects.get(verb="queue.change")


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_says_who_did_what_to_what(changed: AuditEntry) -> None:
    html = page(signed_in(user_as("owner")), LIST)
    assert "Ada Lovelace" in html
    assert "Queue changed" in html or "queue changed" in html
    assert "Sales &lt;b&gt;" in html
    assert "Sales <b>" not in html


def test_an_entry_shows_what_was_and_what_became_and_leads_to_it(changed: AuditEntry) -> None:
    html = page(signed_in(user_as("owner")), f"{LIST}{changed.pk}/change/")
    before = changed.changes["name"][0]
    assert f"<del>{before}</del>" in html
    assert "<ins>Sales &lt;b&gt;</ins>" in html
    assert f"/admin/queues/queue/{default_queue().pk}/change/" in html


def test_it_is_filtered_and_searched(changed: AuditEntry) -> None:
    browser = signed_in(user_as("owner"))
    audit_record(AuditVerb.EXPORT, actor=None)
    own = f"{LIST}{changed.pk}/change/"
    assert own in page(browser, f"{LIST}?verb=queue.change")
    assert own not in page(browser, f"{LIST}?verb=audit.export")
    assert own in page(browser, f"{LIST}?q=ada")
    assert own in page(browser, f"{LIST}?q=ada+love")
    assert own not in page(browser, f"{LIST}?q=ada+black")
    assert own in page(browser, f"{LIST}?q=sales")
    assert own not in page(browser, f"{LIST}?q=nobody")
    assert page(browser, f"{LIST}?verb=no.such.verb")


@pytest.mark.parametrize("scope", [Scope.OWN, Scope.QUEUES, Scope.ALL])
def test_an_auditor_reads_all_of_it_and_changes_nothing(changed: AuditEntry, scope: Scope) -> None:
    browser = auditor(scope)
    assert f"{LIST}{changed.pk}/change/" in page(browser, LIST)
    assert browser.get(f"{LIST}add/").status_code == 403
    assert browser.post(f"{LIST}{changed.pk}/change/", {"verb": "x"}).status_code == 403
    assert browser.post(f"{LIST}{changed.pk}/delete/", {"post": "yes"}).status_code == 403
    for path in ("/admin/queues/queue/", "/admin/accounts/user/", "/admin/conversations/conversation/"):
        assert browser.get(path).status_code == 403, path


@pytest.mark.parametrize(("role", "status"), [("supervisor", 403), ("agent", 302)])
def test_others_do_not(changed: AuditEntry, role: str, status: int) -> None:
    browser = signed_in(user_as(role))
    assert browser.get(LIST).status_code == status
    assert browser.get(f"{LIST}{changed.pk}/change/").status_code == status


def test_each_host_shows_its_own_log(changed: AuditEntry, globex: Any) -> None:
    with tenant_context(globex):
        theirs = signed_in(user_as("owner"), "globex.localhost")
    assert "Ada Lovelace" not in page(theirs, LIST)
    assert theirs.get(f"{LIST}{changed.pk}/change/").status_code == 302
    operator = make_operator()
    with schema_context("public"):
        audit_record(AuditVerb.EXPORT, actor=operator)
    html = page(signed_in(operator, "localhost"), LIST)
    assert operator.full_name in html
    assert "Ada Lovelace" not in html


def test_retention_is_set_within_its_bounds_on_a_page_of_settings(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    form = settings_fields(browser.get("/admin/settings/audit/"))
    name = next(each for each in form if each.endswith("keep_days"))
    assert browser.post("/admin/settings/audit/", form | {name: "365 days"}).status_code == 302
    assert AuditSettings.load().keep_days == 365
    assert AuditEntry.objects.filter(verb="audit_settings.change").count() == 1
    refused = browser.post("/admin/settings/audit/", form | {name: "30 days"})
    assert "90" in str(part_errors(refused))
    assert AuditSettings.load().keep_days == 365
