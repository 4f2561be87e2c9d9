"""Admin pages of contacts, with their history: whom one may know follows from the conversations that one may see."""

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.contacts.actions import contact_unblock
from apps.contacts.models import BlockedContact, Contact, ContactChange, ContactField
from apps.conversations.selectors import contacts_readable_by
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline


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

    def rows_within_reach(self, request: HttpRequest, rows: QuerySet[Contact]) -> QuerySet[Contact]:
        """Those of whom one may know."""
        return rows.filter(pk__in=contacts_readable_by(acting_user(request)).values("pk"))


@admin.register(BlockedContact, site=tenant_site)
class BlockedContactAdmin(ContactAdmin):
    """Contacts who open no conversations, and the way back for them (CON-10)."""

    purpose = _("Whom agents or you have blocked. What they write reaches nobody.")
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
