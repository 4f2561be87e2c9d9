"""The socket's way to the database: never another tenant's, never a broken connection, never more than it can carry."""

import asyncio
import random
import threading
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import translation

from apps.realtime import tenant_threads
from apps.realtime.tenant_threads import BoundedThreadPool, Busy, run_in_public, run_in_tenant
from apps.timers.models import Wakeup

pytestmark = pytest.mark.django_db(transaction=True)


def where():
    """The schema that Django believes in, and the one that PostgreSQL looks into."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), pg_backend_pid()")
        schema, backend = cursor.fetchone()
    return connection.schema_name, schema, backend


def said_where(word, *, more):
    return word, more, *where()[:2]


async def test_a_call_runs_in_its_sockets_tenant(acme, globex):
    assert await run_in_tenant(acme, said_where, "a", more=1) == ("a", 1, "acme", "acme")
    assert await run_in_tenant(globex, said_where, "b", more=2) == ("b", 2, "globex", "globex")
    assert (await run_in_public(where))[:2] == ("public", "public")


async def test_what_it_raises_is_raised_and_undoes_its_transaction(acme):
    @transaction.atomic
    def fail():
        Wakeup.objects.create(schema="acme", kind="x", object_id="00000000-0000-0000-0000-000000000001", due_at=NOW)
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await run_in_tenant(acme, fail)
    assert not await run_in_tenant(acme, Wakeup.objects.filter(kind="x").exists)


NOW = "2030-01-01T00:00Z"


def work(schema):
    """One of the things that go on in a consumer, some of which fail."""
    kind = random.randrange(5)
    if kind == 0:
        return where()[:2]
    if kind == 1:
        with transaction.atomic():
            seen = where()[:2]
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                where()
                raise ZeroDivisionError
            return seen
    if kind == 2:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
        return where()[:2]
    if kind == 3:
        with pytest.raises(IntegrityError), transaction.atomic():
            for _ in range(2):
                Wakeup.objects.create(schema=schema, kind="x", object_id=random.randbytes(16).hex(), due_at=None)
        return where()[:2]
    with transaction.atomic():
        rows = list(Wakeup.objects.filter(schema="none").iterator())
        return where()[:2] if not rows else None


@pytest.mark.slow
async def test_nothing_leaks_between_tenants_under_concurrency(acme, globex, monkeypatch):
    monkeypatch.setattr(tenant_threads, "WAIT_SECONDS", 60)

    async def call(tenant):
        if random.random() < 0.1:
            await asyncio.sleep(random.random() / 50)
        return await run_in_tenant(tenant, work, tenant.schema_name)

    tenants = [random.choice([acme, globex]) for _ in range(800)]
    answers = []
    for start in range(0, len(tenants), 80):
        answers += await asyncio.gather(*(call(tenant) for tenant in tenants[start : start + 80]))
    assert answers == [(tenant.schema_name, tenant.schema_name) for tenant in tenants]


async def test_a_connection_that_breaks_is_replaced(acme, globex):
    def die():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    for _ in range(8):
        with pytest.raises(DatabaseError):
            await run_in_tenant(acme, die)
        assert (await run_in_tenant(globex, where))[:2] == ("globex", "globex")


async def test_a_connection_that_broke_while_idle_is_replaced(acme):
    def kill_the_others():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    await asyncio.gather(*(run_in_tenant(acme, where) for _ in range(8)))
    for _ in range(5):
        await run_in_tenant(acme, kill_the_others)
        assert {answer[:2] for answer in await asyncio.gather(*(run_in_tenant(acme, where) for _ in range(8)))} == {
            ("acme", "acme")
        }


def test_no_connection_is_kept_between_calls(acme):
    def in_use():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        stats = connection.pool.get_stats()
        return stats["pool_size"] - stats["pool_available"]

    async def calls():
        await asyncio.gather(*(run_in_tenant(acme, where) for _ in range(8)))
        for _ in range(50):  # the pool may still be at work on a connection it found that it needed
            if (count := await run_in_tenant(acme, in_use)) == 1:
                break
            await asyncio.sleep(0.05)
        return count

    connection.close()
    assert asyncio.run(calls()) == 1


async def test_a_language_stays_with_its_socket(acme):
    def speak(language):
        before = translation.get_language()
        translation.activate(language)
        return before

    async def socket(language):
        return [await run_in_tenant(acme, speak, language) for _ in range(8)]

    sockets = [asyncio.create_task(socket(language)) for language in ("de", "ar", "nl")]
    assert await asyncio.gather(*sockets) == [["en", *[language] * 7] for language in ("de", "ar", "nl")]


# --- Overload


@pytest.fixture
def small(monkeypatch):
    pool = BoundedThreadPool(threads=2, backlog=3)
    monkeypatch.setattr(tenant_threads, "socket_threads", lambda: pool)
    return pool


def blocker():
    started, go = threading.Semaphore(0), threading.Event()

    def block():
        started.release()
        assert go.wait(5)
        return where()[0]

    return started, go, block


async def until_running(started, count):
    for _ in range(count):
        assert await asyncio.to_thread(started.acquire, timeout=5)


async def test_what_cannot_be_done_soon_is_refused_at_once_and_the_rest_is_done(acme, small):
    started, go, block = blocker()
    calls = [asyncio.create_task(run_in_tenant(acme, block)) for _ in range(5)]
    await until_running(started, 2)
    done = []
    with pytest.raises(Busy) as refused:
        await run_in_tenant(acme, done.append, 1)
    assert refused.value.code == "busy"
    assert refused.value.extra == {"retry_after": refused.value.retry_after}
    assert 1 <= refused.value.retry_after <= 2
    go.set()
    assert await asyncio.gather(*calls) == ["acme"] * 5
    assert done == []
    await run_in_tenant(acme, done.append, 2)
    assert done == [2]


async def test_a_call_that_waited_too_long_for_a_thread_is_not_begun(acme, small, monkeypatch):
    monkeypatch.setattr(tenant_threads, "WAIT_SECONDS", 0.1)
    started, go, block = blocker()
    running = [asyncio.create_task(run_in_tenant(acme, block)) for _ in range(2)]
    await until_running(started, 2)
    done = []
    late = asyncio.create_task(run_in_tenant(acme, done.append, 1))
    await asyncio.sleep(0.2)
    go.set()
    with pytest.raises(Busy):
        await late
    await asyncio.gather(*running)
    assert done == []
    await run_in_tenant(acme, done.append, 2)
    assert done == [2]


async def test_who_gives_up_waiting_makes_room_and_is_not_served(acme, small):
    started, go, block = blocker()
    running = [asyncio.create_task(run_in_tenant(acme, block)) for _ in range(2)]
    await until_running(started, 2)
    done = []
    waiting = [asyncio.create_task(run_in_tenant(acme, done.append, number)) for number in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.gather(waiting[0], return_exceptions=True)
    late = asyncio.create_task(run_in_tenant(acme, done.append, 3))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*running, *waiting[1:], late)
    assert sorted(done) == [1, 2, 3]


async def test_calls_do_not_wait_for_one_another(acme):
    """The one thread that Channels shares between all sockets would never get past the first."""
    barrier = threading.Barrier(4, timeout=5)

    def meet():
        barrier.wait()
        return True

    assert (
        await asyncio.gather(*(run_in_tenant(SimpleNamespace(schema_name="acme"), meet) for _ in range(4)))
        == [True] * 4
    )
