"""Work that follows a commit."""

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import schema_context


def after_commit(function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Call a function once the transaction has committed, in the schema of this moment.

    It is lost if the process dies in between, so it may only hasten what something durable (a wake-up, a sweep) would
    do anyway. An error in it is logged and stops nothing else.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]  # The callback may run after its context has gone.

    # A function, not a partial: Django names what failed by its `__qualname__`.
    def call() -> None:
        if connection.schema_name == schema:  # type: ignore[attr-defined]
            function(*args, **kwargs)  # Entering it anew would only make the connection set its path anew.
        else:
            with schema_context(schema):
                function(*args, **kwargs)

    transaction.on_commit(call, robust=True)
