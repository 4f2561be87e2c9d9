"""Admin pages of sign-in, and on the operators' host of operators.

Roles have theirs in `admin_roles`, users in `agents`, with their skills.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from apps.accounts import actions, admin_roles  # noqa: F401 - registers its pages
from apps.accounts.admin_users import (
    adopt_created_user,
    clean_new_password,
    is_unsaved,
    new_password_field,
    store_user_access,
)
from apps.accounts.models import OpenIDProvider, Role, SignInSettings, User
from apps.accounts.openid import provider_discover
from apps.accounts.permissions import OPERATOR, Permission
from apps.core.errors import DomainError
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


class OpenIDProviderForm(AnyForm):
    """The provider, and the client's secret, which nobody sees again."""

    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept encrypted. Empty: it stays as it is. Another issuer needs a new one."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask the provider, and say beside its address what is wrong."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("is_on") and data.get("issuer"):
            try:
                provider_discover(data["issuer"])
            except DomainError as refused:
                self.add_error("issuer", str(refused.message))
        return data


@admin.register(OpenIDProvider, site=tenant_site)
class OpenIDProviderAdmin(SetupAdmin):
    """At which provider people sign in (TEN-6)."""

    permission = Permission.SETTINGS
    can_add = can_delete = False
    actions = None
    form = OpenIDProviderForm
    list_display = ("__str__",)
    readonly_fields = ("redirect_address",)
    fields = ("is_on", "label", "issuer", "client_id", "client_secret", "redirect_address")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpenIDProvider]:
        """The one row, made with its defaults if it is not there yet."""
        OpenIDProvider.load()
        rows: QuerySet[OpenIDProvider] = super().get_queryset(request)
        return rows

    @admin.display(description=_("redirect URI"))
    def redirect_address(self, _row: OpenIDProvider) -> str:
        """What is registered at the provider, on this tenant's host."""
        return reverse("openid_callback")

    def store(self, request: HttpRequest, row: OpenIDProvider, form: AnyForm) -> None:
        """Change the provider."""
        secret = form.cleaned_data.get("client_secret", "")
        actions.openid_provider_save(provider=row, secret=secret, actor=acting_user(request))


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
