"""Heartbeats of consoles: kept in Valkey, never a row a beat (AGT-9).

A socket that closes says so itself. Beats are for consoles that fall silent without a word: a web process that was
killed, a machine that lost its power. While a tenant has live consoles, a sweep looks for those.
"""

import time
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import redis
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.agents.actions.console import PRESENCE_DEADLINE, PRESENCE_EVERY, PRESENCE_ID, agent_console_close
from apps.agents.models import Agent
from apps.timers.actions import wakeup_set

BEAT_SECONDS = 15
SILENT_AFTER = timedelta(seconds=3 * BEAT_SECONDS)


def beat(*, agent_id: UUID, console_id: UUID) -> None:
    """This console is alive. Called every `BEAT_SECONDS` by its socket, in its tenant."""
    _valkey().zadd(_key(), {f"{agent_id}:{console_id}": time.time()})


@transaction.atomic
def presence_sweep() -> int:
    """Take consoles that fell silent for lost, which starts their grace, and come again while any is live.

    Returns:
        How many were silent.
    """
    opened_before = timezone.now() - SILENT_AFTER
    live = Agent.objects.filter(console_id__isnull=False)
    beats = _beats()
    silent = [
        (agent_id, console_id)
        for agent_id, console_id in live.filter(console_lost_at=None, console_opened_at__lt=opened_before)
        .order_by("pk")
        .values_list("pk", "console_id")
        if console_id is not None
        and beats is not None
        and beats.get(f"{agent_id}:{console_id}", 0) < opened_before.timestamp()
    ]
    for agent_id, console_id in silent:
        agent_console_close(agent_id=agent_id, console_id=console_id)
    if live.exists():
        wakeup_set(kind=PRESENCE_DEADLINE, object_id=PRESENCE_ID, due_at=timezone.now() + PRESENCE_EVERY)
    return len(silent)


def _beats() -> dict[str, float] | None:
    """The last beat of each console; nothing when Valkey holds none at all: then it has forgotten, not they."""
    client, key = _valkey(), _key()
    client.zremrangebyscore(key, 0, time.time() - 86_400)
    found: Any = client.zrange(key, 0, -1, withscores=True)
    return {name.decode(): float(score) for name, score in found} or None


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _key() -> str:
    name = settings.DATABASES["default"]["NAME"]
    return f"parley:{name}:{connection.schema_name}:presence"  # type: ignore[attr-defined]
