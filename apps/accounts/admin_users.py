"""What the admin pages of users and of operators share: password, activity, and rows that an action has made."""

from typing import Any

from django import forms
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordToggleWidget

from apps.accounts import actions
from apps.accounts.models import User
from apps.tenants.admin_base import AnyForm, acting_user


def new_password_field() -> forms.CharField:
    """A field for a new password; `clean_new_password` belongs to it."""
    return forms.CharField(
        label=gettext_lazy("New password"),
        required=False,
        strip=False,
        help_text=gettext_lazy(
            "At least 10 characters. It signs them out everywhere. Leave it empty to keep the password they have;"
            " somebody new is then invited by mail."
        ),
        widget=UnfoldAdminPasswordToggleWidget(attrs={"autocomplete": "new-password"}),
    )


def clean_new_password(form: AnyForm, *, invites: bool = False) -> str:
    """The new password, if one was typed.

    Args:
        form: with a `new_password_field`.
        invites: whether somebody new without a password is invited by mail.

    Raises:
        ValidationError: it is too weak, or missing for somebody new.
    """
    password: str = form.cleaned_data["new_password"]
    if password:
        validate_password(password, form.instance)
    elif is_unsaved(form.instance) and not invites:
        raise ValidationError(_("A new user needs a password."))
    return password


def store_user_access(request: HttpRequest, row: User, form: AnyForm) -> None:
    """Write activity and password of a user who is there already.

    Raises:
        DomainError: refused.
    """
    actor, data = acting_user(request), form.cleaned_data
    if "is_active" in form.changed_data:
        switch = actions.user_activate if data["is_active"] else actions.user_deactivate
        switch(user=row, actor=actor)
    if data.get("new_password"):
        user = actions.user_set_password(user=row, password=data["new_password"], actor=actor)
        if user.pk == actor.pk:
            # Whoever changes their own password stays where they are.
            update_session_auth_hash(request, user)


def is_unsaved(row: Any) -> bool:
    """Whether a row is not in the database yet: rows have their key from the start."""
    return bool(row._state.adding)  # noqa: SLF001 - Django's own way to ask


def adopt_created_user(row: User, made: User) -> None:
    """Let the row that the admin holds be the one that an action has made."""
    row.pk = made.pk
    row._state.adding = False  # noqa: SLF001
