"""Addresses of sign-in, sign-out, one's own account and pictures.

Names that begin with account_ and mfa_ are those that allauth looks for. None of its own addresses is included:
what it can do beyond this list, such as signing up, is nowhere.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, path

from apps.accounts.views import account, factors, links, openid, passwords, pictures, signin


def own(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """A page for whoever is signed in."""
    return path(f"account/{route}", login_required(view), name=name)


urlpatterns = [
    path("signin/", signin.SignInView.as_view(), name="signin"),
    path("signin/", signin.SignInView.as_view(), name="account_login"),
    path("signin/factor/", signin.FactorView.as_view(), name="mfa_authenticate"),
    path("signin/passkey/", signin.PasskeyView.as_view(), name="mfa_login_webauthn"),
    path("signin/openid/", openid.openid_begin, name="openid_begin"),
    path("signin/openid/callback/", openid.openid_callback, name="openid_callback"),
    path("signin/forgot/", links.ForgottenView.as_view(), name="forgotten"),
    path("signin/link/<str:token>/", links.LinkView.as_view(), name="account_link"),
    path("signin/email/<str:token>/", links.EmailLinkView.as_view(), name="email_link"),
    path("signout/", signin.sign_out, name="signout"),
    path("password/", passwords.PasswordView.as_view(), name="password"),
    own("", account.account, "account"),
    own("sessions/<uuid:pk>/end/", account.session_end, "session_end"),
    own("sessions/end-others/", account.other_sessions_end, "other_sessions_end"),
    own("factors/", factors.factors, "mfa_index"),
    own("factors/app/", factors.AddAppView.as_view(), "mfa_activate_totp"),
    own("factors/app/remove/", factors.RemoveAppView.as_view(), "mfa_deactivate_totp"),
    own("factors/keys/add/", factors.AddKeyView.as_view(), "mfa_add_webauthn"),
    own("factors/keys/<int:pk>/remove/", factors.RemoveKeyView.as_view(), "mfa_remove_webauthn"),
    own("factors/codes/", factors.RecoveryCodesView.as_view(), "mfa_view_recovery_codes"),
    own("factors/codes/new/", factors.NewCodesView.as_view(), "mfa_generate_recovery_codes"),
    own("email/", links.EmailView.as_view(), "email_change"),
    own("confirm/", factors.ConfirmPasswordView.as_view(), "account_reauthenticate"),
    own("confirm/code/", factors.ConfirmCodeView.as_view(), "mfa_reauthenticate"),
    own("confirm/key/", factors.ConfirmKeyView.as_view(), "mfa_reauthenticate_webauthn"),
    path("pictures/<slug:name>.webp", pictures.user_picture, name="picture"),
]
