"""One socket from its opening to its end: reading, forwarding and writing at once, and the code it closes with."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, ClassVar, Final, ParamSpec, TypeVar

import msgspec
import redis
import structlog
from channels.layers import get_channel_layer
from django.db import Error as DatabaseFailure

from apps.core.errors import DomainError
from apps.core.origin import origin
from apps.realtime import frames
from apps.realtime.frames import Close, Closed
from apps.realtime.publish import group_in_schema
from apps.realtime.send_queue import Overflow, SendQueue
from apps.realtime.tenant_threads import Busy, run_in_tenant

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

FINISH_SECONDS: Final = 30.0
"""How long a frame that is being handled may still take when its socket ends."""
GONE_TRIES: Final = 10
"""How often what follows from a socket's end is tried while the service is busy."""


class Socket:
    """One socket, whatever is said over it. Reading is a subclass's (`_listen`), as are the hooks `allow`, `on_event`,
    `check_alive` and `on_gone`.

    Events of the joined groups go out as they come, already encoded; under `hold_events` they wait until what was read
    has been sent.

    Attributes:
        scope: the ASGI scope, with ``tenant`` and ``user``.
        channel_name: this socket's own channel.
    """

    beat_seconds: ClassVar[float] = 15.0
    send_seconds: ClassVar[float] = 3.0
    outbox_frames: ClassVar[int] = 1000
    outbox_chars: ClassVar[int] = 4 * 1024 * 1024

    @classmethod
    def as_asgi(cls) -> Callable[..., Coroutine[Any, Any, None]]:
        """The consumer as an ASGI application: one instance a socket."""

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await cls(scope, receive, send).run()

        return application

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope: dict[str, Any] = scope
        self.channel_name = ""
        self._receive = receive
        self._send = send
        self._layer: Any = get_channel_layer()
        self._groups: set[str] = set()
        self._greeted = False
        self._handling = False
        self._ending = False
        self._outbox = SendQueue(self.outbox_frames, self.outbox_chars)

    # --- Hooks

    async def allow(self) -> None:
        """Decide whether this caller may have this socket.

        Raises:
            Closed: it may not; the code says why.
        """

    async def on_event(self, kind: str, text: str) -> bool:
        """Look at an event before it goes out; only consumers that must do so override this.

        Args:
            kind: the event's ``type``.
            text: the event as JSON.

        Returns:
            Whether it goes out.
        """
        del kind, text
        return True

    async def check_alive(self) -> None:
        """Called every `beat_seconds`: still signed in, still active, tenant not frozen?

        Raises:
            Closed: with `CLOSE_SIGNED_OUT` when not.
        """

    async def on_gone(self) -> None:
        """Called when the socket has ended, if `on_hello` was ever begun; once more while the service is busy."""

    # --- For subclasses

    @property
    def schema(self) -> str:
        """The tenant's schema."""
        return str(self.scope["tenant"].schema_name)

    async def db(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a synchronous function inside this socket's tenant.

        Raises:
            Busy: too many calls are waiting; nothing was done.
        """
        return await run_in_tenant(self.scope["tenant"], call, *args, **kwargs)

    def tell(self, frame: msgspec.Struct | dict[str, Any]) -> None:
        """Send a frame to this client, after what waits already.

        Raises:
            Overflow: the client reads too slowly; ends the socket.
        """
        self._outbox.put(frames.encode_frame(frame))

    async def join(self, *groups: str) -> None:
        """Get the events of these groups from now on.

        Args:
            groups: names from `publish.agent_group` and its like, without the schema.

        Raises:
            TimeoutError: Valkey cannot be reached; the group that was tried was not joined.
        """
        for group in groups:
            name = group_in_schema(self.schema, group)
            await self._layer.group_add(name, self.channel_name)
            self._groups.add(name)

    async def leave(self, *groups: str) -> None:
        """Get no more events of these groups."""
        for group in groups:
            name = group_in_schema(self.schema, group)
            if name in self._groups:
                self._groups.discard(name)
                await self._layer.group_discard(name, self.channel_name)

    @contextlib.asynccontextmanager
    async def hold_events(self) -> AsyncIterator[None]:
        """Let events wait while something is read; what is told inside goes out before them."""
        self._outbox.hold()
        try:
            yield
        finally:
            self._outbox.release()

    # --- The life of a socket

    async def run(self) -> None:
        """Serve the socket until either side ends it."""
        with origin(self.scope):
            await self._run()

    async def _run(self) -> None:
        await self._receive()  # websocket.connect
        try:
            await self._send({"type": "websocket.accept"})
            await self.allow()
            self.channel_name = await self._layer.new_channel()
        except Exception as failure:
            await self._end(self._code_for(failure))
        else:
            await self._end(await self._serve())

    async def _serve(self) -> int | None:
        """Listen, forward, write and beat until the first of them ends.

        Returns:
            The code to close with; None when the other side has gone.
        """
        listening = asyncio.create_task(self._listen())
        others = [asyncio.create_task(life()) for life in (self._write, self._forward, self._beat)]
        try:
            done, _rest = await asyncio.wait([listening, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in others:
                task.cancel()
            await self._finish(listening)
            await asyncio.gather(listening, *others, return_exceptions=True)
            await self._part()
        return self._code_for(next(iter(done)).exception())

    async def _finish(self, listening: asyncio.Task[None]) -> None:
        """Let the frame that is being handled be finished: its thread would go on anyway, beside `on_gone`."""
        if self._handling:
            self._ending = True
            await asyncio.wait([listening], timeout=FINISH_SECONDS)
        listening.cancel()

    def _code_for(self, failure: BaseException | None) -> int | None:
        """The close code for what ended the socket."""
        if isinstance(failure, Closed):
            return failure.code
        if isinstance(failure, Overflow):
            return frames.CLOSE_TOO_SLOW
        if isinstance(failure, OSError) and not isinstance(failure, TimeoutError):
            return None  # So servers say that the peer has gone.
        if isinstance(failure, (DomainError, DatabaseFailure, redis.RedisError, TimeoutError)):
            log.warning("realtime.socket_ended", schema=self.schema, error=repr(failure))
            return frames.CLOSE_TRY_LATER
        log.error("realtime.socket_failed", schema=self.schema, exc_info=failure)
        return frames.CLOSE_FAILED

    async def _end(self, code: int | None) -> None:
        """Send what is ready, unless the peer does not read, then close."""
        if code is None:
            return
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(1):
                if code != frames.CLOSE_TOO_SLOW:
                    for text in self._outbox.drain():
                        await self._send({"type": "websocket.send", "text": text})
                await self._send({"type": "websocket.close", "code": code})

    async def _part(self) -> None:
        try:
            await self._layer.forget(self.channel_name, self._groups)
        except (redis.RedisError, OSError) as failure:
            log.warning("realtime.leave_failed", schema=self.schema, error=repr(failure))
        if self._greeted:
            try:
                await self._tell_gone()
            except Exception:
                log.exception("realtime.on_gone_failed", schema=self.schema)

    async def _tell_gone(self) -> None:
        for _try in range(GONE_TRIES):
            try:
                await self.on_gone()
            except Busy as busy:
                await asyncio.sleep(busy.retry_after)
            else:
                return
        raise Busy

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        self._handling = True
        try:
            yield
        finally:
            self._handling = False

    async def _listen(self) -> None:
        """Read, handle and answer the client's frames until `_ending` is set: the subclass's."""
        raise NotImplementedError

    # --- Out

    async def _forward(self) -> None:
        """Pass the events of the joined groups on."""
        looks = type(self).on_event is not Socket.on_event
        while True:
            message = await self._layer.receive(self.channel_name)
            kind, text = message.get("kind", ""), message.get("text", "")
            if kind == "close":
                self._close_by_event(text)
            elif not looks or await self.on_event(kind, text):
                self._outbox.put_event(text)

    def _close_by_event(self, text: str) -> None:
        close = msgspec.json.decode(text, type=Close)
        if close.spare != self.channel_name:
            raise Closed(close.code)

    async def _write(self) -> None:
        """Send what is in the outbox; a peer that takes nothing for `send_seconds` is given up."""
        while True:
            text = await self._outbox.take()
            try:
                async with asyncio.timeout(self.send_seconds):
                    await self._send({"type": "websocket.send", "text": text})
            except TimeoutError:
                raise Overflow from None

    async def _beat(self) -> None:
        """Ask now and then whether this socket may still be here."""
        await asyncio.sleep(random.uniform(0, self.beat_seconds))  # noqa: S311 - spreads the load, hides nothing
        while True:
            try:
                await self.check_alive()
            except Closed:
                raise
            except Exception as failure:
                log.warning("realtime.check_alive_failed", schema=self.schema, error=repr(failure))
            await asyncio.sleep(self.beat_seconds)
