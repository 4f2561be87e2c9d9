"""Admin pages of contacts, with their history, and of the company's own fields."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.contacts.actions import contact_field_delete, contact_field_save, contact_unblock
from apps.contacts.models import BlockedContact, Contact, ContactChange, ContactField
from apps.tenants.admin_base import AnyForm, ReadOnlyAdmin, SetupAdmin, SetupInline, exact_time, has_full_reach
from apps.tenants.admin_sites import tenant_site


class ChangeInline(SetupInline):
    """Who changed what."""

    model = ContactChange
    fk_name = "contact"
    fields = ("time", "kind", "actor", "changed")
    readonly_fields = ("time", "changed")
    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False

    @admin.display(description=_("time"))
    def time(self, row: ContactChange) -> str:
        """When."""
        return exact_time(row.at)

    @admin.display(description=_("before and after"))
    def changed(self, row: ContactChange) -> str:
        """Each field's value before and after."""
        names = {f"custom:{field.pk}": field.name for field in self._fields()}
        lines = [
            f"{names.get(name, name)}: {_plain(row.before.get(name))} → {_plain(value)}"
            for name, value in row.after.items()
        ]
        return "; ".join([*lines, *([str(row.other)] if row.other else [])])

    def _fields(self) -> list[ContactField]:
        # One query for a whole page: an inline lives as long as its page is rendered.
        if not hasattr(self, "_known"):
            self._known = list(ContactField.objects.all())
        return self._known

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactChange]:
        """The newest first."""
        changes: QuerySet[ContactChange] = super().get_queryset(request)
        return changes.select_related("actor", "other").order_by("-version")


def _plain(value: Any) -> str:
    if value in (None, "", [], {}):
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@admin.register(Contact, site=tenant_site)
class ContactAdmin(ReadOnlyAdmin):
    """Contacts, to be looked up. Agents keep them up to date in the console (CON-5)."""

    permission = "monitor"
    list_display: tuple[str, ...] = ("display_name", "email", "phone", "language", "created_at", "merged_into")
    search_fields = ("name", "email", "phone", "external_id")
    list_select_related = ("merged_into",)
    list_per_page = 50
    show_full_result_count = False
    inlines = (ChangeInline,)
    exclude = ("custom",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contact]:
        """All, or those who have written to one's own queues."""
        contacts: QuerySet[Contact] = super().get_queryset(request)
        if has_full_reach(request):
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
        return exact_time(row.blocked_at)

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


@admin.register(ContactField, site=tenant_site)
class ContactFieldAdmin(SetupAdmin):
    """The company's own fields: agents fill them in at the console."""

    list_display = ("name", "kind", "position", "is_enabled")
    search_fields = ("name",)
    fields = ("name", "kind", "options", ("position", "is_enabled"))

    def store(self, request: HttpRequest, row: ContactField, form: AnyForm) -> None:
        """Make or change a field."""
        del request, form
        contact_field_save(field=row)

    def remove(self, request: HttpRequest, row: ContactField) -> None:
        """Delete a field."""
        del request
        contact_field_delete(field=row)
