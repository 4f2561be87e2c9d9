"""What the apps show on the admin's home: steps of the checklist, lines about the state, panels.

Each app registers in its `home.py`, which is read at start; the home knows none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from apps.home.choices import Tone
from apps.tenants.admin_sites import tenant_site

Text = str | Promise


@dataclass(frozen=True)
class Step:
    """One step on the way to a tenant that is in use.

    Attributes:
        code: its name in the database, at most 40 characters.
        position: its place in the checklist, from low to high.
        title: what is done, as an order.
        about: a sentence on why.
        model: on whose admin page it is done; who may not open that does not see the step.
        is_done: whether it is, from what is stored.
        address: where it is done.
        dismiss: what the button says that takes it off the list.
        is_optional: whether the checklist is complete without it.
    """

    code: str
    position: int
    title: Text
    about: Text
    model: type[Model]
    is_done: Callable[[], bool]
    address: Callable[[], str]
    dismiss: Text
    is_optional: bool = False


@dataclass(frozen=True)
class StateLine:
    """Something about the tenant's state that somebody should know.

    Attributes:
        tone: how much it matters.
        text: a sentence.
        address: where it is put right, or looked at; empty where that is not in the admin.
        action: what the link there says.
        detail: what else there is to know, such as names.
    """

    tone: Tone
    text: str
    address: str = ""
    action: Text = ""
    detail: str = ""


StateSource = Callable[[HttpRequest], Iterable[StateLine]]
Panel = Callable[[HttpRequest], SafeString | None]

_steps: dict[str, Step] = {}
_sources: list[tuple[Any, StateSource]] = []
_panels: list[tuple[int, Panel]] = []


def register_step(step: Step) -> None:
    """Add a step to the checklist.

    Raises:
        ValueError: there is a step of this code.
    """
    if step.code in _steps:
        raise ValueError(f"the step {step.code!r} is registered already")
    _steps[step.code] = step


def state_source(site: Any = tenant_site) -> Callable[[StateSource], StateSource]:
    """Have a home tell the lines that the function returns.

    The function gets the request, and asks itself what its user may see: by `rows_on_page`, for instance.

    Args:
        site: on whose home, a tenant's or the operators'.
    """

    def register(function: StateSource) -> StateSource:
        _sources.append((site, function))
        return function

    return register


def home_panel(position: int) -> Callable[[Panel], Panel]:
    """Show on a tenant's home the HTML that the function returns, or nothing where it returns None.

    Args:
        position: its place among the panels, from low to high.
    """

    def register(function: Panel) -> Panel:
        _panels.append((position, function))
        return function

    return register


def all_steps() -> list[Step]:
    """Every step, in order."""
    return sorted(_steps.values(), key=lambda step: step.position)


def state_sources(site: Any) -> list[StateSource]:
    """What tells of the state on a site's home, in the order of the apps."""
    return [function for of_site, function in _sources if of_site is site]


def home_panels() -> list[Panel]:
    """Every panel, in order."""
    return [function for _position, function in sorted(_panels, key=lambda each: each[0])]


# --- What those who register need


def may_open(request: HttpRequest, model: type[Model]) -> bool:
    """Whether this user may open the admin page of a model."""
    page = tenant_site._registry.get(model)  # noqa: SLF001 - `get_model_admin` is Django's, and raises
    return page is not None and page.has_view_permission(request)


def rows_on_page(request: HttpRequest, model: type[Model]) -> QuerySet[Any]:
    """The rows that this user sees in the list of a model: none, without a query, where they may not open it."""
    if not may_open(request, model):
        return model._default_manager.none()  # noqa: SLF001 - public in all but its name
    rows: QuerySet[Any] = tenant_site.get_model_admin(model).get_queryset(request)
    return rows


def list_address(model: type[Model], query: str = "") -> str:
    """The address of the list of a model.

    Args:
        model: whose.
        query: its filters, as they stand in the address.
    """
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")  # noqa: SLF001
    return f"{address}?{query}" if query else address


def row_address(row: Model) -> str:
    """The address of a row's page."""
    name = f"{row._meta.app_label}_{row._meta.model_name}"  # noqa: SLF001 - Django's way to ask
    return reverse(f"admin:{name}_change", args=[row.pk])
