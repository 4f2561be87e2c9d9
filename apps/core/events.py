"""How a lower app tells higher ones what happened: synchronously, inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

Event = TypeVar("Event")

_handlers: defaultdict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def subscribe(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a handler for one kind of event; used as a decorator in `handlers.py`, imported by `AppConfig.ready()`.

    Args:
        kind: the frozen dataclass that says what happened.
    """

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def announce(event: object) -> None:
    """Call every handler of this event's kind, in the order they were registered.

    A handler that raises undoes the whole action: what follows from a change belongs to the change.

    Raises:
        RuntimeError: called outside a transaction, where a failing handler would leave half an action behind.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("announce() belongs inside the action's transaction")
    for handler in _handlers[type(event)]:
        handler(event)
