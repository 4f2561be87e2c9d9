"""Admin pages of roles: each with what it allows, and all of them side by side (TEN-5)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.accounts import actions
from apps.accounts.models import Role
from apps.accounts.permissions import MEANINGS, REACHES, Permission, Scope
from apps.tenants.admin_base import AnyForm, SetupAdmin, acting_user
from apps.tenants.admin_sites import tenant_site


def _told() -> list[tuple[str, SafeString]]:
    """Each permission with a sentence on it."""
    row = '{} <span class="parley-quiet">{}</span>'
    return [(each.value, format_html(row, each.label, MEANINGS[each])) for each in Permission]


class RoleForm(AnyForm):
    """A role, its permissions as boxes to tick."""

    permissions = forms.MultipleChoiceField(
        label=_("Permissions"), choices=_told, widget=UnfoldAdminCheckboxSelectMultipleWidget, required=False
    )
    scope = forms.ChoiceField(
        label=_("Whose conversations"),
        choices=[(each.value, format_html("{}: {}", each.label, REACHES[each])) for each in reversed(Scope)],
        widget=forms.RadioSelect,
        help_text=_("The same reach goes for what is set up, supervised and reported on."),
    )

    class Meta:
        model = Role
        fields = ("name", "code", "scope", "permissions")


@admin.register(Role, site=tenant_site)
class RoleAdmin(SetupAdmin):
    """Roles: the built-in ones can be read and copied, the tenant's own changed (TEN-5)."""

    permission = Permission.SETTINGS
    form = RoleForm
    list_display = ("name", "scope", "held_by", "is_stock")
    search_fields = ("name",)
    found_by = ("name",)
    prepopulated_fields = {"code": ("name",)}
    list_after_template = "accounts/admin_role_matrix.html"
    actions_detail = ("duplicate",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        """With how many users have each."""
        roles: QuerySet[Role] = super().get_queryset(request)
        return roles.annotate(number=Count("user", filter=Q(user__deleted_at=None)))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With all roles side by side below it, those that may do most first."""
        roles = list(self.get_queryset(request)) if self.has_view_permission(request) else []
        roles.sort(key=lambda role: (-len(role.permissions), role.name))
        rows = [(each.label, MEANINGS[each], [each in role.permissions for role in roles]) for each in Permission]
        return super().changelist_view(request, {**(extra_context or {}), "roles": roles, "matrix": rows})

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
        return ("code", "held_by") if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Permissions in words where they can't be changed."""
        if obj is None:
            return ("name", "code", "scope", "permissions")
        allowed = "permissions" if self.has_change_permission(request, obj) else "allowed"
        return ("name", "code", "scope", allowed, "held_by")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Of a copy: what the other role allows. Whether it may be made, the action decides."""
        like = Role.objects.filter(code=request.GET.get("like", "")[:40].replace("\0", "")).first()
        if like is None:
            return {}
        name = _t("Copy of %(role)s") % {"role": like}
        return {"name": name[:60], "scope": like.scope, "permissions": like.permissions}

    @admin.display(description=_("permissions"))
    def allowed(self, row: Role) -> str:
        """What the role allows."""
        return "; ".join(str(Permission(each).label) for each in row.permissions)

    @admin.display(description=_("users"), ordering="number")
    def held_by(self, row: Any) -> SafeString:
        """How many users have it, and which."""
        address = reverse("admin:accounts_user_changelist")
        return format_html('<a href="{}?role__id__exact={}">{}</a>', address, row.pk, row.number)

    @action(description=_("Duplicate"), url_path="duplicate", icon="content_copy", permissions=["duplicate"])  # type: ignore[untyped-decorator]
    def duplicate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of a new role, with what this one allows."""
        row: Role | None = self.get_object(request, object_id)
        address = reverse("admin:accounts_role_add")
        return redirect(f"{address}?like={row.code}" if row is not None else address)

    def has_duplicate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Who may make one."""
        del object_id
        return self.has_add_permission(request)

    def store(self, request: HttpRequest, row: Role, form: AnyForm) -> None:
        """Make or change a role."""
        del form
        actions.role_save(role=row, actor=acting_user(request))

    def remove(self, request: HttpRequest, row: Role) -> None:
        """Delete a role."""
        actions.role_delete(role=row, actor=acting_user(request))
