from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from apps.timers.deadlines import DEADLINES
from tests.support.valkey import OwnValkey
from tests.timers.owners import actions
from tests.timers.processes import Processes


@pytest.fixture(scope="session", autouse=True)
def _deadlines() -> None:
    if DEADLINES.get("owner.due") is None:
        actions.register()


@pytest.fixture
def owners(acme: Any, globex: Any) -> Any:
    """Both tenants with a table of owners; acme's schema is the current one."""
    for tenant in (globex, acme):
        with tenant_context(tenant), connection.cursor() as cursor:
            cursor.execute(actions.TABLE)
    connection.set_tenant(acme)
    return actions


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
