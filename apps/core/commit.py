"""Work that follows a commit."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import connection, transaction
from django_tenants.utils import schema_context


def after_commit(function: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Call a function once the transaction has committed, in the schema of this moment.

    It is lost if the process dies in between, so it may only hasten what something durable (a wake-up, a sweep) would
    do anyway. An error in it is logged and stops nothing else.
    """
    schema: str = connection.schema_name  # type: ignore[attr-defined]  # The callback may run after its context has gone.
    transaction.on_commit(partial(_in_schema, schema, function, args, kwargs), robust=True)


def _in_schema(schema: str, function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    with schema_context(schema):
        function(*args, **kwargs)
