"""“Used by” on the page of a row: what names it elsewhere, from the relations of the models themselves.

Told are rows that the search finds by name and that this user may see, whether they name the row themselves or in one
of their tables; never conversations and the like, which name nearly everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from apps.tenants.admin_related import is_dialog, page_of_model

MOST_NAMED = 10
"""How many rows of a kind are named."""


@dataclass(frozen=True)
class Use:
    """What of one kind uses a row.

    Attributes:
        title: the kind.
        rows: names, each with the address of its page.
        more: how many there are beyond those.
        address: of the list of the kind.
    """

    title: str
    rows: list[tuple[str, str]]
    more: int
    address: str


def uses_panel(request: HttpRequest, page: Any, row: Model) -> SafeString | None:
    """The panel below a row's form; None in a dialog, and where nothing that this user may see can use such a row.

    Args:
        request: whose user decides what is told.
        page: the row's.
        row: one that is stored.
    """
    kinds = {} if is_dialog(request) else _kinds(request, page, row)
    if not kinds:
        return None
    uses = [use for user, condition in kinds.items() if (use := _use(request, user, condition))]
    return SafeString(render_to_string("tenants/admin_uses.html", {"uses": uses, "row": row}, request))


def _kinds(request: HttpRequest, page: Any, row: Model) -> dict[Any, Q]:
    """The pages of what can name a row, each with what is true of those that do."""
    tables = {inline.model for inline in page.inlines}
    kinds: dict[Any, Q] = {}
    for relation in page.opts.get_fields(include_hidden=True):
        # What stands in the page's own tables is there to be seen.
        if relation.auto_created and not relation.concrete and relation.related_model not in tables:
            for user, condition in _users(page.admin_site, relation, row):
                if user.found_by and user.has_view_permission(request):
                    kinds[user] = kinds.get(user, Q()) | condition
    return kinds


def _users(site: Any, relation: Any, row: Model) -> Iterator[tuple[Any, Q]]:
    """The pages of a relation's model, or of the rows of which its rows are lines or links."""
    model, name = relation.related_model, relation.field.name
    if site.is_registered(model):
        yield site.get_model_admin(model), Q(**{name: row.pk})
    elif not model._meta.auto_created:  # noqa: SLF001 - Django's way to ask
        lines = model._base_manager.filter(**{name: row.pk})  # noqa: SLF001
        for field in model._meta.concrete_fields:  # noqa: SLF001
            page = page_of_model(site, field.related_model) if field.is_relation and field.name != name else None
            if page is not None and (_is_link(model) or model in [inline.model for inline in page.inlines]):
                yield page, Q(pk__in=lines.values(field.attname))


def _is_link(model: type[Model]) -> bool:
    """Whether a model does nothing but link two others."""
    return all(field.is_relation or field.primary_key for field in model._meta.concrete_fields)  # noqa: SLF001


def _use(request: HttpRequest, user: Any, condition: Q) -> Use | None:
    # Relations to several rows would name one several times.
    named = user.model._base_manager.filter(condition).values("pk")  # noqa: SLF001
    rows = user.get_queryset(request).filter(pk__in=named).order_by(*user.found_by, "pk")
    found = list(rows[: MOST_NAMED + 1])
    if not found:
        return None
    name = f"admin:{user.opts.app_label}_{user.opts.model_name}"
    return Use(
        title=capfirst(str(user.opts.verbose_name_plural)),
        rows=[(str(each), reverse(f"{name}_change", args=[each.pk])) for each in found[:MOST_NAMED]],
        more=rows.count() - MOST_NAMED if len(found) > MOST_NAMED else 0,
        address=reverse(f"{name}_changelist"),
    )
