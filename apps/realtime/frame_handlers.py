"""Which of a consumer's methods handles which frame."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from apps.realtime.frames import Ack, ClientFrame
from apps.realtime.tenant_threads import InTenant, run_in_tenant

Consumer = TypeVar("Consumer", bound=InTenant)
Frame = TypeVar("Frame", bound=ClientFrame)


@dataclass(frozen=True)
class FrameHandler(Generic[Consumer, Frame]):
    """What a consumer does with one kind of frame.

    Attributes:
        frame: the frame's struct.
        method: takes the consumer and the frame; returns the ack's further fields. A synchronous one runs inside the
            socket's tenant, on a thread; an asynchronous one on the event loop.
        is_quiet: answered by an error only, never by an ack.
    """

    frame: type[Frame]
    method: Callable[[Consumer, Frame], Ack | Awaitable[Ack]]
    is_quiet: bool

    async def handle(self, consumer: Consumer, frame: Frame) -> Ack:
        """Handle a frame.

        Raises:
            Busy: too many calls wait for a thread; nothing was done.
        """
        if inspect.iscoroutinefunction(self.method):
            return await self.method(consumer, frame)  # type: ignore[no-any-return]
        method = cast("Callable[[Consumer, Frame], Ack]", self.method)
        return await run_in_tenant(consumer.scope["tenant"], method, consumer, frame)


def receives(
    frame: type[Frame], *, quiet: bool = False
) -> Callable[[Callable[[Consumer, Frame], Ack | Awaitable[Ack]]], FrameHandler[Consumer, Frame]]:
    """Make a consumer's method the handler of one kind of frame: ``@receives(Send)``.

    Args:
        frame: the frame's struct.
        quiet: answered by an error only, never by an ack.
    """
    return lambda method: FrameHandler(frame, method, is_quiet=quiet)


def handlers_of(consumer: type) -> dict[type[ClientFrame], FrameHandler[Any, Any]]:
    """The handlers of a consumer and its bases, by the frames' structs.

    Raises:
        TypeError: two handle the same frame.
    """
    handlers: dict[type[ClientFrame], FrameHandler[Any, Any]] = {}
    for name in dir(consumer):
        handler = getattr(consumer, name)
        if not isinstance(handler, FrameHandler):
            continue
        if handler.frame in handlers:
            raise TypeError(f"{consumer.__name__} handles {handler.frame.__name__} twice")
        handlers[handler.frame] = handler
    return handlers
