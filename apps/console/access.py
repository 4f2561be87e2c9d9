"""Who may enter the console, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from apps.accounts.models import User
from apps.accounts.permissions import Permission
from apps.agents.models import Agent
from apps.console.selectors.own import agent_of
from apps.core.errors import DomainError

P = ParamSpec("P")


class ConsoleRequest(HttpRequest):
    """A request of an agent who may use the console.

    Attributes:
        agent: the agent, with user, role and status loaded.
        htmx: what django-htmx found; true when htmx asks for a fragment.
    """

    agent: Agent
    user: User
    htmx: Any


Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[ConsoleRequest, P], HttpResponse]


def console_view(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let agents with `Permission.CONSOLE` in and nobody else; show what an action refuses near where it was asked for.

    Args:
        view: takes a `ConsoleRequest`.
    """

    @never_cache
    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _enter(request) or _carry_out(view, request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        return response

    return guarded


def console_door(view: Callable[Concatenate[ConsoleRequest, P], Answer]) -> Callable[Concatenate[HttpRequest, P], Any]:
    """Let the same people in as `console_view`, to what is no page: the view says how long its answer is kept.

    Args:
        view: takes a `ConsoleRequest`.
    """

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return _enter(request) or view(request, *args, **kwargs)

    return guarded


def _enter(request: Any) -> HttpResponse | None:
    """Make it a `ConsoleRequest`, or answer those who may not enter."""
    if not request.user.is_authenticated:
        return _to_sign_in(request)
    agent = agent_of(request.user.pk)
    if agent is None or not agent.user.may(Permission.CONSOLE):
        return render(request, "console/shell/no_entry.html", status=403)
    request.agent = agent
    request.user = agent.user
    return None


def _to_sign_in(request: Any) -> HttpResponse:
    if not request.htmx:
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("console:home"))
    back = request.htmx.current_url_abs_path or reverse("console:home")
    return HttpResponseClientRedirect(redirect_to_login(back).url)


def _carry_out(view: View[P], request: ConsoleRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except DomainError as refused:
        return refusal_response(request, refused)


def refusal_response(request: ConsoleRequest, refused: DomainError) -> HttpResponse:
    """409: a toast for htmx, and the tray is read again, since the refused click came from an old one; else a page."""
    if not request.htmx:
        context = {"title": _("That did not work"), "message": refused.message}
        return render(request, "console/shell/refused.html", context, status=409)
    # The same click once more says whether it still is so.
    told = {"message": refused.message, "about": request.path, "refused": True}
    toast = render(request, "console/shell/_toast.html", told, status=409)
    return trigger_client_event(reswap(retarget(toast, "#toasts"), "beforeend"), "console:stale")
