"""A directory's groups, and the roles that they give (TEN-6)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from apps.accounts.permissions import Permission
from apps.scim.actions import directory_group_delete, directory_group_save
from apps.scim.admin.roles import GivingAdmin
from apps.scim.models import DirectoryGroup
from apps.tenants.admin_base import AnyForm, acting_user
from apps.tenants.admin_sites import tenant_site

NAMED = 50
"""How many members are named on a group's page."""


@admin.register(DirectoryGroup, site=tenant_site)
class DirectoryGroupAdmin(GivingAdmin):
    """Directories make groups and say who is in them; here a group is given its role."""

    permission = Permission.SETTINGS
    purpose = _(
        "Groups come from your directory: give each the role that its members have. A group can be made here first,"
        " under the name that the directory has for it."
    )
    list_display = ("display_name", "role", "number", "position")
    list_select_related = ("role",)
    search_fields = ("display_name",)
    found_by = ("display_name",)
    fields = ("display_name", "role", "position")
    readonly_fields = ("people",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of one that is there, also who is in it."""
        fields = super().get_fields(request, obj)
        return fields if obj is None else [*fields, "people"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[DirectoryGroup]:
        """With how many are in each."""
        groups: QuerySet[DirectoryGroup] = super().get_queryset(request)
        return groups.annotate(number=Count("members", filter=Q(members__deleted_at=None)))

    @admin.display(description=_("members"), ordering="number")
    def number(self, row: Any) -> int:
        """How many are in it."""
        return int(row.number)

    @admin.display(description=_("members"))
    def people(self, row: Any) -> str:
        """Who is in it."""
        named = [str(user) for user in row.members.filter(deleted_at=None)[:NAMED]]
        if row.number > len(named):
            named.append(_t("and %(number)s more") % {"number": row.number - len(named)})
        return ", ".join(named) or _t("Nobody yet")

    def store(self, request: HttpRequest, row: DirectoryGroup, form: AnyForm) -> None:
        """Make it, or write its role: its members have it at once."""
        del form
        directory_group_save(group=row, actor=acting_user(request))

    def remove(self, request: HttpRequest, row: DirectoryGroup) -> None:
        """Delete it: its members lose its role."""
        directory_group_delete(group=row, actor=acting_user(request))
