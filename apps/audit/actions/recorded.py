"""The actions of settings are recorded by one line above them (AUD-1)."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, ParamSpec, TypeVar

from django.db import transaction
from django.db.models import Model

from apps.audit.actions.entries import audit_change

P = ParamSpec("P")
R = TypeVar("R")
RowOf = Callable[[Mapping[str, Any]], Model | None]


def audited_action(row: str | RowOf, *, verb: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Have an action write down how it changes a row: made, changed, deleted, or not at all.

    Stands below `@transaction.atomic`. Who did it is the action's `actor`; one that has none is done by whoever is
    signed in where it was asked for, or by the installation.

    Args:
        row: the argument that is the row, or what finds it among the arguments; None records nothing.
        verb: in place of the one that follows from what happened.
    """
    find: RowOf = (lambda arguments: arguments[row]) if isinstance(row, str) else row

    def decorate(action: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(action)
        def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
            changed = find(kwargs)
            if changed is None:
                return action(*args, **kwargs)
            with audit_change(changed, actor=kwargs.get("actor"), verb=verb):
                return action(*args, **kwargs)

        return recorded

    return decorate


def audited_creation(action: Callable[P, R]) -> Callable[P, R]:
    """Have an action write down the row that it makes and returns; one that was there already is none."""

    @functools.wraps(action)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            made = action(*args, **kwargs)
            with audit_change(made, actor=kwargs.get("actor"), is_new=True):  # type: ignore[arg-type]
                return made

    return recorded
