"""Listens to Valkey's channels over one connection, which is made anew whenever it is lost.

redis-py's own PubSub lets every caller reconnect: two at once read each other's answers, and a subscription may be
lost without a word. Here one task alone connects and reads, all others only write, and a channel counts once Valkey has
confirmed it.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Any, Final

import redis
import redis.asyncio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

log = structlog.get_logger(__name__)

CONFIRM_SECONDS: Final = 3.0
"""How long Valkey may take to confirm a subscription."""
HEALTH_SECONDS = 15.0
"""A connection that has been silent for so long is pinged, and given up after as long again."""
RETRY_SECONDS: Final = (0.05, 1.0)
"""Pause between two attempts to connect: the first one, and the longest."""


class Subscriber:
    """What one event loop listens to.

    Args:
        url: the Redis or Valkey server.
        deliver: called with channel and payload of every message.
        missed: called when the connection was lost and all channels are heard again: messages may have been lost.
    """

    def __init__(self, url: str, deliver: Callable[[str, bytes], None], missed: Callable[[], None]) -> None:
        self._pool: Any = redis.asyncio.ConnectionPool.from_url(
            url, protocol=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._deliver = deliver
        self._missed = missed
        self._wanted: set[str] = set()
        self._confirmed: set[str] = set()
        self._waiting: dict[str, asyncio.Future[None]] = {}
        self._again: set[str] = set()
        self._connection: Any = None
        self._writing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._was_lost = False

    @property
    def channels(self) -> frozenset[str]:
        """All that is listened to, or will be again."""
        return frozenset(self._wanted)

    async def subscribe(self, channel: str) -> None:
        """Listen to a channel; returns when Valkey does so.

        Raises:
            TimeoutError: Valkey did not confirm it in time; it will be listened to as soon as that is possible.
        """
        if channel in self._confirmed:
            return
        waiting = self._waiting.setdefault(channel, asyncio.get_running_loop().create_future())
        if channel not in self._wanted:
            self._wanted.add(channel)
            await self._write("SUBSCRIBE", channel)
        async with asyncio.timeout(CONFIRM_SECONDS):
            await asyncio.shield(waiting)

    async def unsubscribe(self, channel: str) -> None:
        """Listen to a channel no longer."""
        if channel in self._wanted:
            self._wanted.discard(channel)
            self._confirmed.discard(channel)
            self._waiting.pop(channel, None)
            await self._write("UNSUBSCRIBE", channel)

    async def close(self) -> None:
        """Forget all channels and close the connection."""
        self._wanted.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._was_lost = False

    async def _write(self, command: str, channel: str) -> None:
        """Send a command; without a connection there is no need, the next one begins with all that is wanted then."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        async with self._writing:
            if self._connection is None or not self._connection.is_connected:
                return
            try:
                await self._connection.send_command(command, channel, check_health=False)
            except (redis.RedisError, OSError, AttributeError) as failure:
                # The reading task finds out too, and cures it. When it has closed the connection while this one waited
                # for its turn, redis-py writes to None.
                log.debug("realtime.write_failed", error=repr(failure))

    async def _run(self) -> None:
        """Be connected and read, for good."""
        pause = RETRY_SECONDS[0]
        while True:
            connection: Any = self._pool.make_connection()
            try:
                await self._connect(connection)
                pause = RETRY_SECONDS[0]
                await self._read(connection)
            except Exception as failure:
                if not self._was_lost:
                    log.warning("realtime.valkey_lost", error=repr(failure))
                self._was_lost = True
            finally:
                self._connection = None
                self._confirmed.clear()
                await connection.disconnect(nowait=True)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads processes, hides nothing
            pause = min(pause * 2, RETRY_SECONDS[1])

    async def _connect(self, connection: Any) -> None:
        await connection.connect()
        async with self._writing:
            self._again = set(self._wanted)
            if self._again:
                await connection.send_command("SUBSCRIBE", *self._again, check_health=False)
            self._connection = connection

    async def _read(self, connection: Any) -> None:
        """Read until the connection fails, or owes an answer for too long."""
        pinged = False
        while True:
            answer = await connection.read_response(timeout=CONFIRM_SECONDS if self._again else HEALTH_SECONDS)
            if answer is not None:
                pinged = False
                self._take(answer)
            elif pinged or self._again:
                raise redis.ConnectionError("Valkey does not answer")
            else:
                pinged = True
                await connection.send_command("PING", check_health=False)

    def _take(self, answer: list[Any]) -> None:
        kind = answer[0]
        if kind == b"message":
            self._deliver(answer[1].decode(), answer[2])
        elif kind == b"subscribe":
            self._confirm(answer[1].decode())

    def _confirm(self, channel: str) -> None:
        if channel in self._wanted:
            self._confirmed.add(channel)
            if waiting := self._waiting.pop(channel, None):
                waiting.set_result(None)
        if channel in self._again:
            self._again.discard(channel)
            if not self._again and self._was_lost:
                self._was_lost = False
                log.warning("realtime.valkey_back")
                self._missed()
