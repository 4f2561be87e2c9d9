"""Two tenants, real PostgreSQL and Valkey, and a database that is whole again after every test."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from django_tenants.utils import get_tenant_model
from hypothesis import settings

from tests.support.databases import Databases

# The same examples each time: what fails was changed, or the clock. `--hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", derandomize=True, database=None)
settings.register_profile("search", max_examples=1000)
settings.load_profile("steady")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files are named by their argument, not by their bytes: each of the workers has to name every test the same."""
    return argname if isinstance(val, bytes) else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Whoever runs tests in other processes has the template of their databases made meanwhile."""
    if getattr(session.config.option, "dist", "no") != "no" and not hasattr(session.config, "workerinput"):
        command = [sys.executable, "-m", "tests.support.databases"]
        session.config.add_cleanup(subprocess.Popen(command, cwd=session.config.rootpath).terminate)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs no database comes first, while the template is being made."""
    items.sort(key=_uses_database)


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "acme", "globex"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_collection_finish() -> None:
    """All that was imported stays: no collection of garbage has to look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """A clone of the template in place of pytest-django's own set-up."""
    with django_db_blocker.unblock():
        databases = Databases()
        databases.start()
        yield
        databases.stop()


def _fixture_teardown(_self: TransactionTestCase) -> None:
    """A flush would empty whichever schema is current, and leave the other tenant dirty: have all as it was."""
    if Databases.current is not None:
        Databases.current.reset()


TransactionTestCase._fixture_teardown = _fixture_teardown


@pytest.fixture(autouse=True)
def _public_schema_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if {"db", "transactional_db"} & set(request.fixturenames):
        connection.set_schema_to_public()


@pytest.fixture
def valkey() -> Iterator[redis.Redis]:
    """A client of the test's Valkey."""
    with redis.Redis.from_url(django_settings.REDIS_URL, decode_responses=True) as client:
        yield client


def _tenant(schema_name: str) -> Any:
    return get_tenant_model().objects.get(schema_name=schema_name)


@pytest.fixture
def acme(request: pytest.FixtureRequest) -> Any:
    """The first tenant; its schema is the current one during the test."""
    _need_database(request)
    tenant = _tenant("acme")
    connection.set_tenant(tenant)
    return tenant


@pytest.fixture
def globex(request: pytest.FixtureRequest) -> Any:
    """The second tenant; enter it with `tenant_context(globex)`."""
    _need_database(request)
    schema = connection.schema_name
    connection.set_schema_to_public()
    tenant = _tenant("globex")
    connection.set_schema(schema)
    return tenant


def _need_database(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("django_db")
    transactional = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    request.getfixturevalue("transactional_db" if transactional else "db")
