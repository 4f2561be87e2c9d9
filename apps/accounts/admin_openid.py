"""The OpenID Connect provider's part of the sign-in settings, and the check of it."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.widgets import UnfoldAdminPasswordWidget

from apps.accounts import actions
from apps.accounts.models import OpenIDProvider, Role, User
from apps.accounts.openid import provider_check, provider_discover
from apps.accounts.permissions import Permission
from apps.accounts.selectors import grantable_roles, mappable_roles, openid_identity
from apps.core.errors import DomainError
from apps.core.limits import Limit, limit_take
from apps.tenants.admin_base import AnyForm, SetupAdmin, acting_user, refusal_sentences
from apps.tenants.admin_panels import admin_panel
from apps.tenants.admin_sites import tenant_site
from apps.tenants.links import absolute_url

CHECKS = Limit("openid.check", 20, 600)
"""Checks of one user: each asks the provider twice."""


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
    readonly_fields = ("redirect_address", "check_button")
    fieldsets = (
        (None, {"fields": ("is_on", "label", "redirect_address", "issuer", "client_id", "client_secret", "scopes")}),
        (None, {"fields": ("check_button",)}),
        (_("Roles and new users"), {"fields": ("groups_claim", "creates_users", "new_user_role")}),
        (_("Passwords and second factors"), {"fields": ("is_enforced", "second_factor_values")}),
    )
    conditional_fields: ClassVar[dict[str, str]] = {"new_user_role": "creates_users == true"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpenIDProvider]:
        """The one row, made with its defaults if it is not there yet."""
        OpenIDProvider.load()
        rows: QuerySet[OpenIDProvider] = super().get_queryset(request)
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only roles that may be given so, and by this user."""
        if db_field.related_model is Role:
            given = [role.pk for role in grantable_roles(acting_user(request))]
            kwargs |= {"queryset": mappable_roles().filter(pk__in=given), "empty_label": _("No role: refuse them")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("redirect URI"))
    def redirect_address(self, _row: OpenIDProvider) -> SafeString:
        """What is registered at the provider, on this tenant's host."""
        address = absolute_url(reverse("openid_callback"))
        return render_to_string("accounts/admin_openid_redirect.html", {"address": address})

    @admin.display(description=_("check"))
    def check_button(self, row: OpenIDProvider) -> SafeString:
        """The button that asks the provider, and room for what it answers."""
        return render_to_string("accounts/admin_openid_check.html", {"provider": row})

    def store(self, request: HttpRequest, row: OpenIDProvider, form: AnyForm) -> None:
        """Change the provider."""
        secret = form.cleaned_data.get("client_secret", "")
        actions.openid_provider_save(provider=row, secret=secret, actor=acting_user(request))


@require_safe
def openid_check_view(request: HttpRequest) -> HttpResponse:
    """What the provider answers that is saved, as a part of the settings.

    Raises:
        PermissionDenied: they may not see how people sign in.
    """
    if not tenant_site.get_model_admin(OpenIDProvider).has_change_permission(request):
        raise PermissionDenied
    facts: dict[str, object] = {}
    try:
        limit_take(CHECKS, acting_user(request).pk.hex)
        facts["findings"] = provider_check(OpenIDProvider.load())
    except DomainError as refused:
        facts["refused"] = refusal_sentences(refused)
    return TemplateResponse(request, "accounts/admin_openid_findings.html", facts)


tenant_site.add_page("accounts/openidprovider/check/", openid_check_view, "openid_check")


@admin_panel(User)
def identity_panel(request: HttpRequest, user: User) -> SafeString | None:
    """By which name the provider knows a user, on their page."""
    if not acting_user(request).may(Permission.SETUP) or (identity := openid_identity(user)) is None:
        return None
    words = {"label": OpenIDProvider.load().label or _t("OpenID Connect"), "identity": identity}
    return render_to_string("accounts/admin_openid_identity.html", words, request)
