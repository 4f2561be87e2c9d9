"""Signing in, in one step or two, and signing out (TEN-6)."""

import math
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.internal.flows.trust import trust_browser
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts.actions import user_sign_out
from apps.accounts.factor_forms import FactorForm, KeyForm, PasskeyForm
from apps.accounts.forms import SignInForm
from apps.accounts.models import User
from apps.accounts.selectors import has_system_mail, home_path, openid_provider
from apps.accounts.signin_stages import login_state
from apps.accounts.throttle import guesses_forgive
from apps.core.errors import DomainError

TEMPLATE = "accounts/signin.html"


class SignInView(LoginView):
    """The sign-in page: to the second factor, then to `next` if that is on this host, else where the user belongs."""

    template_name = TEMPLATE
    authentication_form = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send on who is signed in already."""
        if isinstance(request.user, User) and request.method == "GET" and (home := home_path(request.user)):
            return redirect(self.get_redirect_url() or home)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password is right: go on to the second factor, or in."""
        user: Any = form.get_user()
        guesses_forgive(self.request)
        if self.request.user.is_authenticated:
            # Whoever was here before leaves first: what is asked next is asked of nobody who is signed in.
            logout(self.request)
        login = Login(user=user, redirect_url=self.get_redirect_url() or None, state=login_state(user))
        response: HttpResponse = perform_password_login(self.request, {"email": user.email}, login)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Operators have no mail of their own: who forgot a password asks another one."""
        return super().get_context_data(**kwargs) | ways_in()

    def get_redirect_url(self) -> str:  # type: ignore[override]  # The stubs know one more argument than Django.
        """`next`, where it is an address and no other word."""
        wanted = super().get_redirect_url()
        return wanted if wanted.startswith("/") else ""


def signin_locked(request: HttpRequest, _response: object, _credentials: object) -> HttpResponse:
    """The sign-in page for those who guessed too often: it says how long to wait (TEN-6)."""
    pause = getattr(request, "pause", None) or get_cool_off(request)
    minutes = math.ceil(pause.total_seconds() / 60)
    message = _("Too many attempts. Please wait %(minutes)d minutes, then try again.") % {"minutes": minutes}
    response = _page_with_error(request, message, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


def _page_with_error(request: HttpRequest, message: str, status: int = 200) -> HttpResponse:
    """The sign-in page as it was, with what is wrong."""
    form = SignInForm(request, data={"username": request.POST.get("username", "")})
    form.full_clean()
    form.errors.clear()
    form.add_error(None, message)
    context = {"form": form, "next": request.POST.get("next", ""), **ways_in()}
    return render(request, TEMPLATE, context, status=status)


class FactorView(AuthenticateView):  # type: ignore[misc]
    """The second step: a code or a key of somebody whose password was right."""

    template_name = "accounts/factor.html"
    form_class = FactorForm
    webauthn_form_class = KeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; a browser that is to be remembered is not asked again for 30 days."""
        response: HttpResponse = super().form_valid(form)
        if self.request.POST.get("remember"):
            trust_browser(self.request, self.stage.login.user, response)
        return response


class PasskeyView(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in by a passkey alone: it is both factors, since it asks for a finger, a face or a PIN."""

    form_class = PasskeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in whose passkey it is."""
        if self.request.user.is_authenticated:
            logout(self.request)
        key = form.cleaned_data["credential"]
        login = Login(
            user=key.user,
            redirect_url=page_on_this_host(self.request, self.request.POST.get("next", "")),
            state=login_state(key.user),
        )
        response: HttpResponse = perform_passwordless_login(self.request, key, login)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The sign-in page again."""
        errors = [message for each in form.errors.values() for message in each]
        return _page_with_error(self.request, errors[0])


def page_on_this_host(request: HttpRequest, wanted: str) -> str | None:
    """Where somebody wanted to go, if it is on this host."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith("/") else None


def ways_in() -> dict[str, Any]:
    """What the sign-in page offers besides a password."""
    return {"mails_links": has_system_mail(), "openid": openid_provider()}


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, unless something is still to be done first (AGT-8)."""
    if isinstance(request.user, User):
        try:
            user_sign_out(user=request.user)
        except DomainError as refused:
            messages.error(request, str(refused.message))
            return redirect(home_path(request.user) or "/")
    logout(request)
    return redirect("signin")
