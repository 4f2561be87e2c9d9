"""The page on which an administrator says what may be sent (CHAT-9)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.files.actions import file_rules_save
from apps.files.choices import FileKind
from apps.files.models import FileRules
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site


@admin.register(FileRules, site=tenant_site)
class FileRulesAdmin(SetupAdmin):
    """How large, how many, of what kinds."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("__str__", "max_megabytes", "max_files", "customers_send")
    fields = (("max_megabytes", "max_files"), "customers_send", "kinds", "keeps_unsafe")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Kinds as boxes to tick."""
        if db_field.name == "kinds":
            return forms.MultipleChoiceField(
                label=_("Kinds of files"),
                choices=FileKind.choices,
                widget=UnfoldAdminCheckboxSelectMultipleWidget,
                help_text=_("What a file is, its content says, whatever it is called."),
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FileRules]:
        """The one row, made with its defaults if it is not there yet."""
        FileRules.load()
        rows: QuerySet[FileRules] = super().get_queryset(request)
        return rows

    def store(self, request: HttpRequest, row: FileRules, form: AnyForm) -> None:
        """Change the rules."""
        del request, form
        file_rules_save(rules=row)
