"""Signing in at the tenant's OpenID Connect provider, and coming back (TEN-6)."""

from dataclasses import asdict
from typing import Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.accounts.actions import openid_user_identify
from apps.accounts.actions.sign_ins import openid_failure_record
from apps.accounts.models import OpenIDProvider
from apps.accounts.openid import OWNER, Attempt, authorization_address, code_redeem, factor_said
from apps.accounts.selectors import openid_provider
from apps.accounts.signin_stages import FACTOR, OPENID, login_state
from apps.accounts.throttle import provider_answer_limit
from apps.accounts.views.signin import page_on_this_host
from apps.core.choices import Refusal as CoreRefusal
from apps.core.errors import DomainError
from apps.core.limits import limit_give_back, limit_take
from apps.core.origin import Integration, integration

ATTEMPT: Final = "openid"
"""Where the session keeps an attempt."""


@never_cache
@require_GET
def openid_begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    provider = _provider()
    attempt = Attempt.new(page_on_this_host(request, request.GET.get("next", "")) or "")
    try:
        address = authorization_address(provider, attempt, _back(request))
    except DomainError as refused:
        return _refuse(request, refused)
    request.session[ATTEMPT] = asdict(attempt)
    return redirect(address)


@never_cache
@require_GET
def openid_callback(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider has identified; our own second factor comes afterwards."""
    provider, kept = _provider(), request.session.pop(ATTEMPT, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if kept is None or not constant_time_compare(kept["state"], state):
        messages.error(request, _("This sign-in was not begun here, or is over. Please try again."))
        return redirect("signin")
    if not code:
        messages.error(request, _("The provider did not sign you in."))
        return redirect("signin")
    attempt, claims = Attempt(**kept), {}
    limit, network = provider_answer_limit(request)
    try:
        counted = limit_take(limit, network)
        claims = code_redeem(provider, attempt, code, _back(request))
        with integration(Integration(provider.label, OWNER)):
            user = openid_user_identify(provider=provider, claims=claims)
    except DomainError as refused:
        if refused.code != CoreRefusal.SLOW_DOWN:
            openid_failure_record(claims=claims, reason=refused.code)
        return _refuse(request, refused)
    limit_give_back(limit, counted)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, user, method=OPENID, **{FACTOR: factor_said(provider, claims)})
    login = Login(user=user, redirect_url=attempt.wanted or None, state=login_state(user))
    response: HttpResponse = perform_login(request, login)
    return response


def _provider() -> OpenIDProvider:
    if (provider := openid_provider()) is None:
        raise Http404
    return provider


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("openid_callback"))


def _refuse(request: HttpRequest, refused: DomainError) -> HttpResponse:
    messages.error(request, str(refused.message))
    return redirect("signin")
