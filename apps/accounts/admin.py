"""Admin pages of roles, and on the operators' host of operators. Users have theirs in `agents`, with their skills."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.accounts import actions
from apps.accounts.admin_users import (
    adopt_created_user,
    clean_new_password,
    is_unsaved,
    new_password_field,
    store_user_access,
)
from apps.accounts.models import Role, SignInSettings, User
from apps.accounts.permissions import Permission
from apps.tenants.admin_base import AnyForm, OperatorAdmin, SetupAdmin, acting_user
from apps.tenants.admin_fields import TimeZoneField
from apps.tenants.admin_sites import operator_site, tenant_site


class RoleForm(AnyForm):
    """A role, its permissions as boxes to tick."""

    permissions = forms.MultipleChoiceField(
        label=_("Permissions"),
        choices=Permission.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        required=False,
    )

    class Meta:
        model = Role
        fields = ("name", "code", "scope", "permissions")


@admin.register(Role, site=tenant_site)
class RoleAdmin(SetupAdmin):
    """Roles: the built-in ones can be read, the tenant's own changed (TEN-5)."""

    permission = Permission.SETTINGS
    form = RoleForm
    list_display = ("name", "scope", "is_stock")
    search_fields = ("name",)
    prepopulated_fields = {"code": ("name",)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the built-in ones."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_stock)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the built-in ones."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_stock)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """A code follows the name only while it is made."""
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code never changes."""
        del request
        return ("code",) if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Permissions in words where they can't be changed."""
        if obj is not None and not self.has_change_permission(request, obj):
            return ("name", "code", "scope", "allowed")
        return ("name", "code", "scope", "permissions")

    @admin.display(description=_("permissions"))
    def allowed(self, row: Role) -> str:
        """What the role allows."""
        return "; ".join(str(Permission(each).label) for each in row.permissions)

    def store(self, request: HttpRequest, row: Role, form: AnyForm) -> None:
        """Make or change a role."""
        del form
        actions.role_save(role=row, actor=acting_user(request))

    def remove(self, request: HttpRequest, row: Role) -> None:
        """Delete a role."""
        actions.role_delete(role=row, actor=acting_user(request))


class SignInSettingsForm(AnyForm):
    """Whose second factor is forced, as boxes to tick."""

    second_factor_roles = forms.ModelMultipleChoiceField(
        label=_("Second factor: who must have one"),
        help_text=_(
            "People with these roles set up an authenticator app, a security key or a passkey at their next sign-in,"
            " and reach nothing else until they have. Nobody else is forced to."
        ),
        queryset=Role.objects.all(),
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
