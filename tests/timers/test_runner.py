import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.timers.actions.wakeups import ClaimedWakeup, wakeups_claim
from apps.timers.models import Wakeup
from apps.timers.runner import wakeup_batches
from apps.timers.steps import wakeup_set
from tests.timers.processes import kill, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ONE = UUID("01890a5d-ac96-774b-bcce-000000000001")
NOON = datetime(2030, 1, 1, 12, 0, 0, tzinfo=UTC)


def second(number):
    return NOON + timedelta(seconds=number)


@pytest.fixture
def ten(acme):
    """Ten wake-ups, due in the ten seconds before noon."""
    ids = [UUID(int=number) for number in range(10)]
    with transaction.atomic():
        for number, object_id in enumerate(ids):
            wakeup_set(kind="k", object_id=object_id, due_at=second(-number))
    return ids


# --- Claiming


def test_what_is_due_is_claimed_the_oldest_first(ten):
    assert [due.object_id.int for due in wakeups_claim(limit=3, now=NOON)] == [9, 8, 7]
    assert wakeups_claim(limit=1, now=NOON) == [ClaimedWakeup("acme", "k", UUID(int=6), second(-6))]
    assert [due.object_id.int for due in wakeups_claim(limit=100, now=second(-1))] == [5, 4, 3, 2, 1]
    assert wakeups_claim(limit=100, now=second(-1)) == []


def test_a_lease_doubles_with_every_attempt_up_to_five_minutes(acme):
    with transaction.atomic():
        wakeup_set(kind="k", object_id=ONE, due_at=NOON)
    now, leases = NOON, []
    for attempt in range(1, 12):
        assert wakeups_claim(limit=10, now=now) == [ClaimedWakeup("acme", "k", ONE, NOON)]
        row = Wakeup.objects.get()
        assert (row.attempts, row.due_at) == (attempt, NOON)
        leases.append((row.run_after - now).total_seconds())
        assert wakeups_claim(limit=10, now=row.run_after - timedelta(microseconds=1)) == []
        now = row.run_after
    assert leases == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    Wakeup.objects.update(attempts=2_000_000_000)
    wakeups_claim(limit=10, now=now)
    assert Wakeup.objects.get().run_after == now + timedelta(seconds=300)


def test_what_another_runner_is_claiming_is_skipped(ten):
    got = []

    def other():
        got.extend(due.object_id.int for due in wakeups_claim(limit=100, now=NOON))
        connection.close()

    with transaction.atomic():
        mine = [due.object_id.int for due in wakeups_claim(limit=4, now=NOON)]
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert mine == [9, 8, 7, 6]
    assert got == [5, 4, 3, 2, 1, 0]


def test_many_runners_at_once_claim_each_wakeup_once(acme):
    with transaction.atomic():
        for number in range(300):
            wakeup_set(kind="k", object_id=UUID(int=number), due_at=second(number % 7))
    got = []

    def run():
        while claimed := wakeups_claim(limit=20, now=second(10)):
            got.extend(due.object_id.int for due in claimed)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == list(range(300))


def test_a_few_go_one_by_one_and_many_in_batches():
    def sizes(count):
        return [len(wakeups) for wakeups in wakeup_batches([ClaimedWakeup("acme", "k", ONE, NOON)] * count)]

    assert sizes(0) == []
    assert sizes(3) == [1, 1, 1]
    assert sizes(33) == [9, 9, 9, 6]
    assert sizes(300) == [10] * 30
    assert next(wakeup_batches([ClaimedWakeup("acme", "k", ONE, NOON)])) == [
        ("acme", "k", str(ONE), "2030-01-01T12:00:00+00:00")
    ]


# --- Real processes


def fired(owners, *tenants):
    counts = {}
    for tenant in tenants:
        with tenant_context(tenant):
            for times, count in owners.owners_fired().items():
                counts[times] = counts.get(times, 0) + count
    return counts


