"""A database is as new after each test, whatever the test did to it."""

from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from apps.accounts.models import User
from apps.agents.models import Status
from apps.conversations.models import ConversationEvent
from apps.tenants.models import Tenant
from tests.support.database_contents import Contents
from tests.support.databases import Databases, fresh_database
from tests.support.history import fill_past
from tests.support.people import make_agent, talk

pytestmark = pytest.mark.django_db(transaction=True)


def contents() -> dict[str, list[bytes]]:
    """All rows of all tables, read anew."""
    assert Databases.current is not None
    with Databases.current._admin(settings.DATABASES["default"]["NAME"]) as admin:
        return {table.name: sorted(table.rows.splitlines()) for table in Contents(admin)._tables.values()}


@pytest.fixture
def pristine(acme: Any) -> dict[str, list[bytes]]:
    """What every test finds."""
    fresh_database("acme")
    return contents()


def number_of_this() -> int:
    """Changes when the database was cloned anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_rows_added_changed_and_removed_in_any_schema(pristine: Any) -> None:
    """The timeline refuses to lose a row, and goes nevertheless; what was seeded is there again. By mending alone."""
    was = number_of_this()
    for _ in range(2):
        talk(make_agent())
        assert ConversationEvent.objects.exists()
        Status.objects.filter(code="away").update(label="Out")
        Status.objects.filter(code="busy").delete()
        Tenant.objects.filter(schema_name="globex").update(name="Other")
        assert contents() != pristine
        fresh_database("acme")
        assert contents() == pristine
        assert number_of_this() == was
        with pytest.raises(Exception, match="append-only"):
            talk(make_agent()).timeline.all().delete()
        fresh_database("acme")


def test_a_long_past_and_what_the_planner_learned_of_it(pristine: Any) -> None:
    """Statistics of the planner are not rows: a fresh clone takes the place."""
    was = number_of_this()
    fill_past(make_agent(), conversations=300, messages=10)
    fresh_database("acme")
    assert contents() == pristine
    assert number_of_this() != was


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE acme.stray (id int)",
        "CREATE SCHEMA stray",
        "ALTER TABLE acme.agents_agent ADD COLUMN stray int",
        "ALTER TABLE acme.conversations_conversationevent DISABLE TRIGGER USER",
        "ALTER TABLE acme.agents_capacity DROP CONSTRAINT agents_capacity_never_exceeded",
        "DROP INDEX acme.routing_offer_one_ringing",
    ],
)
def test_a_changed_shape_is_answered_by_a_fresh_clone(pristine: Any, change: str) -> None:
    was = number_of_this()
    with connection.cursor() as cursor:
        cursor.execute(change)
    fresh_database("acme")
    assert contents() == pristine
    assert number_of_this() != was


def test_a_transaction_left_open_elsewhere_holds_nothing_up(pristine: Any) -> None:
    assert Databases.current is not None
    other = Databases.current._admin(settings.DATABASES["default"]["NAME"])
    other.execute("BEGIN")
    other.execute("LOCK TABLE acme.accounts_user IN ACCESS EXCLUSIVE MODE")
    fresh_database("acme")
    other.close()
    assert User.objects.count() == len(pristine["acme.accounts_user"])
