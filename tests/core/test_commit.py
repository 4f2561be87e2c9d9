"""What follows a commit."""

import pytest
from django.db import connection, transaction
from django_tenants.utils import schema_context

from apps.core.commit import after_commit

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_runs_after_the_commit_in_the_schema_of_the_call(acme):
    seen = []
    with transaction.atomic():
        with schema_context("globex"):
            after_commit(lambda: seen.append(connection.schema_name))
        assert seen == []
    assert seen == ["globex"]
    assert connection.schema_name == "acme"


def test_a_failure_is_logged_and_stops_nothing_else(acme, caplog):
    seen = []

    def fails() -> None:
        raise ValueError("broken")

    with transaction.atomic():
        after_commit(fails)
        after_commit(seen.append, 1)
    assert seen == [1]
    assert "broken" in caplog.text


def test_a_rollback_forgets_it(acme):
    seen = []
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        after_commit(seen.append, 1)
        raise ValueError("no")
    assert seen == []
