"""Hears what is published, as Valkey passes it on."""

import json
from types import TracebackType
from typing import Any, Self

import redis
from channels.layers import get_channel_layer

from apps.realtime.loop_layer import decode_message
from apps.realtime.publish import group_in_schema


class GroupListener:
    """Subscribed to some groups: `("acme", "agent.1")` and so on."""

    def __init__(self, *groups: tuple[str, str]) -> None:
        layer: Any = get_channel_layer()
        self._names = {layer.wire(group_in_schema(*group), {})[0]: group for group in groups}
        self._client = redis.Redis.from_url(layer.url)
        self._pubsub = self._client.pubsub()

    def __enter__(self) -> Self:
        self._pubsub.subscribe(*self._names)
        for _ in self._names:
            self._pubsub.get_message(timeout=5)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pubsub.close()
        self._client.close()

    def heard(self, count: int = 0) -> list[tuple[str, str, dict[str, Any]]]:
        """Schema, group and frame of what was published so far.

        Args:
            count: how many to wait for; what comes on top is returned too.
        """
        heard = []
        while message := self._pubsub.get_message(timeout=5 if len(heard) < count else 0.1):
            schema, group = self._names[message["channel"].decode()]
            event = decode_message(message["data"])
            frame = json.loads(event["text"])
            assert (event["type"], event["kind"]) == ("event", frame["type"])
            heard.append((schema, group, frame))
        return heard
