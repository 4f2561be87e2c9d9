"""How far a user sees on the admin pages: all there is, or what serves the queues that they serve (TEN-5).

A page says by which relations its rows serve queues (`SetupAdmin.serves`); what follows is one rule for all of them:

- who reaches everything sees and changes every row;
- others see what serves one of their queues, and change what serves theirs alone;
- a row that serves every queue is seen by all, and changed by who reaches everything;
- a row that serves none is for who reaches everything.

Which queues somebody serves, an app above knows, and says so by `own_queues_from`.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib.admin import FieldListFilter, RelatedFieldListFilter
from django.db.models import Q, QuerySet
from django.http import HttpRequest

EVERY_ROW = Q()
"""For `SetupAdmin.serves_all`: all rows of the page serve every queue."""

_sources: list[Callable[[Any], set[UUID]]] = []


def own_queues_from(function: Callable[[Any], set[UUID]]) -> Callable[[Any], set[UUID]]:
    """Register the function that returns the keys of the queues that a user serves."""
    _sources[:] = [function]
    return function


def has_full_reach(request: HttpRequest) -> bool:
    """Whether this user's role reaches beyond their own queues."""
    return getattr(request.user, "reach", None) == "all"


def queues_of_user(request: HttpRequest) -> set[UUID]:
    """The keys of the queues that this user serves, as they were when the request came."""
    if not hasattr(request, "own_queues"):
        request.own_queues = set().union(*(source(request.user) for source in _sources))  # type: ignore[attr-defined]
    return request.own_queues  # type: ignore[attr-defined,no-any-return]


def of_agent(path: str) -> tuple[str, ...]:
    """The relations by which an agent serves queues: by themselves and through their group (RTE-2).

    Args:
        path: the relation to the agent; empty for an agent's own page.
    """
    before = f"{path}__" if path else ""
    return f"{before}memberships__queue", f"{before}group__memberships__queue"


def counted(request: HttpRequest, path: str) -> Q | None:
    """The filter of a figure: what is in the queues of this user, or everything.

    Args:
        request: whose.
        path: from what is counted to its queue.
    """
    return None if has_full_reach(request) else Q(**{f"{path}__in": queues_of_user(request)})


def rows_serving(
    rows: QuerySet[Any], queues: Iterable[UUID], *, by: Iterable[str], every: Q | None
) -> QuerySet[Any, Any]:
    """Those rows that serve one of these queues, or all.

    Args:
        rows: with whatever they are annotated with.
        queues: the keys of the queues.
        by: relations from a row to the queues that it serves.
        every: which rows serve every queue.
    """
    if every is not None and not every:
        return rows
    within = Q() if every is None else Q(pk__in=_plain(rows).filter(every).values("pk"))
    for path in by:
        within |= Q(pk__in=_plain(rows).filter(**{f"{path}__in": list(queues)}).values("pk"))
    return rows.filter(within) if within else rows.none()


def serves_only(row: Any, queues: set[UUID], *, by: Iterable[str], every: Q | None) -> bool:
    """Whether a row serves some of these queues and no other."""
    rows = type(row)._base_manager.filter(pk=row.pk)  # noqa: SLF001 - Django's own way to ask
    if every is not None and rows.filter(every).exists():
        return False
    served = {key for path in by for key in rows.values_list(path, flat=True) if key is not None}
    return bool(served) and served <= queues


def _plain(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return rows.model._base_manager.all()  # type: ignore[no-any-return] # noqa: SLF001


class ReachFilter(RelatedFieldListFilter):
    """A filter of a list that offers what its rows name: not everything that there is."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Of who reaches everything as ever; else what the rows within reach name."""
        choices = super().field_choices(field, request, model_admin)
        if has_full_reach(request):
            return choices
        named: set[Any] = set(model_admin.get_queryset(request).order_by().values_list(self.field_path, flat=True))
        return [choice for choice in choices if choice[0] in named]


# Before Django's own: it takes the first that fits.
FieldListFilter.register(lambda field: bool(field.remote_field), ReachFilter, take_priority=True)