def test_two_runners_and_two_tenants_everything_fires_once_and_one_failure_blocks_nobody(
    owners, acme, globex, processes
):
    now = timezone.now()
    owners.owner_create(ONE, now - timedelta(hours=1), kind="owner.fails")
    for tenant in (acme, globex):
        with tenant_context(tenant):
            for number in range(40):
                owners.owner_create(uuid4(), now + timedelta(milliseconds=50 * number))
    processes.worker()
    processes.runner()
    processes.runner()
    wait_until(lambda: fired(owners, acme, globex) == {1: 80, 0: 1})
    wait_until(lambda: Wakeup.objects.get().attempts >= 2)
    row = Wakeup.objects.get()
    assert (row.kind, row.object_id, row.error) == ("owner.fails", ONE, "LookupError('the dog ate it')")
    assert processes.log().count("timers.overdue") >= 1


CLAIM_AND_DIE = """
import django, os, signal
django.setup()
from apps.timers.actions import wakeups_claim
assert len(wakeups_claim(limit=100)) == 5
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_runner_that_dies_after_its_claim_and_a_queue_that_is_emptied_only_delay(owners, acme, own_valkey, processes):
    for _ in range(5):
        owners.owner_create(uuid4(), timezone.now())
    assert processes.start("-c", CLAIM_AND_DIE).wait(30) == -signal.SIGKILL
    assert set(Wakeup.objects.values_list("attempts", flat=True)) == {1}
    processes.runner()
    with own_valkey.client() as client:
        # Handed over, and lost again before any worker came.
        wait_until(lambda: client.llen("parley") > 0)
        assert client.flushall()
    assert fired(owners, acme) == {0: 5}
    processes.worker()
    wait_until(lambda: fired(owners, acme) == {1: 5})
    assert Wakeup.objects.count() == 0


def test_a_worker_that_dies_in_the_middle_of_its_work_only_delays(owners, acme, processes):
    owners.owner_create(ONE, timezone.now(), kind="owner.dies")
    processes.runner()
    worker = processes.worker()
    assert worker.wait(40) == -signal.SIGKILL
    assert processes.marker.exists()
    assert fired(owners, acme) == {0: 1}
    processes.worker()
    wait_until(lambda: fired(owners, acme) == {1: 1})
    wait_until(lambda: Wakeup.objects.count() == 0)


def test_a_runner_outlives_queue_and_database_and_stops_at_once(owners, acme, own_valkey, processes):
    runner = processes.runner()
    processes.worker()
    owners.owner_create(uuid4(), timezone.now())
    wait_until(lambda: fired(owners, acme) == {1: 1})

    own_valkey.kill()
    owners.owner_create(uuid4(), timezone.now())
    wait_until(lambda: "timers.interrupted" in processes.log())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    own_valkey.start()
    wait_until(lambda: fired(owners, acme) == {1: 2})
    assert processes.log().count("timers.interrupted") <= 2
    assert "timers.resumed" in processes.log()

    own_valkey.freeze()
    time.sleep(1)
    runner.terminate()
    assert runner.wait(5) == 0
    assert "Traceback" not in processes.log().rpartition("timers.resumed")[2]


def test_a_thousand_deadlines_in_ten_seconds_survive_every_kill(owners, acme, globex, own_valkey, processes):
    workers = [processes.worker()]
    runners = [processes.runner(), processes.runner()]
    start = timezone.now() + timedelta(seconds=2)
    for tenant in (acme, globex):
        with tenant_context(tenant):
            owners.owners_create(500, start, 10)
    time.sleep(5)
    kill(runners[0])
    runners.append(processes.runner())
    time.sleep(1.5)
    kill(workers[0])
    workers.append(processes.worker())
    time.sleep(1.5)
    with own_valkey.client() as client:
        assert client.flushall()
    kill(runners[1])
    wait_until(lambda: fired(owners, acme, globex) == {1: 1000}, seconds=60)
    wait_until(lambda: Wakeup.objects.count() == 0)
