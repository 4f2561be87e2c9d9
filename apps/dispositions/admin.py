"""Admin pages of disposition codes and sets (WRP-6, WRP-7)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminColorInputWidget

from apps.dispositions import setup
from apps.dispositions.models import Code, CodeSet, SetEntry
from apps.tenants.pages import AnyForm, Lines, SetupAdmin, SetupInline
from apps.tenants.sites import tenant_site


@admin.register(Code, site=tenant_site)
class CodeAdmin(SetupAdmin):
    """Codes: those in use are switched off, not deleted (WRP-7)."""

    list_display = ("name", "description", "is_enabled", "times_chosen", "is_system")
    list_filter = ("is_enabled",)
    search_fields = ("name", "description")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Code]:
        """With how often each was chosen."""
        codes: QuerySet[Code] = super().get_queryset(request)
        return codes.annotate(number=Count("choices"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("chosen"), ordering="number")
    def times_chosen(self, row: Any) -> int:
        """How often it was chosen."""
        return int(row.number)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the system's."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_system)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the system's."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_system)

    def store(self, request: HttpRequest, row: Code, form: AnyForm) -> None:
        """Make or change a code."""
        del request, form
        setup.code_save(code=row)

    def remove(self, request: HttpRequest, row: Code) -> None:
        """Delete a code."""
        del request
        setup.code_delete(code=row)


class EntryInline(SetupInline):
    """The codes of a set."""

    model = SetEntry
    fields = ("code", "position")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Not the system's code."""
        if db_field.name == "code":
            kwargs["queryset"] = Code.objects.filter(is_system=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(CodeSet, site=tenant_site)
class CodeSetAdmin(SetupAdmin):
    """Sets of codes, and the queues that they serve."""

    list_display = ("name", "description", "display", "is_required", "is_enabled", "position")
    search_fields = ("name", "description")
    inlines = (EntryInline,)
    fieldsets = (
        (None, {"fields": ("name", "description", ("display", "position"), ("is_required", "is_enabled"))}),
        (_("Queues"), {"fields": ("queues",), "description": _("A set without queues serves every queue.")}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Queues as boxes to tick."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: CodeSet, form: AnyForm) -> None:
        """Make or change a set."""
        del request
        setup.code_set_save(code_set=row, queues=form.cleaned_data["queues"])

    def store_lines(self, request: HttpRequest, row: CodeSet, lines: Lines) -> None:
        """Write which codes it offers."""
        del request
        setup.code_set_fill(code_set=row, places={line.code_id: line.position for line in lines.kept})

    def remove(self, request: HttpRequest, row: CodeSet) -> None:
        """Delete a set."""
        del request
        setup.code_set_delete(code_set=row)
