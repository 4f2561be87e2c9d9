import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.timers.actions import FiringResult, wakeup_fire
from apps.timers.models import Wakeup
from apps.timers.registry import DEADLINES, Deadlines, LatePolicy
from apps.timers.steps import wakeup_clear, wakeup_ensure, wakeup_set

pytestmark = pytest.mark.django_db(transaction=True)

ONE = UUID("01890a5d-ac96-774b-bcce-000000000001")
TWO = UUID("01890a5d-ac96-774b-bcce-000000000002")
NOON = datetime(2030, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


def rows():
    fields = ("schema", "kind", "object_id", "due_at", "run_after", "attempts", "error")
    return list(Wakeup.objects.order_by("schema", "kind", "object_id").values_list(*fields))


def fire(schema="acme", kind="owner.due", object_id=ONE, due_at=NOON):
    return wakeup_fire(schema=schema, kind=kind, object_id=object_id, due_at=due_at)


# --- Setting and clearing


def test_setting_notes_tenant_kind_object_and_time_in_one_statement(acme, django_assert_num_queries):
    Wakeup.objects.exists()
    with transaction.atomic(), django_assert_num_queries(1):
        wakeup_set(kind="k", object_id=ONE, due_at=NOON)
    assert rows() == [("acme", "k", ONE, NOON, NOON, 0, "")]


def test_setting_again_moves_it_and_forgets_what_went_wrong(acme, django_assert_num_queries):
    with transaction.atomic():
        wakeup_set(kind="k", object_id=ONE, due_at=NOON)
    Wakeup.objects.update(attempts=7, error="no", run_after=LATER + timedelta(days=1))
    with transaction.atomic(), django_assert_num_queries(1):
        wakeup_set(kind="k", object_id=ONE, due_at=LATER)
    assert rows() == [("acme", "k", ONE, LATER, LATER, 0, "")]


def test_ensuring_leaves_the_one_that_is_there(acme):
    with transaction.atomic():
        wakeup_ensure(kind="k", object_id=ONE, due_at=NOON)
        wakeup_ensure(kind="k", object_id=ONE, due_at=LATER)
        wakeup_ensure(kind="k", object_id=TWO, due_at=LATER)
    assert rows() == [("acme", "k", ONE, NOON, NOON, 0, ""), ("acme", "k", TWO, LATER, LATER, 0, "")]


def test_clearing_takes_the_one_of_this_tenant_kind_object_and_time(acme, globex):
    for tenant in (acme, globex):
        with tenant_context(tenant), transaction.atomic():
            for kind in ("k", "l"):
                wakeup_set(kind=kind, object_id=ONE, due_at=NOON)
    with transaction.atomic():
        wakeup_clear(kind="k", object_id=TWO)
        wakeup_clear(kind="k", object_id=ONE, due_at=LATER)
        assert len(rows()) == 4
        wakeup_clear(kind="k", object_id=ONE)
        wakeup_clear(kind="l", object_id=ONE, due_at=NOON)
    assert [row[:3] for row in rows()] == [("globex", "k", ONE), ("globex", "l", ONE)]


def test_nothing_is_noted_of_what_was_rolled_back(acme):
    with pytest.raises(LookupError), transaction.atomic():
        wakeup_set(kind="k", object_id=ONE, due_at=NOON)
        raise LookupError
    assert rows() == []


@pytest.mark.parametrize(
    "act",
    [
        lambda: wakeup_set(kind="k", object_id=ONE, due_at=NOON),
        lambda: wakeup_ensure(kind="k", object_id=ONE, due_at=NOON),
        lambda: wakeup_clear(kind="k", object_id=ONE),
    ],
)
def test_a_wakeup_belongs_into_a_transaction_of_a_tenant(acme, act):
    with pytest.raises(RuntimeError, match="transaction"):
        act()
    connection.set_schema_to_public()
    with transaction.atomic(), pytest.raises(RuntimeError, match="tenant"):
        act()
    assert rows() == []


# --- Kinds


def test_a_kind_is_registered_once():
    deadlines = Deadlines()
    deadlines.register("k", lambda **_: None)
    with pytest.raises(ValueError, match="registered already"):
        deadlines.register("k", lambda **_: None)
    for name in ("", "k" * 61):
        with pytest.raises(ValueError, match="too long"):
            deadlines.register(name, lambda **_: None)
    assert deadlines.kinds() == {"k"}


def test_how_late_is_too_late():
    assert not LatePolicy.ALWAYS.skips(timedelta(days=1000))
    assert not LatePolicy.skip_after(timedelta(minutes=10)).skips(timedelta(minutes=10))
    assert LatePolicy.skip_after(timedelta(minutes=10)).skips(timedelta(minutes=10, microseconds=1))


# --- Firing


def test_a_deadline_acts_once_and_its_wakeup_goes_with_it(owners):
    owners.owner_create(ONE, NOON)
    assert fire() == FiringResult.DONE
    assert (owners.owner_fired(ONE), rows()) == (1, [])
    assert fire() == FiringResult.GONE
    assert owners.owner_fired(ONE) == 1


def test_a_wakeup_of_another_time_is_left_alone(owners):
    owners.owner_create(ONE, NOON)
    assert owners.owner_move(ONE, LATER)
    assert fire(due_at=NOON) == FiringResult.GONE
    assert owners.owner_fired(ONE) == 0
    assert rows() == [("acme", "owner.due", ONE, LATER, LATER, 0, "")]


def test_one_tenant_never_fires_anothers(owners, acme, globex):
    for tenant in (acme, globex):
        with tenant_context(tenant):
            owners.owner_create(ONE, NOON)
    with tenant_context(globex):
        owners.owner_create(TWO, NOON)
    connection.set_schema_to_public()
    assert fire(schema="acme", object_id=TWO) == FiringResult.GONE
    assert fire(schema="acme") == FiringResult.DONE
    assert connection.schema_name == "public"
    with tenant_context(globex):
        assert (owners.owner_fired(ONE), owners.owner_fired(TWO)) == (0, 0)
    with tenant_context(acme):
        assert owners.owner_fired(ONE) == 1
    assert [row[:3] for row in rows()] == [("globex", "owner.due", ONE), ("globex", "owner.due", TWO)]


def test_an_action_that_raises_leaves_no_half_work_and_its_error(owners):
    owners.owner_create(ONE, NOON, kind="owner.fails")
    assert fire(kind="owner.fails") == FiringResult.FAILED
    assert owners.owner_fired(ONE) == 0
    assert rows() == [("acme", "owner.fails", ONE, NOON, NOON, 0, "LookupError('the dog ate it')")]


def test_a_tenant_that_was_erased_leaves_no_deadlines(owners, globex):
    owners.owner_create(ONE, NOON)
    Wakeup.objects.update(schema="erased")
    assert fire(schema="erased") == FiringResult.GONE
    assert rows() == []


def test_an_unknown_kind_is_kept(owners, caplog):
    owners.owner_create(ONE, NOON, kind="from.the.future")
    assert fire(kind="from.the.future") == FiringResult.UNKNOWN
    assert rows() == [("acme", "from.the.future", ONE, NOON, NOON, 0, "")]
    assert "timers.unknown_kind" in caplog.text


@pytest.mark.parametrize(
    ("kind", "age", "outcome", "fired"),
    [
        ("owner.reminds", timedelta(minutes=9), FiringResult.DONE, 1),
        ("owner.reminds", timedelta(minutes=11), FiringResult.SKIPPED, 0),
        ("owner.due", timedelta(days=30), FiringResult.DONE, 1),
    ],
)
def test_what_comes_late_is_done_or_dropped_as_its_kind_says(owners, kind, age, outcome, fired):
    due_at = timezone.now() - age
    owners.owner_create(ONE, due_at, kind=kind)
    assert fire(kind=kind, due_at=due_at) == outcome
    assert (owners.owner_fired(ONE), rows()) == (fired, [])


def test_an_action_may_set_the_next_deadline(owners, monkeypatch):
    def again(*, object_id, due_at):
        owners.owner_due(object_id=object_id, due_at=due_at)
        wakeup_set(kind="owner.again", object_id=object_id, due_at=LATER)

    monkeypatch.setattr(DEADLINES, "_kinds", dict(DEADLINES._kinds))
    DEADLINES.register("owner.again", again)
    owners.owner_create(ONE, NOON, kind="owner.again")
    assert fire(kind="owner.again") == FiringResult.DONE
    assert rows() == [("acme", "owner.again", ONE, LATER, LATER, 0, "")]


# --- Races, with real threads and commits


class Thread(threading.Thread):
    """Runs a function in a tenant, on a connection of its own."""

    def __init__(self, tenant, function, *arguments):
        super().__init__()
        self.work = (tenant, function, arguments)
        self.result = None

    def run(self):
        tenant, function, arguments = self.work
        try:
            with tenant_context(tenant):
                self.result = function(*arguments)
        finally:
            connection.close()


def blocked_by_somebody():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def until_blocked():
    for _ in range(3000):
        if blocked_by_somebody():
            return
        threading.Event().wait(0.01)
    raise AssertionError("nobody is blocked")


def test_moved_just_before_it_fires_it_does_nothing(owners, acme):
    """The mover has the owner's lock; the deadline waits for it and then finds another time."""
    owners.owner_create(ONE, NOON)
    with transaction.atomic():
        assert owners.owner_move(ONE, LATER)
        firing = Thread(acme, fire)
        firing.start()
        until_blocked()
    firing.join()
    assert firing.result == FiringResult.DONE  # It was called, and found nothing to do.
    assert owners.owner_fired(ONE) == 0
    assert rows() == [("acme", "owner.due", ONE, LATER, LATER, 0, "")]


def test_moved_just_after_it_fires_the_move_finds_it_fired(owners, acme, monkeypatch):
    """The deadline has the owner's lock; the mover waits for it and then finds that it has acted."""
    owners.owner_create(ONE, NOON)
    moving = Thread(acme, owners.owner_move, ONE, LATER)

    def slowly(*, object_id, due_at):
        owners.owner_due(object_id=object_id, due_at=due_at)
        moving.start()
        until_blocked()

    monkeypatch.setattr(DEADLINES, "_kinds", dict(DEADLINES._kinds))
    del DEADLINES._kinds["owner.due"]
    DEADLINES.register("owner.due", slowly)
    assert fire() == FiringResult.DONE
    moving.join()
    assert moving.result is False
    assert (owners.owner_fired(ONE), rows()) == (1, [])


def test_fired_by_many_at_once_it_acts_once(owners, acme):
    owners.owner_create(ONE, NOON)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM owner WHERE id = %s FOR UPDATE", [ONE])
        firing = [Thread(acme, fire) for _ in range(5)]
        for thread in firing:
            thread.start()
        until_blocked()
    for thread in firing:
        thread.join()
    assert (owners.owner_fired(ONE), rows()) == (1, [])
    assert {thread.result for thread in firing} <= {FiringResult.DONE, FiringResult.GONE}
