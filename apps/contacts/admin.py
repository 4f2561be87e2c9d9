"""Admin page of contacts."""

from django.contrib import admin

from apps.contacts.models import Contact
from apps.tenants.pages import ReadOnlyAdmin
from apps.tenants.sites import tenant_site


@admin.register(Contact, site=tenant_site)
class ContactAdmin(ReadOnlyAdmin):
    """Contacts, to be looked up. Agents keep them up to date in the console (CON-5)."""

    permission = "settings"
    list_display = ("display_name", "email", "phone", "language", "created_at")
    search_fields = ("name", "email", "phone", "external_id")
    date_hierarchy = None
    show_full_result_count = False
