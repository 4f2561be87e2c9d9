"""Sends frames to Valkey from synchronous code: a plain PUBLISH, in the channel layer's own wire format.

The layer's `group_send` needs an event loop, and from a thread that costs a new loop and new connections for every call
(some 3 ms); this costs about 0.1 ms.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any, Final

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

Wire = tuple[str, bytes]

WAIT_SECONDS: Final = 0.5
"""How long connecting, and how long an answer, may take."""
PAUSE_SECONDS: Final = 1.0
"""After a wait that was in vain: how long nobody else waits."""


class Sender:
    """This process's connections for sending.

    Args:
        url: the Redis or Valkey server.
    """

    def __init__(self, url: str) -> None:
        self._pool = redis.ConnectionPool.from_url(
            url,
            protocol=2,
            socket_timeout=WAIT_SECONDS,
            socket_connect_timeout=WAIT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self._lost = 0

    def send(self, wires: Sequence[Wire]) -> None:
        """Publish in order, in one pipeline. Frames that cannot be sent are dropped and counted in the log.

        Never raises because of Valkey. Waits about a second at most, and when Valkey hangs only one caller in a second
        finds that out by waiting.

        Args:
            wires: channels and payloads.
        """
        if not wires:
            return
        if time.monotonic() < self._paused_until:
            self._lose(len(wires))
            return
        try:
            self._send(wires)
        except redis.TimeoutError as failure:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            self._lose(len(wires), failure)
        except (redis.RedisError, OSError) as failure:
            self._lose(len(wires), failure)
        else:
            self._recovered()

    def _send(self, wires: Sequence[Wire]) -> None:
        try:
            self._exchange(wires)
        except redis.TimeoutError:
            raise
        except redis.ConnectionError:
            # The connection was from before a restart of Valkey. A frame may now go twice: its number tells.
            self._exchange(wires)

    def _exchange(self, wires: Sequence[Wire]) -> None:
        connection: Any = self._pool.get_connection()
        try:
            connection.send_packed_command(
                connection.pack_commands([("PUBLISH", channel, payload) for channel, payload in wires])
            )
            for _ in wires:
                connection.read_response()
        except BaseException:
            connection.disconnect()  # Answers that were not read must not be taken for the next caller's.
            raise
        finally:
            self._pool.release(connection)

    def _lose(self, frames: int, failure: Exception | None = None) -> None:
        with self._lock:
            first = self._lost == 0
            self._lost += frames
        if first:
            log.warning("realtime.valkey_unreachable", error=repr(failure))

    def _recovered(self) -> None:
        if self._lost:
            with self._lock:
                lost, self._lost = self._lost, 0
            log.warning("realtime.valkey_back", frames_lost=lost)
