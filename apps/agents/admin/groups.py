"""Agent groups and statuses."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.agents import actions
from apps.agents.choices import Base
from apps.agents.models import AgentGroup, Status
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_reach import EVERY_ROW
from apps.tenants.admin_sites import tenant_site


class BuiltInAdmin(SetupAdmin):
    """Rows of which some are built in: those can only be read."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the built-in ones."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_stock)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the built-in ones."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_stock)


@admin.register(AgentGroup, site=tenant_site)
class AgentGroupAdmin(BuiltInAdmin):
    """Agent groups."""

    purpose = _("Agents by team or place. A group can serve queues and have disposition sets of its own.")
    serves = ("memberships__queue", "agent__memberships__queue")
    list_display = ("name", "description", "agents", "is_stock")
    search_fields = ("name",)
    found_by = ("name",)
    fields = ("name", "description")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentGroup]:
        """With how many are in it."""
        groups: QuerySet[AgentGroup] = super().get_queryset(request)
        return groups.annotate(size=Count("agent"))

    @admin.display(description=_("agents"), ordering="size")
    def agents(self, row: Any) -> int:
        """How many are in it."""
        return int(row.size)

    def store(self, request: HttpRequest, row: AgentGroup, form: AnyForm) -> None:
        """Make or change a group."""
        del request, form
        actions.agent_group_save(group=row)

    def remove(self, request: HttpRequest, row: AgentGroup) -> None:
        """Delete a group."""
        del request
        actions.agent_group_delete(group=row)


@admin.register(Status, site=tenant_site)
class StatusAdmin(BuiltInAdmin):
    """Statuses: the tenant's own are of type Away or Busy (AGT-1)."""

    serves_all = EVERY_ROW
    list_display = ("label", "base", "is_selectable", "is_stock", "position")
    found_by = ("label",)
    fields = ("label", "code", "base", "is_selectable", "position")
    prepopulated_fields = {"code": ("label",)}

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """A code follows the label only while it is made."""
        return {} if obj is not None else super().get_prepopulated_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """A code never changes; nor does the type, which intervals have been recorded under."""
        del request
        return ("code", "base") if obj is not None else ()

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the types that a status of one's own may have."""
        if db_field.name == "base":
            kwargs["choices"] = [(base.value, base.label) for base in (Base.AWAY, Base.BUSY)]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: Status, form: AnyForm) -> None:
        """Make or change a status."""
        del request, form
        actions.status_save(status=row)

    def remove(self, request: HttpRequest, row: Status) -> None:
        """Delete a status."""
        del request
        actions.status_delete(status=row)
