"""The only publisher of frames to screens: after commit, at most once, in order; and the groups that it tells.

Every name of a group starts with the tenant's schema, so groups of two tenants never meet.
"""

import asyncio
import functools
import re
import weakref
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import redis
import structlog
from channels.layers import get_channel_layer
from django.db import connection, transaction

from apps.realtime.frames import event_message
from apps.realtime.sender import Sender, Wire

log = structlog.get_logger(__name__)

Frame = msgspec.Struct | dict[str, Any]

UNSTORED_SECONDS: Final = 1.0

MAX_GROUP_NAME: Final = 99  # Channels allows fewer than 100 characters.
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_LOCAL = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+")


# --- Groups


def agent_group(user_id: UUID | int) -> str:
    """All consoles of one agent."""
    return f"agent.{user_id}"


def conversation_group(conversation_id: UUID) -> str:
    """Everyone who has this conversation open on the company's side."""
    return f"conversation.{conversation_id}"


def visitor_group(conversation_id: UUID) -> str:
    """The customer's side of a conversation."""
    return f"visitor.{conversation_id}"


def tenant_group(name: str) -> str:
    """A group there is one of in a tenant, such as all consoles or all supervisors."""
    return f"tenant.{name}"


def group_name(schema: str, kind: str, id: UUID | int | str) -> str:  # noqa: A002 - it is an id
    """The full name of a group, ``t.<schema>.<kind>.<id>``.

    Raises:
        ValueError: the name has characters or a length that Channels does not allow.
    """
    return group_in_schema(schema, f"{kind}.{id}")


def group_in_schema(schema: str, group: str) -> str:
    """The full name of a group that one of the helpers named.

    Args:
        schema: the tenant's schema.
        group: what `agent_group` and its like returned.

    Raises:
        ValueError: the name has characters or a length that Channels does not allow.
    """
    name = f"t.{schema}.{group}"
    if len(name) > MAX_GROUP_NAME or not _WORD.fullmatch(schema) or not _LOCAL.fullmatch(group):
        raise ValueError(f"not a group's name: {name!r}")
    return name


# --- Frames


def publish(frame: Frame, *, groups: Sequence[str]) -> None:
    """Tell the screens in these groups, once the transaction has been committed.

    Tenant and frame are taken now: a callback may run after the schema was left, and after the rows changed again.
    What one transaction publishes leaves in one pipeline, in order. A frame may be lost (Valkey is down, this process
    dies after the commit): screens catch up by number.

    Args:
        frame: what they are told; it has a `type`.
        groups: names from `agent_group` and its like, without the schema.

    Raises:
        RuntimeError: called outside a transaction, when it is not known whether there will be anything to tell.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs inside the action's transaction")
    _Frames(_wire(_schema(), groups, frame)).follow()


def publish_now(frame: Frame, *, groups: Sequence[str]) -> None:
    """Tell the screens in these groups at once, from synchronous code, whatever becomes of a transaction.

    For what is not stored, such as a notice of a shutdown. Never raises because of Valkey.
    """
    _send(_wire(_schema(), groups, frame))


async def publish_unstored(schema: str, groups: Sequence[str], frame: Frame) -> None:
    """Tell the screens in these groups at once something that is never stored, such as typing.

    Never raises because of Valkey, and never waits longer than a second for it.

    Args:
        schema: the tenant's schema.
        groups: names without the schema.
        frame: what they are told.
    """
    layer: Any = get_channel_layer()
    message = event_message(frame)
    try:
        async with asyncio.timeout(UNSTORED_SECONDS):
            for group in groups:
                await layer.group_send(group_in_schema(schema, group), message)
    except (redis.RedisError, OSError) as failure:
        log.warning("realtime.whisper_lost", error=repr(failure))


class _Frames:
    """The frames of one `publish` call, waiting for the commit.

    Django drops the hook when its savepoint is rolled back, and with the hook goes the last reference to this object.
    So each object that still lives when the hooks run hands its frames to the next one that still lives, and the last
    one sends them all.
    """

    def __init__(self, wires: list[Wire]) -> None:
        self.wires = wires
        self.next: weakref.ref[_Frames] | None = None

    def follow(self) -> None:
        """Line up behind what this transaction published before."""
        for _, hook, *_ in reversed(connection.run_on_commit):
            if isinstance(hook, _Frames):
                hook.next = weakref.ref(self)
                break
        transaction.on_commit(self, robust=True)

    def __call__(self) -> None:
        following = self.next and self.next()
        if following:
            following.wires[:0] = self.wires
        else:
            _send(self.wires)


def _schema() -> str:
    return str(connection.schema_name)  # type: ignore[attr-defined]


def _wire(schema: str, groups: Sequence[str], frame: Frame) -> list[Wire]:
    layer: Any = get_channel_layer()
    message = event_message(frame)
    return [layer.wire(group_in_schema(schema, group), message) for group in groups]


def _send(wires: list[Wire]) -> None:
    layer: Any = get_channel_layer()
    _sender(layer.url).send(wires)


@functools.cache
def _sender(url: str) -> Sender:
    return Sender(url)
