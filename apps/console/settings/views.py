"""What agents choose for their own console."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.console.access import ConsoleRequest, console_view
from apps.console.choices import Order
from apps.console.keyboard.shortcuts import shortcuts_with
from apps.console.models import Preferences
from apps.console.settings.actions import shortcut_choose, shortcuts_reset, tray_order_choose
from apps.console.settings.selectors import preferences_of
from apps.console.shell.fragments import tray_response
from apps.core.errors import DomainError


@require_safe
@console_view
def preferences_show(request: ConsoleRequest) -> HttpResponse:
    """The dialog with all that can be chosen. It is of use to scripts alone, so without them it is the console."""
    if not request.htmx:
        return redirect("console:home")
    chosen = preferences_of(request.agent)
    context = _keys(chosen) | {"order": chosen.order, "orders": Order.choices}
    return render(request, "console/settings/_preferences.html", context)


@require_POST
@console_view
def tray_order(request: ConsoleRequest) -> HttpResponse:
    """The order of the tray (CON-1)."""
    tray_order_choose(order=request.POST.get("order", ""), actor=request.user)
    return tray_response(request)


@require_POST
@console_view
def shortcut_change(request: ConsoleRequest) -> HttpResponse:
    """Another key for one action, or none (CON-6); a refusal is said beside the action."""
    name, wanted = request.POST.get("name", ""), request.POST.get("key", "")
    try:
        chosen = shortcut_choose(name=name, key=wanted, actor=request.user)
    except DomainError as refused:
        if not request.htmx:
            raise
        context = _keys(preferences_of(request.agent)) | {"refused": name, "why": refused.message}
        return render(request, "console/settings/_keys_changed.html", context, status=409)
    return _keys_changed(request, chosen)


@require_POST
@console_view
def keys_reset(request: ConsoleRequest) -> HttpResponse:
    """Every action has its default key again (CON-6)."""
    return _keys_changed(request, shortcuts_reset(actor=request.user))


def _keys_changed(request: ConsoleRequest, chosen: Preferences) -> HttpResponse:
    if not request.htmx:
        return redirect("console:home")
    return render(request, "console/settings/_keys_changed.html", _keys(chosen))


def _keys(chosen: Preferences) -> dict[str, Any]:
    return {"shortcuts": shortcuts_with(chosen.keys), "has_chosen": bool(chosen.keys)}
