"""The admin's home, and the buttons of its checklist (TEN-10)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.home import actions
from apps.home.registry import Step, all_steps
from apps.home.selectors import checklist_for, may_answer, panels_for, state_for
from apps.tenants.admin_base import acting_user
from apps.tenants.admin_menu import site_of
from apps.tenants.admin_sites import tenant_site


def home_context(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What Unfold's front page shows (`UNFOLD["DASHBOARD_CALLBACK"]`).

    Args:
        request: of somebody who may enter the admin.
        context: what each page of the admin has.
    """
    site = site_of(request)
    home: dict[str, Any] = {"lines": state_for(request, site)}
    if site is tenant_site:  # The operators' schema has no tables that the rest could be read from.
        home |= {"checklist": checklist_for(request), "panels": panels_for(request)}
    return {**context, **home}


@require_POST
def step_dismiss(request: HttpRequest, step: str) -> HttpResponse:
    """Take a step off the checklist."""
    return _step_answer(request, step, actions.step_dismiss, _("“%s” is off the list."))


@require_POST
def step_restore(request: HttpRequest, step: str) -> HttpResponse:
    """Put a step back."""
    return _step_answer(request, step, actions.step_restore, _("“%s” is back on the list."))


def _step_answer(request: HttpRequest, code: str, action: Callable[..., Any], told: str) -> HttpResponse:
    step = _step_or_404(code)
    if not may_answer(request, step):
        raise PermissionDenied
    action(step=code, actor=acting_user(request))
    messages.success(request, told % step.title)
    return redirect("admin:index")


def _step_or_404(code: str) -> Step:
    found = next((step for step in all_steps() if step.code == code), None)
    if found is None:
        raise Http404
    return found
