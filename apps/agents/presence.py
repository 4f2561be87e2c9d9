"""Heartbeats of consoles: kept in Valkey, never a row a beat (AGT-9).

A socket that closes says so itself. Beats are for consoles that fall silent without a word: a web process that was
killed, a machine that lost its power. While a tenant has live consoles, a sweep looks for those.
"""

import time
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.agents.actions.console import PRESENCE_DEADLINE, PRESENCE_EVERY, PRESENCE_ID, agent_console_close
from apps.agents.models import Agent
from apps.timers.selectors import last_outage_end
from apps.timers.steps import wakeup_set

BEAT_SECONDS = 15
SILENT_AFTER = timedelta(seconds=3 * BEAT_SECONDS)


def heartbeat_record(*, agent_id: UUID, console_id: UUID) -> None:
    """This console is alive. Called every `BEAT_SECONDS` by its socket, in its tenant."""
    now = time.time()
    with _valkey().pipeline() as pipeline:
        pipeline.set(_epoch_key(), now, nx=True)
        pipeline.zadd(_key(), {f"{agent_id}:{console_id}": now})
        pipeline.execute()


@transaction.atomic
def presence_sweep() -> int:
    """Take consoles that fell silent for lost, which starts their grace, and come again while any is live.

    Silence counts from when Valkey began to remember: after it has lost its memory every console has the whole time to
    beat again, and as long as nobody has, nobody is silent.

    Returns:
        How many were silent.
    """
    now = timezone.now()
    live = Agent.objects.filter(console_id__isnull=False)
    silent = _silent(live.filter(console_lost_at=None), now - SILENT_AFTER) if live.exists() else []
    for agent_id, console_id in silent:
        agent_console_close(agent_id=agent_id, console_id=console_id)
    if live.exists():
        wakeup_set(kind=PRESENCE_DEADLINE, object_id=PRESENCE_ID, due_at=timezone.now() + PRESENCE_EVERY)
    return len(silent)


def _silent(consoles: QuerySet[Agent], before: datetime) -> list[tuple[UUID, UUID]]:
    """Agent and console of those that were open before a moment, and have not beaten since."""
    epoch, beats = _beats()
    # While we were down nobody could beat.
    if epoch is None or epoch >= before.timestamp() or last_outage_end(before, timezone.now()):
        return []
    opened = consoles.filter(console_opened_at__lt=before).order_by("pk").values_list("pk", "console_id")
    return [
        (agent_id, console_id)
        for agent_id, console_id in opened
        if console_id is not None and beats.get(f"{agent_id}:{console_id}", 0) < before.timestamp()
    ]


def _beats() -> tuple[float | None, dict[str, float]]:
    """Since when Valkey remembers, if it does, and the last beat of each console."""
    with _valkey().pipeline() as pipeline:
        pipeline.zremrangebyscore(_key(), 0, time.time() - 86_400)
        pipeline.get(_epoch_key())
        pipeline.zrange(_key(), 0, -1, withscores=True)
        _removed, epoch, found = pipeline.execute()
    return float(epoch) if epoch else None, {name.decode(): float(score) for name, score in found}


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def _key() -> str:
    name = settings.DATABASES["default"]["NAME"]
    return f"parley:{name}:{connection.schema_name}:presence"  # type: ignore[attr-defined]


def _epoch_key() -> str:
    """Written with the first beat, and never again: gone only together with the beats."""
    return f"{_key()}:since"
