"""Forms of second factors: allauth's, counted against guessing, and keys bound to the very host they were made on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.utils import websafe_decode

from apps.accounts.models import User
from apps.accounts.throttle import BY_OLD_PASSWORD, factor_limit, passkey_limit
from apps.core.errors import DomainError
from apps.core.limits import Limit, limit_give_back, limit_take


@contextmanager
def counted(limit: Limit, who: str) -> Iterator[None]:
    """Count an attempt, and take it back when it was right.

    Raises:
        ValidationError: there were too many.
    """
    try:
        taken = limit_take(limit, who)
    except DomainError as refused:
        raise ValidationError(str(refused.message), code=refused.code) from refused
    yield
    limit_give_back(limit, taken)


def check_origin(credential: Any) -> None:
    """Refuse what a key has signed for another page than ours: a host below this one is another tenant's (TEN-1).

    Raises:
        ValidationError: it was made for another origin, or can't be read.
    """
    request = context.request
    try:
        client = json.loads(websafe_decode(credential["response"]["clientDataJSON"]))
        origin = client["origin"]
    except (KeyError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error
    if origin != f"{request.scheme}://{request.get_host()}":
        raise get_adapter().validation_error("incorrect_code")


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the authenticator app, or a recovery code, at sign-in."""

    def clean_code(self) -> str:
        """Judge the code; what is wrong is counted."""
        with counted(*factor_limit(context.request, self.user)):
            code: str = super().clean_code()
        return code


class KeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key, at sign-in."""

    def clean_credential(self) -> Authenticator:
        """Judge what the key has signed."""
        check_origin(self.cleaned_data["credential"])
        with counted(*factor_limit(context.request, self.user)):
            return super().clean_credential()


class PasskeyForm(LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey, instead of email and password."""

    def clean_credential(self) -> Authenticator:
        """Judge what the passkey has signed."""
        check_origin(self.cleaned_data["credential"])
        with counted(*passkey_limit(context.request)):
            return super().clean_credential()


class ConfirmPasswordForm(forms.Form):
    """The password once more, before something that whoever sits at an open page may not do."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Judge the password; what is wrong is counted."""
        password: str = self.cleaned_data["password"]
        with counted(BY_OLD_PASSWORD, str(self.user.pk)):
            if not self.user.check_password(password):
                raise ValidationError(_("This is not your password."), code="wrong_password")
        return password


class ConfirmCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """A code once more."""

    def clean_code(self) -> str:
        """Judge the code; what is wrong is counted."""
        with counted(BY_OLD_PASSWORD, str(self.user.pk)):
            code: str = super().clean_code()
        return code


class ConfirmKeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key once more."""

    def clean_credential(self) -> Authenticator:
        """Judge what the key has signed."""
        check_origin(self.cleaned_data["credential"])
        with counted(BY_OLD_PASSWORD, str(self.user.pk)):
            return super().clean_credential()


class AddAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""


class AddKeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new key, and whether it signs in alone."""

    def clean_credential(self) -> Any:
        """Refuse one that was made for another host."""
        credential = self.cleaned_data["credential"]
        check_origin(credential)
        return credential

    def clean(self) -> dict[str, Any]:
        """Register it, unless it was refused."""
        if self.errors:
            return dict(self.cleaned_data)
        cleaned: dict[str, Any] = super().clean()
        return cleaned
