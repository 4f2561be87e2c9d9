"""Who hears of what happened, and in which order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from apps.core import events
from apps.core.events import announce, subscribe


@dataclass(frozen=True)
class LampLit:
    """Something that happens in these tests alone."""

    heard: list[str]


@pytest.fixture(autouse=True)
def _nobody_listens() -> Iterator[None]:
    yield
    events._handlers.pop(LampLit, None)


def handler(app: str, name: str) -> Callable[[LampLit], None]:
    def call(event: LampLit) -> None:
        event.heard.append(f"{app}.{name}")

    call.__module__ = f"apps.{app}.handlers"
    return call


def test_lower_apps_hear_first_whoever_was_imported_first(acme: Any) -> None:
    for app, name in [("console", "first"), ("routing", "first"), ("conversations", "first"), ("routing", "second")]:
        subscribe(LampLit)(handler(app, name))
    lit = LampLit([])
    with transaction.atomic():
        announce(lit)
    assert lit.heard == ["conversations.first", "routing.first", "routing.second", "console.first"]


def test_a_handler_is_called_once_however_often_it_was_registered(acme: Any) -> None:
    once = handler("routing", "once")
    subscribe(LampLit)(once)
    subscribe(LampLit)(once)
    lit = LampLit([])
    with transaction.atomic():
        announce(lit)
    assert lit.heard == ["routing.once"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_told() -> None:
    lit = LampLit([])
    subscribe(LampLit)(handler("routing", "never"))
    with pytest.raises(RuntimeError):
        announce(lit)
    assert lit.heard == []
