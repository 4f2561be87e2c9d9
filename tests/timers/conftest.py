from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django_tenants.utils import tenant_context

from apps.timers.models import Wakeup
from apps.timers.registry import DEADLINES
from tests.support.valkey import OwnValkey
from tests.timers.owners import actions
from tests.timers.processes import Processes


@pytest.fixture(scope="session", autouse=True)
def _deadlines() -> None:
    if DEADLINES.get("owner.due") is None:
        actions.register()


@pytest.fixture
def acme(acme: Any) -> Any:
    """The first tenant, without the wake-ups that it began with."""
    Wakeup.objects.all().delete()
    return acme


@pytest.fixture
def owners(acme: Any, globex: Any) -> Iterator[Any]:
    """Both tenants with a table of owners; acme's schema is the current one.

    The tables go with the test, so that the database has the shape that it had: else it would be cloned anew.
    """
    for tenant in (globex, acme):
        with tenant_context(tenant), connection.cursor() as cursor:
            cursor.execute(actions.TABLE)
    connection.set_tenant(acme)
    yield actions
    with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        cursor.execute("DROP TABLE acme.owner, globex.owner")


@pytest.fixture
def own_valkey() -> Iterator[OwnValkey]:
    """The queue between this test's own runners and workers."""
    valkey = OwnValkey()
    valkey.start()
    yield valkey
    valkey.kill()


@pytest.fixture
def processes(owners: Any, own_valkey: OwnValkey, tmp_path: Any) -> Iterator[Processes]:
    """Starts runners and workers on the test's database; none survives the test."""
    processes = Processes(own_valkey.url, tmp_path)
    yield processes
    processes.end_all()
