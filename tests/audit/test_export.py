"""AUD-1: the log as a file."""

import csv
import io
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from apps.audit.actions import audit_record
from apps.audit.choices import AuditVerb
from apps.audit.export import PART_ENTRIES
from apps.audit.models import AuditEntry
from apps.queues.actions import queue_update
from tests.audit.log_page import LIST, auditor
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue

pytestmark = pytest.mark.django_db
EXPORT = f"{LIST}export/"


def exported(browser: Browser, filters: str = "") -> list[list[str]]:
    answer = browser.get(f"{EXPORT}{filters}")
    assert answer.status_code == 200
    assert "audit.csv" in answer["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_it_holds_what_is_filtered_and_is_an_entry_itself(acme: Any) -> None:
    ada = user_as("administrator", first_name="Ada", last_name="Lovelace")
    queue_update(queue=default_queue(), fields={"name": "Ä“Sales”", "priority": 2}, actor=ada)
    browser = auditor()
    head, *lines = exported(browser, "?verb=queue.change")
    assert len(lines) == 1
    line = dict(zip(head, lines[0], strict=True))
    assert (line["Who"], line["What"], line["To what"]) == ("Ada Lovelace", "Queue changed", "Ä“Sales”")
    assert "Priority: 5 → 2" in line["What changed"].splitlines()
    assert line["Key"] == str(default_queue().pk)
    entry = AuditEntry.objects.get(verb=AuditVerb.EXPORT)
    assert entry.detail == {"rows": 1, "filters": "verb=queue.change"}
    assert entry.actor_id is not None
    assert all(row[head.index("What")] != "Audit log exported" for row in exported(browser, "?q=nobody"))


def test_no_spreadsheet_takes_a_cell_for_a_formula(acme: Any) -> None:
    queue_update(queue=default_queue(), fields={"name": "=HYPERLINK(1)"}, actor=None)
    head, line = exported(signed_in(user_as("owner")), "?verb=queue.change")
    assert line[head.index("To what")] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_all_parts_are_in_it_once_and_in_order(acme: Any, more: int) -> None:
    moment = AuditEntry.objects.latest("at").at
    count = PART_ENTRIES + more
    AuditEntry.objects.bulk_create(
        AuditEntry(at=moment, verb=AuditVerb.EXPIRE, target_id=str(number)) for number in range(count)
    )
    head, *lines = exported(signed_in(user_as("owner")), f"?verb={AuditVerb.EXPIRE}")
    keys = [int(line[head.index("Key")]) for line in lines]
    assert sorted(keys) == list(range(count))


def test_filters_that_are_none_lead_back_to_the_list(acme: Any) -> None:
    answer = signed_in(user_as("owner")).get(f"{EXPORT}?at__gte=x")
    assert answer.status_code == 302
    assert not AuditEntry.objects.filter(verb=AuditVerb.EXPORT).exists()


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_others_export_nothing(acme: Any, role: str) -> None:
    assert signed_in(user_as(role)).get(EXPORT).status_code in {302, 403}
    assert not AuditEntry.objects.filter(verb=AuditVerb.EXPORT).exists()


def test_each_tenant_exports_its_own(acme: Any, globex: Any) -> None:
    audit_record(AuditVerb.EXPIRE, actor=None)
    with tenant_context(globex):
        theirs = signed_in(user_as("owner"), "globex.localhost")
    assert len(exported(theirs, f"?verb={AuditVerb.EXPIRE}")) == 1


def test_the_list_offers_it_with_its_filters(acme: Any) -> None:
    page = signed_in(user_as("owner")).get(f"{LIST}?verb=queue.change").content.decode()
    assert f"{EXPORT}?verb=queue.change" in page
