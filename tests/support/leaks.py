"""All places where a secret could be found: the log, Valkey, every cell of the database."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from django.db import connection

from apps.accounts.models import User
from apps.realtime.tenant_threads import run_in_tenant
from config.asgi import application
from tests.support.browser import Browser, signed_in
from tests.support.peer import Peer


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """All that is logged meanwhile, by whomever, at every level; what the database is told included."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@contextmanager
def told_to_valkey() -> Iterator[list[str]]:
    """Every command that Valkey is given meanwhile: keys, values, what goes through its channels."""
    commands: list[str] = []
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client, client.monitor() as monitor:
        yield commands
        marker = uuid4().hex
        with redis.Redis.from_url(settings.REDIS_URL) as other:
            other.echo(marker)
        for said in monitor.listen():
            commands.append(str(said["command"]))
            if marker in commands[-1]:
                break


def every_cell() -> Iterator[tuple[str, str]]:
    """Every table of every schema, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
            " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(each::text, chr(10)) FROM "{schema}"."{table}" AS each')  # noqa: S608
            yield f"{schema}.{table}", cursor.fetchone()[0] or ""


@asynccontextmanager
async def console(tenant: Any, user: User) -> AsyncIterator[tuple[Peer, Browser]]:
    """An agent's socket, and their browser."""
    browser = await run_in_tenant(tenant, signed_in, user)
    cookie = "parley_session=" + browser.client.cookies["parley_session"].value
    headers = {"host": "acme.localhost", "origin": "http://acme.localhost", "cookie": cookie}
    async with Peer(application, path="/ws/console/", headers=headers, client=["127.0.0.1", 5000]) as peer:
        await peer.greet(console=str(uuid4()), take_over=True)
        yield peer, browser
