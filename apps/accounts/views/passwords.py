"""One's own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.accounts.actions import user_set_password
from apps.accounts.forms import PasswordForm
from apps.accounts.models import User
from apps.accounts.selectors import home_path
from apps.core.errors import DomainError


class PasswordView(LoginRequiredMixin, PasswordChangeView):
    """Change one's own password: every other session ends (TEN-6)."""

    template_name = "accounts/password.html"
    form_class = PasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Write it, and stay signed in here."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101 - LoginRequiredMixin lets nobody else get here
        try:
            changed = user_set_password(user=user, password=form.cleaned_data["new_password1"], actor=user)
        except DomainError as refused:
            form.add_error(None, str(refused.message))
            return self.form_invalid(form)
        update_session_auth_hash(self.request, changed)
        messages.success(self.request, _("Your password was changed. Other devices are signed out."))
        return redirect(home_path(changed) or "/")
