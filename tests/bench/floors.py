"""What the bare parts take on this machine: a commit, a claim, a publish, an echo, the empty path."""

import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import redis

from tests.bench.floor import TABLES
from tests.bench.load import Outcome, drive, highest_held
from tests.bench.processes import floor_server
from tests.bench.run import Run
from tests.bench.sockets import Socket, close_all

HOST = "floor.localhost"
JOBS = "DROP TABLE IF EXISTS floor_job; CREATE TABLE floor_job (id bigint PRIMARY KEY, done boolean NOT NULL)"
CLAIM = "SELECT id FROM floor_job WHERE NOT done ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED"


def commits(url: str, count: int) -> list[float]:
    """Seconds of each INSERT with its commit."""
    taken = []
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor_insert (id bigserial PRIMARY KEY, body text)")
        connection.commit()
        for _ in range(count):
            start = time.perf_counter()
            connection.execute("INSERT INTO floor_insert (body) VALUES (%s)", ["Hello, where is my order?"])
            connection.commit()
            taken.append(time.perf_counter() - start)
    return taken


def claims_per_second(url: str, count: int, workers: int = 8) -> float:
    """Rows a second that workers claim, mark as done and commit, each its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(JOBS)
        connection.execute("CREATE INDEX ON floor_job (id) WHERE NOT done")
        connection.execute("INSERT INTO floor_job SELECT n, false FROM generate_series(1, %s) n", [count])
    threads = [threading.Thread(target=_claim_all, args=(url,)) for _ in range(workers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - start)


def _claim_all(url: str) -> None:
    with psycopg.connect(url) as connection:
        while row := connection.execute(CLAIM).fetchone():
            connection.execute("UPDATE floor_job SET done = true WHERE id = %s", [row[0]])
            connection.commit()


def publishes(url: str, count: int) -> list[float]:
    """Seconds from each PUBLISH to its subscriber, on another connection."""
    taken = []
    with redis.Redis.from_url(url) as client, client.pubsub(ignore_subscribe_messages=True) as subscriber:
        subscriber.subscribe("floor")
        subscriber.get_message(timeout=1)
        for _ in range(count):
            start = time.perf_counter()
            client.publish("floor", "Hello, where is my order?")
            while subscriber.get_message(timeout=1) is None:
                pass
            taken.append(time.perf_counter() - start)
    return taken


async def echoes(port: int, count: int) -> list[float]:
    """Seconds from each frame to its echo."""
    taken = []
    socket = await Socket.open(HOST, port, "/echo")
    for _ in range(count):
        start = time.perf_counter()
        await socket.ask(type="echo", body="Hello, where is my order?")
        taken.append(time.perf_counter() - start)
    await socket.close()
    return taken


class Lanes:
    """Pairs of sockets on the empty path.

    Attributes:
        arrived: when the second socket of a pair got a message, by its key.
    """

    def __init__(self, port: int) -> None:
        self.arrived: dict[str, float] = {}
        self._port = port
        self._from: list[Socket] = []
        self._to: list[Socket] = []

    async def open(self, count: int) -> None:
        for number in range(len(self._from), count):
            to = await Socket.open(HOST, self._port, f"/to/{number}")
            to.listener = lambda at, frame: self.arrived.setdefault(frame["key"], at)
            self._to.append(to)
            self._from.append(await Socket.open(HOST, self._port, f"/from/{number}"))

    async def run(self, rate: float, seconds: float, lanes: int | None = None) -> Outcome:
        """Send at a rate, over the first so many pairs."""
        senders = self._from[:lanes]

        async def send(number: int, key: str) -> None:
            await senders[number % len(senders)].tell(key=key, body="Hello, where is my order?")

        return await drive(send, self.arrived, rate=rate, seconds=seconds)

    async def highest(self, start: float, seconds: float, steps: int) -> Outcome | None:
        return await highest_held(lambda rate: self.run(rate, seconds), start=start, steps=steps)

    async def close(self) -> None:
        await close_all([*self._from, *self._to])


@contextlib.contextmanager
def served(url: str, directory: Path) -> Iterator[int]:
    """The empty path's server, with fresh tables; yields its port."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
    with floor_server(directory) as processes:
        yield processes.port


@contextlib.asynccontextmanager
async def beside(run: Run, count: int) -> AsyncIterator[Lanes]:
    """The empty path beside what is measured, to be asked by turns with it."""
    with served(run.url, run.directory) as port:
        async with lanes(port, count) as opened:
            yield opened


@contextlib.asynccontextmanager
async def lanes(port: int, count: int) -> AsyncIterator[Lanes]:
    """So many pairs of sockets, warmed up."""
    opened = Lanes(port)
    try:
        await opened.open(count)
        await opened.run(20, 2)
        yield opened
    finally:
        await opened.close()
