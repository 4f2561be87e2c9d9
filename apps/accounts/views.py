"""Signing in and out, and people's pictures."""

import math
from typing import Any

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.actions import user_set_password, user_sign_out
from apps.accounts.forms import PasswordForm, SignInForm
from apps.accounts.models import User
from apps.accounts.selectors import home_path, is_user_picture
from apps.accounts.throttle import device_remember
from apps.core.errors import DomainError

TEMPLATE = "accounts/signin.html"


class SignInView(LoginView):
    """The sign-in page: to `next` if that is on this host, else where the user belongs (TEN-6)."""

    template_name = TEMPLATE
    authentication_form = SignInForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Send on who is signed in already."""
        if isinstance(request.user, User) and request.method == "GET" and (home := home_path(request.user)):
            return redirect(self.get_redirect_url() or home)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Sign in, and have this browser known to the account."""
        response = super().form_valid(form)
        device_remember(self.request, response, form.get_user().get_username())
        return response

    def get_redirect_url(self) -> str:  # type: ignore[override]  # The stubs know one more argument than Django.
        """`next`, where it is an address and no other word."""
        wanted = super().get_redirect_url()
        return wanted if wanted.startswith("/") else ""

    def get_default_redirect_url(self) -> str:
        """Where the user belongs."""
        user = self.request.user
        return (home_path(user) if isinstance(user, User) else None) or "/"


def signin_locked(request: HttpRequest, _response: object, _credentials: object) -> HttpResponse:
    """The sign-in page for those who guessed too often: it says how long to wait (TEN-6)."""
    pause = getattr(request, "pause", None) or get_cool_off(request)
    minutes = math.ceil(pause.total_seconds() / 60)
    form = SignInForm(request, data={"username": request.POST.get("username", "")})
    form.full_clean()
    form.errors.clear()
    message = _("Too many attempts. Please wait %(minutes)d minutes, then try again.") % {"minutes": minutes}
    form.add_error(None, message)
    context = {"form": form, "next": request.POST.get("next", "")}
    response = render(request, TEMPLATE, context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response


class PasswordView(LoginRequiredMixin, PasswordChangeView):
    """Change one's own password: every other session ends (TEN-6)."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Write it, and stay signed in here."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - LoginRequiredMixin lets nobody else get here
        changed = user_set_password(user=user, password=form.cleaned_data["new_password1"], actor=user)
        update_session_auth_hash(self.request, changed)
        messages.success(self.request, _("Your password was changed. Other devices are signed out."))
        return redirect(home_path(changed) or "/")


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


@require_safe
def user_picture(request: HttpRequest, name: str) -> HttpResponse:
    """A user's picture. Its name is the key: customers are given it too, with the agent's public name (TEN-4)."""
    del request
    path = f"pictures/{name}.webp"
    if not is_user_picture(path) or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        content = file.read()
    # The name changes with the picture.
    headers = {"Cache-Control": "private, max-age=86400, immutable", "Content-Security-Policy": "default-src 'none'"}
    return HttpResponse(content, content_type="image/webp", headers=headers)
