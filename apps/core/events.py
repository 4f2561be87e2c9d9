"""How a lower app tells higher ones what happened: synchronously, inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

from apps.core.installed import app_place

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
            _handlers[kind].sort(key=app_place)
        return handler

    return register


def event_handlers() -> dict[type[Any], list[Callable[[Any], None]]]:
    """Every event that somebody subscribed to, with its handlers in the order in which they are called."""
    return {kind: list(handlers) for kind, handlers in _handlers.items() if handlers}


def announce(event: object) -> None:
    """Call every handler of this event's kind: those of lower apps first, within an app as they stand in its file.

    A handler that raises undoes the whole action: what follows from a change belongs to the change.

    Raises:
        RuntimeError: called outside a transaction, where a failing handler would leave half an action behind.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("announce() belongs inside the action's transaction")
    for handler in _handlers[type(event)]:
        handler(event)
