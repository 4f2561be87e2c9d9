"""Forms of the sign-in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.selectors import home_path
from apps.accounts.throttle import BY_OLD_PASSWORD
from apps.core.errors import DomainError
from apps.core.limits import limit_give_back, limit_take


class SignInForm(AuthenticationForm):
    """Email and password."""

    error_messages = {
        "invalid_login": _("This email and password don't go together. Please try again."),
        "inactive": _("This email and password don't go together. Please try again."),
        "no_access": _("Your account has no role yet. Please ask an administrator of your company."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("Email")
        self.fields["username"].widget = forms.EmailInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none", "maxlength": 254}
        )

    def confirm_login_allowed(self, user: User) -> None:
        """Refuse those who could go nowhere once they are in."""
        super().confirm_login_allowed(user)
        if home_path(user) is None:
            raise ValidationError(self.error_messages["no_access"], code="no_access")


class PasswordForm(PasswordChangeForm):
    """The old password, and the new one twice. Whoever sits at somebody's open page can't guess the old one (TEN-6)."""

    def clean_old_password(self) -> str:
        """Judge the old one; what is wrong is counted."""
        try:
            taken = limit_take(BY_OLD_PASSWORD, str(self.user.pk))
        except DomainError as refused:
            raise ValidationError(str(refused.message), code=refused.code) from refused
        password: str = super().clean_old_password()
        limit_give_back(BY_OLD_PASSWORD, taken)
        return password
