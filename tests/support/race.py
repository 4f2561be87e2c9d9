"""Real threads, each with a connection and a commit of its own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django_tenants.utils import schema_context

from apps.core.errors import DomainError


def race(work: Sequence[Callable[[], Any]], *, schema: str = "acme", at_once: bool = True) -> list[Any]:
    """Run every function in a thread of its own, all from the same instant.

    Returns:
        What each returned, in order; a DomainError is an answer, any other exception fails the test.
    """
    gate = threading.Barrier(len(work)) if at_once else None
    results: list[Any] = [None] * len(work)
    failures: list[BaseException] = []

    def run(position: int) -> None:
        try:
            with schema_context(schema):
                if gate:
                    gate.wait(60)
                results[position] = work[position]()
        except DomainError as refusal:
            results[position] = refusal
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position,)) for position in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if failures:
        raise failures[0]
    return results
