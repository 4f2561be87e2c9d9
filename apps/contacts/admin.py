"""Admin page of the company's own fields. Those of contacts are in `conversations`, which knows who may see them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.contacts.actions import contact_field_delete, contact_field_save
from apps.contacts.models import ContactField
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_reach import EVERY_ROW
from apps.tenants.admin_sites import tenant_site


@admin.register(ContactField, site=tenant_site)
class ContactFieldAdmin(SetupAdmin):
    """The company's own fields: agents fill them in at the console."""

    purpose = _("What is kept of a contact beyond name and addresses, such as a customer number.")
    serves_all = EVERY_ROW
    list_display = ("name", "kind", "position", "is_enabled")
    ordering_field = "position"
    search_fields = ("name",)
    found_by = ("name",)
    conditional_fields: ClassVar[dict[str, str]] = {"options": "kind == 'choice'"}
    fields = ("name", "kind", "options", ("position", "is_enabled"))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Choices are written one on each line."""
        if db_field.name == "options":
            kwargs["help_text"] = _("What can be chosen, one on each line.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: ContactField, form: AnyForm) -> None:
        """Make or change a field."""
        del request, form
        contact_field_save(field=row)

    def remove(self, request: HttpRequest, row: ContactField) -> None:
        """Delete a field."""
        del request
        contact_field_delete(field=row)
