"""What stands in front of every page of somebody who is signed in."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.accounts.factors import FACTOR_MISSING, factors_has, session_lacks_factor
from apps.accounts.session_use import session_use

OPEN_WITHOUT_FACTOR = ("/account/factors/", "/account/confirm/", "/signin/", "/signout/")
"""Where somebody gets to who still has to set up a second factor."""


class UserTimeZoneMiddleware:
    """Activates the signed-in user's time zone for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Render in the user's zone, or in UTC for somebody unknown."""
        zone = getattr(request.user, "time_zone", "UTC")
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class SessionUseMiddleware:
    """Notes when a session was last used, for those who look where they are signed in (TEN-6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Note it of those who are signed in."""
        if request.user.is_authenticated:
            session_use(request)
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads whoever must have a second factor and has none to where they set one up, whatever they ask for (TEN-6)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on those who need none, or have one by now."""
        if not request.user.is_authenticated or not session_lacks_factor(request.session):
            return self.get_response(request)
        if factors_has(request.user):
            del request.session[FACTOR_MISSING]
            return self.get_response(request)
        if request.path.startswith(OPEN_WITHOUT_FACTOR):
            return self.get_response(request)
        where = reverse("mfa_index")
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": where})
        return redirect(where)
