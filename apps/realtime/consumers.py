"""The base of both consumers: a hello, then typed frames within the rate, each answered before the next is read."""

import asyncio
from typing import Any, ClassVar

import msgspec
import redis
import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.realtime import frames
from apps.realtime.frame_handlers import FrameHandler, handlers_of
from apps.realtime.frames import Ack, ClientFrame, Closed, Hello
from apps.realtime.protocol import FrameReader, FrameRefused, frame_id_of
from apps.realtime.receive_queue import Received, ReceiveQueue
from apps.realtime.send_queue import Overflow
from apps.realtime.socket import Socket
from apps.realtime.tenant_threads import Busy, count_wait_from
from apps.realtime.token_bucket import TokenBucket

log = structlog.get_logger(__name__)


class SocketConsumer(Socket):
    """A socket that speaks the protocol. A subclass has handlers (`@receives(...)`) and the hook `on_hello`, beside
    those of `Socket`.

    Attributes:
        hello: the struct of its first frame.
        server_frames: structs of what its client is told, answers excluded.
        handlers: what is done with the frames after the hello, by their structs.
        rate: frames that a client may send in a second, in the long run.
        burst: frames that it may send at once.
        hello_seconds: how long it may stay open without a hello.
    """

    hello: ClassVar[type[Hello]] = Hello
    server_frames: ClassVar[tuple[type[msgspec.Struct], ...]] = ()
    handlers: ClassVar[dict[type[ClientFrame], FrameHandler[Any, Any]]] = {}
    rate: ClassVar[float] = 20.0
    burst: ClassVar[int] = 60
    hello_seconds: ClassVar[float] = frames.HELLO_SECONDS

    _reader: ClassVar[FrameReader] = FrameReader([Hello])

    def __init_subclass__(cls) -> None:
        cls.handlers = handlers_of(cls)
        cls._reader = FrameReader([cls.hello, *cls.handlers])

    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        super().__init__(scope, receive, send)
        self._bucket = TokenBucket(self.rate, self.burst)
        self._inbox = ReceiveQueue(self._read_data)

    # --- Hooks

    async def on_hello(self, hello: Any) -> Ack:
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

    # --- For subclasses

    def refuse(self, frame: ClientFrame, refused: DomainError) -> None:
        """Answer a frame by an error; for a hook or a handler that then ends the socket.

        Raises:
            Overflow: the client reads too slowly; ends the socket.
        """
        self._outbox.put(frames.refusal_frame(frame.id, refused))

    # --- In

    async def _listen(self) -> None:
        """Read, handle and answer the client's frames."""
        reading = asyncio.create_task(self._inbox.fill())
        try:
            await self._greet()
            while not self._ending:
                received = await self._next()
                with self._at_work():
                    answer = await self._answer(received)
                if answer:
                    self._outbox.put(answer)
        finally:
            reading.cancel()

    async def _read_data(self) -> str | bytes:
        message: dict[str, Any] = await self._receive()
        if message["type"] != "websocket.receive":
            raise Closed(None)
        return message.get("text") or message.get("bytes") or ""

    async def _next(self) -> Received:
        """The next frame that is within the rate."""
        while True:
            received = await self._inbox.take()
            wait = self._bucket.take()
            if not wait:
                return received
            self._outbox.put(
                frames.error_frame(
                    frame_id_of(received.data), "slow_down", _("Too many frames at once."), retry_after=round(wait, 3)
                )
            )
            # Until then nothing more is taken: a flood waits in the sender's own buffers.
            await asyncio.sleep(wait)

    async def _greet(self) -> None:
        """Answer frames with errors until a hello comes that can be answered with a welcome."""
        deadline = asyncio.get_running_loop().time() + self.hello_seconds
        welcomed = False
        while not welcomed and not self._ending:
            try:
                async with asyncio.timeout_at(deadline):
                    received = await self._next()
            except TimeoutError:
                # Slow, not wrong: a page whose line or machine hung just then comes back by itself.
                raise Closed(frames.CLOSE_TRY_LATER) from None
            with self._at_work():
                welcomed = await self._welcome(received.data)

    async def _welcome(self, data: str | bytes) -> bool:
        """Handle a frame that should be a hello.

        Returns:
            Whether it was, and the socket is ready.
        """
        try:
            hello = self._reader.read(data)
            if not isinstance(hello, self.hello):
                raise FrameRefused(hello.id, "out_of_turn", _("The first frame is a hello."))
        except FrameRefused as refused:
            self._outbox.put(refused.text)
            self.on_refused_hello(refused.field)
            return False
        if hello.v != frames.VERSION:
            self._outbox.put(frames.error_frame(hello.id, "version", _("Please reload the page."), v=frames.VERSION))
            raise Closed(frames.CLOSE_PROTOCOL)
        self._greeted = True
        try:
            async with self.hold_events():
                fields = await self.on_hello(hello)
                self._outbox.put(frames.answer_frame("welcome", hello.id, fields))
        except DomainError as refused:
            self._outbox.put(frames.refusal_frame(hello.id, refused))
            return False
        return True

    async def _answer(self, received: Received) -> str | None:
        """Handle one frame. What it waited behind others counts, unless nobody would send it again.

        Returns:
            The ack or the error; None for a quiet frame that went well.
        """
        try:
            frame = self._reader.read(received.data)
        except FrameRefused as refused:
            return refused.text
        handler = self.handlers.get(type(frame))
        if handler is None:
            return frames.error_frame(frame.id, "out_of_turn", _("This frame is not expected now."))
        if not handler.is_quiet:
            count_wait_from(received.at)
        try:
            ack = await handler.handle(self, frame)
            return None if handler.is_quiet else frames.answer_frame("ack", frame.id, ack)
        except DomainError as refused:
            return frames.refusal_frame(frame.id, refused)
        except (Closed, Overflow):
            raise
        except (OperationalError, InterfaceError, redis.RedisError, TimeoutError) as failure:
            # The database or Valkey was away for a moment: nothing is wrong with the frame.
            log.warning(
                "realtime.frame_put_off", frame=frames.frame_type(frame), schema=self.schema, error=repr(failure)
            )
            return frames.refusal_frame(frame.id, Busy())
        except Exception:
            log.exception("realtime.handler_failed", frame=frames.frame_type(frame), schema=self.schema)
            return frames.error_frame(frame.id, "internal", _("Something went wrong. Please try again."))
