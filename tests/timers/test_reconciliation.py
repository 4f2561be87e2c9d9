from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core.management import call_command
from django_tenants.utils import tenant_context

from apps.timers import reconciliation
from apps.timers.actions.wakeups import wakeup_repair
from apps.timers.models import Wakeup
from apps.timers.reconciliation import Difference, all_wakeups_reconcile, deadline_columns, tenant_wakeups_reconcile

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2030, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
FIT, MISSING, MOVED, LEFT_OVER = (UUID(int=number) for number in range(1, 5))


@pytest.fixture
def columns(owners, monkeypatch):
    monkeypatch.setattr(reconciliation, "_columns", {})
    deadline_columns("owner.due")(owners.owner_deadlines)
    return owners


@pytest.fixture
def broken(columns, acme, globex):
    """Both tenants with one wake-up that fits; acme with one of every kind that does not."""
    for tenant in (globex, acme):
        with tenant_context(tenant):
            columns.owner_create(FIT, NOON)
    for object_id in (MISSING, MOVED):
        columns.owner_create(object_id, NOON)
    Wakeup.objects.filter(schema="acme", object_id=MISSING).delete()
    Wakeup.objects.filter(schema="acme", object_id=MOVED).update(due_at=LATER, run_after=LATER, attempts=3, error="no")
    Wakeup.objects.create(schema="acme", kind="owner.due", object_id=LEFT_OVER, due_at=NOON, run_after=NOON)
    Wakeup.objects.create(schema="acme", kind="somebody.elses", object_id=LEFT_OVER, due_at=NOON, run_after=NOON)
    return [
        Difference("acme", "owner.due", MISSING, None, NOON),
        Difference("acme", "owner.due", MOVED, LATER, NOON),
        Difference("acme", "owner.due", LEFT_OVER, NOON, None),
    ]


def rows(schema):
    fields = ("kind", "object_id", "due_at", "run_after", "attempts", "error")
    return list(Wakeup.objects.filter(schema=schema).order_by("kind", "object_id").values_list(*fields))


def test_what_differs_is_reported_and_left_as_it_is(broken):
    before = rows("acme")
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == broken
    assert rows("acme") == before


def test_what_differs_is_put_right_and_nothing_else_is_touched(broken):
    untouched = rows("globex")
    assert all_wakeups_reconcile(repair=True) == broken
    assert rows("acme") == [
        *(("owner.due", object_id, NOON, NOON, 0, "") for object_id in (FIT, MISSING, MOVED)),
        ("somebody.elses", LEFT_OVER, NOON, NOON, 0, ""),
    ]
    assert rows("globex") == untouched
    assert all_wakeups_reconcile(repair=True) == []


def test_after_actions_there_is_nothing_to_find(columns, acme, globex):
    for tenant in (acme, globex):
        with tenant_context(tenant):
            columns.owner_create(FIT, NOON)
            columns.owner_create(MOVED, NOON)
            columns.owner_move(MOVED, LATER)
            columns.owner_create(MISSING, NOON)
            columns.owner_cancel(MISSING)
    assert all_wakeups_reconcile(repair=False) == []


def test_what_changed_after_the_look_is_left_alone(broken, columns):
    found = tenant_wakeups_reconcile(schema="acme", repair=False)
    columns.owner_move(MOVED, LATER + timedelta(hours=1))
    columns.owner_cancel(MISSING)
    for difference in found:
        key = difference.schema, difference.kind, difference.object_id
        wakeup_repair(*key, seen=difference.due_at, wanted=difference.wanted)
    fit, missing, moved, *_ = rows("acme")
    assert moved[:3] == ("owner.due", MOVED, LATER + timedelta(hours=1))
    # One too many, which will come up, find no deadline, and go.
    assert missing[:3] == ("owner.due", MISSING, NOON)
    assert fit[:3] == ("owner.due", FIT, NOON)


def test_the_command_says_what_it_found(broken, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("timers_reconcile", schema="acme", dry_run=True)
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        f"acme owner.due {MISSING}: wake-up missing, deadline 2030-01-01 12:00:00.123456+00:00",
        f"acme owner.due {MOVED}: wake-up 2030-01-01 12:05:00.123456+00:00, deadline 2030-01-01 12:00:00.123456+00:00",
        f"acme owner.due {LEFT_OVER}: wake-up 2030-01-01 12:00:00.123456+00:00, deadline none",
    ]
    with pytest.raises(SystemExit):
        call_command("timers_reconcile")
    call_command("timers_reconcile")
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_a_kind_has_its_columns_once(columns):
    with pytest.raises(ValueError, match="already"):
        deadline_columns("owner.due")(columns.owner_deadlines)
