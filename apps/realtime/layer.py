"""The channel layer: Valkey's pub/sub, at most once. Screens make up for what is lost by their numbers.

It has the methods of Channels' specification (`send`, `receive`, `new_channel`, `group_add`, `group_discard`,
`group_send`, `flush`), and promises more: joining a group waits until Valkey listens; a lost connection ends in a
`resync` to every socket of the process; a silent one is given up; a closed socket leaves nothing behind.
"""

import asyncio
import os
from collections.abc import Iterable
from typing import ClassVar
from uuid import uuid4

import structlog
from django.conf import settings

from apps.realtime.loop_layer import LoopLayer, Message, decode_message, encode_message

log = structlog.get_logger(__name__)


def default_prefix() -> str:
    """A prefix for this database: pub/sub knows no database numbers, and two databases may have schemas of one name."""
    return f"parley.{settings.DATABASES['default']['NAME']}."


class ChannelLayer:
    """The layer of the process; every event loop gets its own part.

    Args:
        url: the Redis or Valkey server.
        prefix: in front of every channel's name; one of the database by default.
        lose: share of group messages to drop on purpose, 0 to 1; by default the environment's `PARLEY_LOSE_FRAMES`.
    """

    extensions: ClassVar = ["groups", "flush"]
    lose: ClassVar[float] = 0.0

    def __init__(self, url: str, prefix: str | None = None, lose: float | None = None) -> None:
        self.url = url
        self.prefix = default_prefix() if prefix is None else prefix
        self._lose = _share(lose, self.lose)
        self._parts: dict[asyncio.AbstractEventLoop, LoopLayer] = {}
        if self._lose:
            log.warning("realtime.losing_frames_on_purpose", share=self._lose)

    async def loop_layer(self) -> LoopLayer:
        """The part of the running event loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._parts:
            for ended in [each for each in self._parts if each.is_closed()]:
                del self._parts[ended]
            self._parts[loop] = LoopLayer(self.url, self._lose)
            await self._parts[loop].start()
        return self._parts[loop]

    def wire(self, group: str, message: Message) -> tuple[str, bytes]:
        """Channel and payload by which a plain PUBLISH equals `group_send`."""
        return self._group(group), encode_message(message)

    async def send(self, channel: str, message: Message) -> None:
        """Send a message to one channel, of whatever process.

        Raises:
            redis.RedisError: Valkey cannot be reached.
        """
        await (await self.loop_layer()).publish(channel, encode_message(message))

    async def new_channel(self, prefix: str = "specific.") -> str:
        """The name of a new channel, which is listened to until `forget`.

        Raises:
            TimeoutError: Valkey cannot be reached.
        """
        channel = f"{self.prefix}{prefix}{uuid4().hex}"
        await (await self.loop_layer()).open(channel)
        return channel

    async def receive(self, channel: str) -> Message:
        """The first message of a channel that was not received yet; waits for it.

        Raises:
            TimeoutError: the channel is not one of `new_channel`, and Valkey cannot be reached.
        """
        queue = await (await self.loop_layer()).open(channel)
        return decode_message(await queue.take())

    async def group_add(self, group: str, channel: str) -> None:
        """Add a channel to a group; see `LoopLayer.join`."""
        await (await self.loop_layer()).join(self._group(group), channel)

    async def group_discard(self, group: str, channel: str) -> None:
        """Take a channel out of a group; see `LoopLayer.leave`."""
        await (await self.loop_layer()).leave(self._group(group), channel)

    async def group_send(self, group: str, message: Message) -> None:
        """Send a message to all channels in a group, of all processes.

        Raises:
            redis.RedisError: Valkey cannot be reached.
        """
        await (await self.loop_layer()).publish(*self.wire(group, message))

    async def forget(self, channel: str, groups: Iterable[str]) -> None:
        """Remove a channel for good: its queue, its groups, its subscription.

        Args:
            channel: what `new_channel` returned.
            groups: all that it was added to.
        """
        part = await self.loop_layer()
        part.channels.pop(channel, None)
        for group in groups:
            await part.leave(self._group(group), channel)
        await part.close(channel)

    async def flush(self) -> None:
        """Forget all channels and groups of this event loop, and close its connections."""
        await (await self.loop_layer()).flush()

    def _group(self, group: str) -> str:
        return f"{self.prefix}__group__{group}"


class LossyChannelLayer(ChannelLayer):
    """Loses one group message in twenty: everything must work with it too."""

    lose = 0.05


def _share(wanted: float | None, otherwise: float) -> float:
    if wanted is not None:
        return wanted
    return float(os.environ.get("PARLEY_LOSE_FRAMES") or otherwise)
