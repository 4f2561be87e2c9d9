"""One's own second factors: what there is, one more, one less, recovery codes; and the confirmation before that."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.factor_forms import (
    AddAppForm,
    AddKeyForm,
    ConfirmCodeForm,
    ConfirmKeyForm,
    ConfirmPasswordForm,
)
from apps.accounts.factors import factor_is_last_required, factors_of, session_lacks_factor

FACTORS = reverse_lazy("mfa_index")
fresh = method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
unseen = method_decorator(never_cache, name="dispatch")


@require_safe
def factors(request: HttpRequest) -> HttpResponse:
    """What one has (TEN-6)."""
    rows = factors_of(request.user)  # type: ignore[arg-type]  # signed in, says the address
    context = {
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "keys": [row.wrap() for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "codes": next((row.wrap() for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None),
        "is_forced": session_lacks_factor(request.session),
    }
    return render(request, "accounts/factors.html", context)


# --- Confirmation


@unseen
class ConfirmPasswordView(ReauthenticateView):  # type: ignore[misc]
    """By the password."""

    template_name = "accounts/confirm.html"
    form_class = ConfirmPasswordForm


@unseen
class ConfirmCodeView(base.ReauthenticateView):  # type: ignore[misc]
    """By a code."""

    template_name = "accounts/confirm.html"
    form_class = ConfirmCodeForm


@unseen
class ConfirmKeyView(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """By a key."""

    template_name = "accounts/confirm_key.html"
    form_class = ConfirmKeyForm

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again."""
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form, failed=True))
        return page


# --- One more, one less


def confirm_by_new_factor(request: HttpRequest, kind: str) -> None:
    """Whoever has just shown a factor that works is not asked for it again to see the recovery codes."""
    record_authentication(request, request.user, "mfa", type=kind)


@unseen
@fresh
class AddAppView(ActivateTOTPView):  # type: ignore[misc]
    """An authenticator app: its secret as a picture and as text."""

    template_name = "accounts/factor_app.html"
    form_class = AddAppForm
    success_url = FACTORS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The picture is ours, made on this server: it goes into the page as it is."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        picture = mark_safe(context["totp_svg"].partition("?>")[2] or context["totp_svg"])  # noqa: S308
        return context | {"picture": picture, "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)]}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        response: HttpResponse = super().form_valid(form)
        confirm_by_new_factor(self.request, Authenticator.Type.TOTP)
        messages.success(self.request, _("The authenticator app is set up."))
        return response


@unseen
@fresh
class RemoveAppView(DeactivateTOTPView):  # type: ignore[misc]
    """Take the authenticator app away."""

    template_name = "accounts/factor_remove.html"
    success_url = FACTORS


@unseen
@fresh
class AddKeyView(AddWebAuthnView):  # type: ignore[misc]
    """A security key or passkey."""

    template_name = "accounts/factor_key.html"
    form_class = AddKeyForm

    def get_initial(self) -> dict[str, Any]:
        """A passkey, unless one wants less."""
        return {"passwordless": True}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it."""
        response: HttpResponse = super().form_valid(form)
        confirm_by_new_factor(self.request, Authenticator.Type.WEBAUTHN)
        messages.success(self.request, _("The key “%(name)s” is set up.") % {"name": form.cleaned_data["name"]})
        return response


@unseen
@fresh
class RemoveKeyView(RemoveWebAuthnView):  # type: ignore[misc]
    """Take a key away."""

    template_name = "accounts/factor_remove.html"
    success_url = FACTORS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say at once where it can't be."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"is_last": factor_is_last_required(self.object), "name": self.object.wrap().name}

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, unless it is the last one of somebody who must have one."""
        if factor_is_last_required(self.object):
            return redirect(self.request.path)
        response: HttpResponse = super().form_valid(form)
        return response


# --- Recovery codes


@unseen
@fresh
class RecoveryCodesView(ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes, the first time that they are looked at."""

    template_name = "accounts/factor_codes.html"


@unseen
@fresh
class NewCodesView(GenerateRecoveryCodesView):  # type: ignore[misc]
    """New codes instead of those that there are."""

    template_name = "accounts/factor_codes_new.html"
