"""The base of every socket: one protocol, typed frames, answers, limits, and an end that the other side can read."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from typing import Any, ClassVar, Final, ParamSpec, TypeVar

import msgspec
import redis
import structlog
from channels.layers import get_channel_layer
from django.db import Error as DatabaseFailure
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.realtime import frames
from apps.realtime.db import RETRY_SECONDS, Busy, in_tenant
from apps.realtime.frames import ClientFrame, Close, Hello
from apps.realtime.groups import in_schema
from apps.realtime.limits import Bucket
from apps.realtime.outbox import Outbox, Overflow
from apps.realtime.protocol import Reader, Refused, id_of

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Fields = msgspec.Struct | dict[str, Any] | None
Handler = Callable[[Any, Any], Awaitable[Fields]]
Method = TypeVar("Method", bound=Callable[..., Awaitable[Fields]])
AsgiMessage = dict[str, Any]

FINISH_SECONDS: Final = 30.0
"""How long a frame that is being handled may still take when its socket ends."""


def handles(kind: type[ClientFrame], *, quiet: bool = False) -> Callable[[Method], Method]:
    """Make a consumer's async method the handler of one kind of frame; what it returns are the ack's further fields.

    Args:
        kind: the frame's struct.
        quiet: answered by an error only, never by an ack.
    """

    def mark(method: Method) -> Method:
        method.handled_frame = kind  # type: ignore[attr-defined]
        method.is_quiet = quiet  # type: ignore[attr-defined]
        return method

    return mark


class Closed(Exception):  # noqa: N818 - an outcome, not an error
    """Raised by a hook or a handler: ends the socket.

    Attributes:
        code: one of the ``CLOSE_...`` codes; None when the other side has gone already.
    """

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class SocketConsumer:
    """One socket. A subclass has handlers (`@handles(...)`) and the hooks `allow`, `on_hello`, `on_event`,
    `check_alive` and `on_gone`.

    Frames are handled one after another, each answered before the next is looked at. Events of the joined groups go out
    as they come, already encoded; under `hold_events` they wait until what was read has been sent.

    Attributes:
        scope: the ASGI scope, with ``tenant`` and ``user``.
        channel_name: this socket's own channel.
    """

    hello: ClassVar[type[Hello]] = Hello
    rate: ClassVar[float] = 20.0
    burst: ClassVar[int] = 60
    hello_seconds: ClassVar[float] = frames.HELLO_SECONDS
    beat_seconds: ClassVar[float] = 15.0
    send_seconds: ClassVar[float] = 3.0
    outbox_frames: ClassVar[int] = 1000
    outbox_chars: ClassVar[int] = 4 * 1024 * 1024

    _handlers: ClassVar[dict[type[ClientFrame], Handler]] = {}
    _reader: ClassVar[Reader]

    def __init_subclass__(cls) -> None:
        cls._handlers = {}
        for method in (getattr(cls, name) for name in dir(cls)):
            kind = getattr(method, "handled_frame", None)
            if kind in cls._handlers:
                raise TypeError(f"{cls.__name__} handles {kind} twice")
            if kind is not None:
                cls._handlers[kind] = method
        cls._reader = Reader([cls.hello, *cls._handlers])

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
        self._bucket = Bucket(self.rate, self.burst)
        self._outbox = Outbox(self.outbox_frames, self.outbox_chars)

    # --- Hooks

    async def allow(self) -> None:
        """Decide whether this caller may have this socket.

        Raises:
            Closed: it may not; the code says why.
        """

    async def on_hello(self, hello: Any) -> Fields:
        """Join groups first, then read, then return the fields of the `welcome` frame.

        Events that arrive meanwhile are sent after the welcome, so nothing falls between reading and listening.

        Args:
            hello: the frame, of the class's `hello` type.
        """

    def on_refused_hello(self, field: str) -> None:
        """Called when a hello could not be read, and was answered so; another one may come.

        Args:
            field: which of its fields is wrong, where one is.

        Raises:
            Closed: there is no use in another.
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
        """Called once when the socket has ended, if `on_hello` was ever begun."""

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
        return await in_tenant(self.scope["tenant"], call, *args, **kwargs)

    def tell(self, frame: msgspec.Struct | dict[str, Any]) -> None:
        """Send a frame to this client, after what waits already.

        Raises:
            Overflow: the client reads too slowly; ends the socket.
        """
        self._outbox.put(frames.encode(frame))

    def refuse(self, frame: ClientFrame, refused: DomainError) -> None:
        """Answer a frame by an error; for a hook or a handler that then ends the socket.

        Raises:
            Overflow: the client reads too slowly; ends the socket.
        """
        self._outbox.put(frames.refusal(frame.id, refused))

    async def join(self, *groups: str) -> None:
        """Get the events of these groups from now on.

        Args:
            groups: names from `groups.agent_group` and its like, without the schema.

        Raises:
            TimeoutError: Valkey cannot be reached; the group that was tried was not joined.
        """
        for group in groups:
            name = in_schema(self.schema, group)
            await self._layer.group_add(name, self.channel_name)
            self._groups.add(name)

    async def leave(self, *groups: str) -> None:
        """Get no more events of these groups."""
        for group in groups:
            name = in_schema(self.schema, group)
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
                await self.on_gone()
            except Exception:
                log.exception("realtime.on_gone_failed", schema=self.schema)

    # --- In

    async def _listen(self) -> None:
        """Read, handle and answer the client's frames."""
        await self._greet()
        while not self._ending:
            data = await self._next()
            with self._at_work():
                answer = await self._answer(data)
            if answer:
                self._outbox.put(answer)

    async def _next(self) -> str | bytes:
        """The next frame that is within the rate."""
        while True:
            message: AsgiMessage = await self._receive()
            if message["type"] != "websocket.receive":
                raise Closed(None)
            data: str | bytes = message.get("text") or message.get("bytes") or ""
            wait = self._bucket.take()
            if not wait:
                return data
            self._outbox.put(
                frames.error(id_of(data), "slow_down", _("Too many frames at once."), retry_after=round(wait, 3))
            )
            # Until then nothing more is read: a flood waits in the sender's own buffers.
            await asyncio.sleep(wait)

    async def _greet(self) -> None:
        """Answer frames with errors until a hello comes that can be answered with a welcome."""
        deadline = asyncio.get_running_loop().time() + self.hello_seconds
        welcomed = False
        while not welcomed and not self._ending:
            try:
                async with asyncio.timeout_at(deadline):
                    data = await self._next()
            except TimeoutError:
                # Slow, not wrong: a page whose line or machine hung just then comes back by itself.
                raise Closed(frames.CLOSE_TRY_LATER) from None
            with self._at_work():
                welcomed = await self._welcome(data)

    async def _welcome(self, data: str | bytes) -> bool:
        """Handle a frame that should be a hello.

        Returns:
            Whether it was, and the socket is ready.
        """
        try:
            hello = self._reader.read(data)
            if not isinstance(hello, self.hello):
                raise Refused(hello.id, "out_of_turn", _("The first frame is a hello."))
        except Refused as refused:
            self._outbox.put(refused.text)
            self.on_refused_hello(refused.field)
            return False
        if hello.v != frames.VERSION:
            self._outbox.put(frames.error(hello.id, "version", _("Please reload the page."), v=frames.VERSION))
            raise Closed(frames.CLOSE_PROTOCOL)
        self._greeted = True
        try:
            async with self.hold_events():
                fields = await self.on_hello(hello)
                self._outbox.put(frames.answer("welcome", hello.id, fields))
        except DomainError as refused:
            self._outbox.put(frames.refusal(hello.id, refused))
            return False
        return True

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        self._handling = True
        try:
            yield
        finally:
            self._handling = False

    async def _answer(self, data: str | bytes) -> str | None:
        """Handle one frame.

        Returns:
            The ack or the error; None for a quiet frame that went well.
        """
        try:
            frame = self._reader.read(data)
        except Refused as refused:
            return refused.text
        handler = self._handlers.get(type(frame))
        if handler is None:
            return frames.error(frame.id, "out_of_turn", _("This frame is not expected now."))
        try:
            fields = await handler(self, frame)
            return None if handler.is_quiet else frames.answer("ack", frame.id, fields)  # type: ignore[attr-defined]
        except DomainError as refused:
            return frames.refusal(frame.id, refused)
        except (Closed, Overflow):
            raise
        except (OperationalError, InterfaceError, redis.RedisError, TimeoutError) as failure:
            # The database or Valkey was away for a moment: nothing is wrong with the frame.
            log.warning("realtime.frame_put_off", frame=frames.kind_of(frame), schema=self.schema, error=repr(failure))
            return frames.refusal(frame.id, Busy(RETRY_SECONDS))
        except Exception:
            log.exception("realtime.handler_failed", frame=frames.kind_of(frame), schema=self.schema)
            return frames.error(frame.id, "internal", _("Something went wrong. Please try again."))

    # --- Out

    async def _forward(self) -> None:
        """Pass the events of the joined groups on."""
        looks = type(self).on_event is not SocketConsumer.on_event
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


SocketConsumer.__init_subclass__()
