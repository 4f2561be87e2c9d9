"""Admin page of contacts."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.contacts.models import Contact
from apps.tenants.pages import ReadOnlyAdmin, reaches_all
from apps.tenants.sites import tenant_site


@admin.register(Contact, site=tenant_site)
class ContactAdmin(ReadOnlyAdmin):
    """Contacts, to be looked up. Agents keep them up to date in the console (CON-5)."""

    permission = "monitor"
    list_display = ("display_name", "email", "phone", "language", "created_at")
    search_fields = ("name", "email", "phone", "external_id")
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        """All, or those who have written to one's own queues."""
        contacts: QuerySet[Contact] = super().get_queryset(request)
        if reaches_all(request):
            return contacts
        # Conversations and members belong to apps that this one doesn't know; the relations are there all the same.
        mine = Contact.objects.filter(conversations__queue__memberships__agent=request.user.pk)
        return contacts.filter(pk__in=mine.values("pk"))
