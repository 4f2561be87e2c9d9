"""Skill groups and skills (RTE-1)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminColorInputWidget

from apps.queues import actions
from apps.queues.admin.pages import changed_values, is_new, row_adopt
from apps.queues.models import Skill, SkillGroup
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_bulk import BulkAdmin
from apps.tenants.admin_reach import of_agent
from apps.tenants.admin_sites import tenant_site


@admin.register(SkillGroup, site=tenant_site)
class SkillGroupAdmin(SetupAdmin):
    """Skill groups: deleted only when empty (RTE-1)."""

    serves = ("skills__queues__queue", *of_agent("skills__holders__agent"))
    list_display = ("name", "description", "size")
    search_fields = ("name",)
    found_by = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SkillGroup]:
        """With how many skills are in it."""
        groups: QuerySet[SkillGroup] = super().get_queryset(request)
        return groups.annotate(number=Count("skills"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("skills"), ordering="number")
    def size(self, row: Any) -> int:
        """How many skills are in it."""
        return int(row.number)

    def store(self, _request: HttpRequest, row: SkillGroup, form: AnyForm) -> None:
        """Make or change a group."""
        if is_new(row):
            row_adopt(row, actions.skill_group_create(**form.cleaned_data))
        else:
            actions.skill_group_update(group=row, fields=changed_values(form))

    def remove(self, _request: HttpRequest, row: SkillGroup) -> None:
        """Delete a group."""
        actions.skill_group_delete(group=row)


@admin.register(Skill, site=tenant_site)
class SkillAdmin(BulkAdmin):
    """Skills and languages: deleted only when nobody holds them (RTE-1)."""

    serves = ("queues__queue", *of_agent("holders__agent"))
    list_display = ("name", "group", "language", "held_by")
    list_filter = ("group",)
    search_fields = ("name", "description")
    found_by = ("name",)
    bulk_fields = ("group",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        """With how many agents hold it."""
        skills: QuerySet[Skill] = super().get_queryset(request)
        return skills.select_related("group").annotate(number=Count("holders"))

    @admin.display(description=_("agents"), ordering="number")
    def held_by(self, row: Any) -> int:
        """How many agents hold it."""
        return int(row.number)

    def store(self, _request: HttpRequest, row: Skill, form: AnyForm) -> None:
        """Make or change a skill."""
        if is_new(row):
            row_adopt(row, actions.skill_create(**form.cleaned_data))
        else:
            actions.skill_update(skill=row, fields=changed_values(form))

    def remove(self, _request: HttpRequest, row: Skill) -> None:
        """Delete a skill."""
        actions.skill_delete(skill=row)
