"""Alive: this process answers. Ready: everything it leans on answers too (OPS-2)."""

from collections.abc import Callable
from typing import Any

import redis
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django_tenants.utils import schema_context


def liveness_response() -> HttpResponse:
    """200 as long as this process can answer at all."""
    return JsonResponse({"status": "ok"})


def readiness_response() -> HttpResponse:
    """200 when database, broker, channel layer and migrations are fit for work, else 503, each named."""
    checks = {name: _outcome(check) for name, check in CHECKS.items()}
    healthy = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse(
        {"status": "ok" if healthy else "unavailable", "checks": checks}, status=200 if healthy else 503
    )


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:
        return type(error).__name__
    return "ok"


def _database() -> None:
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()


def _channel_layer() -> None:
    layer: Any = get_channel_layer()
    async_to_sync(layer.group_send)("ready", {"type": "ready.probe"})


def _migrations() -> None:
    with schema_context("public"):
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise RuntimeError("unapplied migrations")


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "channel_layer": _channel_layer,
    "migrations": _migrations,
}
