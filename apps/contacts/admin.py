"""Admin page of contacts."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.contacts.actions import contact_unblock
from apps.contacts.models import BlockedContact, Contact
from apps.tenants.pages import ReadOnlyAdmin, reaches_all, to_the_second
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


@admin.register(BlockedContact, site=tenant_site)
class BlockedContactAdmin(ContactAdmin):
    """Contacts who open no conversations, and the way back for them (CON-10)."""

    list_display = ("display_name", "email", "phone", "since", "blocked_by")
    actions = ("unblock",)  # type: ignore[assignment]

    @admin.display(description=_("blocked"), ordering="blocked_at")
    def since(self, row: Contact) -> str:
        """Since when."""
        return to_the_second(row.blocked_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        """Those who are blocked, of those whom this user sees."""
        return super().get_queryset(request).filter(blocked_at__isnull=False)

    @admin.action(description=_("Unblock"))
    def unblock(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let them open conversations again; who may see them may do it."""
        keys = list(queryset.values_list("pk", flat=True))
        for key in keys:
            contact_unblock(contact_id=key)
        said = ngettext("%d contact is unblocked.", "%d contacts are unblocked.", len(keys)) % len(keys)
        self.message_user(request, said, messages.SUCCESS)
