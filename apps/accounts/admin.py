"""Admin pages of sign-in, and on the operators' host of operators.

Roles have theirs in `admin_roles`, the OpenID Connect provider in `admin_openid`, users in `agents`, with their skills.
"""

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.accounts import actions, admin_openid, admin_roles  # noqa: F401 - they register their pages
from apps.accounts.admin_users import (
    adopt_created_user,
    clean_new_password,
    is_unsaved,
    new_password_field,
    store_user_access,
)
from apps.accounts.models import Role, SignInSettings, User
from apps.accounts.permissions import OPERATOR, Permission
from apps.tenants.admin_base import AnyForm, OperatorAdmin, SetupAdmin, acting_user
from apps.tenants.admin_fields import TimeZoneField
from apps.tenants.admin_sites import operator_site, tenant_site


class SignInSettingsForm(AnyForm):
    """Whose second factor is forced, as boxes to tick."""

    second_factor_roles = forms.ModelMultipleChoiceField(
        label=_("Second factor: who must have one"),
        help_text=_(
            "People with these roles set up an authenticator app, a security key or a passkey at their next sign-in,"
            " and reach nothing else until they have. Nobody else is forced to."
        ),
        queryset=Role.objects.exclude(code=OPERATOR),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
    )

    class Meta:
        model = SignInSettings
        fields = ("second_factor_roles",)


@admin.register(SignInSettings, site=tenant_site)
class SignInSettingsAdmin(SetupAdmin):
    """How people sign in (TEN-6)."""

    permission = Permission.SETTINGS
    can_add = can_delete = False
    actions = None
    form = SignInSettingsForm
    list_display = ("__str__",)
    fields = ("second_factor_roles",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignInSettings]:
        """The one row, made with its defaults if it is not there yet."""
        SignInSettings.load()
        rows: QuerySet[SignInSettings] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: SignInSettings, form: AnyForm) -> None:
        """Change the settings."""
        roles = form.cleaned_data["second_factor_roles"]
        actions.signin_settings_save(settings=row, roles=roles, actor=acting_user(request))


class OperatorForm(AnyForm):
    """An operator; a new password only where one is typed."""

    time_zone = TimeZoneField(initial="UTC")
    new_password = new_password_field()

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "time_zone", "is_active")

    def clean_new_password(self) -> str:
        """Refuse a weak password here, beside its field."""
        return clean_new_password(self)


@admin.register(User, site=operator_site)
class OperatorPeopleAdmin(OperatorAdmin):
    """Operators: who looks after the installation."""

    menu_label = _("Operators")
    form = OperatorForm
    list_display = ("email", "full_name", "is_active", "last_login")
    search_fields = ("email", "first_name", "last_name")
    found_by = ("first_name", "last_name", "email")
    fields = (("first_name", "last_name"), ("email", "time_zone"), "is_active", "new_password")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Those who were not deleted."""
        people: QuerySet[User] = super().get_queryset(request)
        return people.filter(is_operator=True, deleted_at=None)

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, row: User) -> str:
        """First and last name."""
        return row.full_name

    def store(self, request: HttpRequest, row: User, form: AnyForm) -> None:
        """Make or change an operator."""
        data, actor = form.cleaned_data, acting_user(request)
        profile = {name: data[name] for name in ("first_name", "last_name", "email", "time_zone")}
        if is_unsaved(row):
            made = actions.user_create(
                **profile, role=None, is_operator=True, password=data["new_password"], actor=actor
            )
            adopt_created_user(row, made)
        else:
            actions.user_update(user=row, fields=profile, actor=actor)
            store_user_access(request, row, form)

    def remove(self, request: HttpRequest, row: User) -> None:
        """Delete an operator."""
        actions.user_delete(user=row, actor=acting_user(request))
