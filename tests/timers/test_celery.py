"""A task runs in the tenant that it was queued from."""

from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from tests.timers.owners.tasks import mark
from tests.timers.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ONE = UUID("01890a5d-ac96-774b-bcce-000000000001")
TWO = UUID("01890a5d-ac96-774b-bcce-000000000002")

QUEUE = f"""
import django
django.setup()
from django.db import connection, transaction
from django_tenants.utils import schema_context
from tests.timers.owners.tasks import mark

with schema_context("acme"):
    mark.delay("{ONE}")
with transaction.atomic():
    connection.set_schema("globex")
    mark.delay_on_commit("{TWO}")
    connection.set_schema("acme")
for _ in range(20):
    for schema in ("acme", "globex"):
        with schema_context(schema):
            mark.apply_async(("{ONE}",))
try:
    with schema_context("acme"), transaction.atomic():
        mark.delay_on_commit("{TWO}")
        raise LookupError
except LookupError:
    pass
"""


@pytest.mark.slow
def test_the_tenant_travels_with_the_task_and_is_left_behind_it(owners, acme, globex, processes):
    for tenant in (globex, acme):
        with tenant_context(tenant):
            owners.owner_create(ONE, timezone.now())
            owners.owner_create(TWO, timezone.now())
    assert processes.start("-c", QUEUE).wait(30) == 0
    processes.worker()

    def counts():
        found = []
        for tenant in (acme, globex):
            with tenant_context(tenant):
                found.append((owners.owner_fired(ONE), owners.owner_fired(TWO)))
        return found

    wait_until(lambda: counts() == [(21, 0), (20, 1)])
    assert "Traceback" not in processes.log()


def test_a_task_run_where_it_is_called_stays_in_its_tenant(owners, acme, globex):
    with tenant_context(globex):
        owners.owner_create(ONE, timezone.now())
        mark.delay(str(ONE))
        assert connection.schema_name == "globex"
        assert owners.owner_fired(ONE) == 1
    assert connection.schema_name == "acme"
