"""A process with Django in it that works on a stack's own database, for tests that look from outside.

A test hands it functions by name, with the tenant to run them in, and gets back what they return. So the test's own
process needs no connection to that database, and survives its end.
"""

import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any


class OfficeError(AssertionError):
    """What was asked of the office failed there; the message is its traceback."""


class Office:
    """The test's end of the pipe.

    Args:
        pipe: the other end is given to `python -m tests.support.office`.
    """

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def __call__(self, schema: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a function of some importable module inside a tenant and return what it returns.

        Raises:
            OfficeError: it raised.
        """
        self._pipe.send((schema, function, args, kwargs))
        assert self._pipe.poll(120), f"no answer to {function.__name__}"
        fine, answer = self._pipe.recv()
        if not fine:
            raise OfficeError(answer)
        return answer

    def close(self) -> None:
        """Hang up: the process ends."""
        self._pipe.close()


def serve(pipe: Connection) -> None:
    """Answer until the test hangs up."""
    while True:
        try:
            schema, function, args, kwargs = pipe.recv()
        except EOFError:
            return
        pipe.send(_answer(schema, function, args, kwargs))


def _answer(schema: str, function: Callable[..., Any], args: Any, kwargs: Any) -> tuple[bool, Any]:
    from django.db import connection
    from django_tenants.utils import schema_context

    try:
        with schema_context(schema):
            return True, function(*args, **kwargs)
    except BaseException:
        return False, traceback.format_exc()
    finally:
        connection.close()


if __name__ == "__main__":
    import django

    django.setup()
    serve(Connection(int(sys.argv[1])))
