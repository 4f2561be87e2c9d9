"""What the pages of the log cost follows what they show, not how long the log is."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.export import entries_csv
from apps.audit.models import AuditEntry
from apps.audit.selectors import entries_of_row
from tests.support.browser import signed_in, user_as
from tests.support.people import default_queue

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ENTRIES = 60_000
FILL = """
    INSERT INTO audit_auditentry (id, at, actor_kind, actor_id, actor_name, address, verb, target_type, target_id,
        target_name, changes, before, detail)
    SELECT gen_random_uuid(), now() - (i || ' min')::interval, 'user', gen_random_uuid(), 'User ' || i %% 500,
        '10.0.' || i %% 250 || '.1', (ARRAY['queue.change', 'user.change', 'user.sign_in', 'form.reveal'])[i %% 4 + 1],
        'queues.queue', CASE WHEN i %% 5000 = 0 THEN %s ELSE gen_random_uuid()::text END, 'Queue ' || i %% 900,
        '{"priority": [5, 2]}', '{"priority": 5}', '{}'
    FROM generate_series(1, %s) AS i
"""


@pytest.fixture
def filled(acme: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # No chain: it would take hours.
        cursor.execute(FILL, [str(default_queue().pk), ENTRIES])
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE audit_auditentry")


def plans(captured: CaptureQueriesContext) -> dict[str, str]:
    """The plan of each statement that reads entries."""
    found = {}
    for query in list(captured.captured_queries):
        sql = query["sql"]
        if sql.startswith("SELECT") and "audit_auditentry" in sql:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}")
                found[sql] = "\n".join(line for (line,) in cursor.fetchall())
    return found


@pytest.mark.parametrize("search", ["user+42", "10.0.7.", "nobody"])
def test_a_search_reads_no_whole_log(filled: None, search: str) -> None:
    browser = signed_in(user_as("owner"))
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/admin/audit/auditentry/?q={search}").status_code == 200
    assert plans(captured)
    assert [plan for plan in plans(captured).values() if "Seq Scan on audit_auditentry" in plan] == []


@pytest.mark.parametrize("filters", ["", "?p=3", "?verb=queue.change", "?actor_kind__exact=user"])
def test_a_page_of_the_list_is_read_by_an_index(filled: None, filters: str) -> None:
    browser = signed_in(user_as("owner"))
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/admin/audit/auditentry/{filters}").status_code == 200
    pages = [plan for sql, plan in plans(captured).items() if "LIMIT" in sql]
    assert pages
    assert [plan for plan in pages if "Seq Scan on audit_auditentry" in plan] == []


def test_a_history_is_read_by_its_index(filled: None) -> None:
    kinds, key = ["queues.queue"], str(default_queue().pk)
    with CaptureQueriesContext(connection) as captured:
        entries = entries_of_row(kinds, key, changes_only=True)
        entries_of_row(kinds, key, changes_only=True, after=entries[0].pk)
    assert len(entries) == ENTRIES // 5000
    assert len(plans(captured)) == 3
    assert [plan for plan in plans(captured).values() if "Seq Scan" in plan] == []


def test_each_part_of_an_export_is_read_by_an_index(filled: None) -> None:
    parts = entries_csv(AuditEntry.objects.all())
    next(parts)
    with CaptureQueriesContext(connection) as captured:
        next(parts)
        next(parts)
    assert len(plans(captured)) == 2
    assert [plan for plan in plans(captured).values() if "Seq Scan on audit_auditentry" in plan] == []
