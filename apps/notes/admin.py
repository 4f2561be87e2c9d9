"""Admin page of notes: to be read, with what they said before."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.notes.models import Note, NoteEdit
from apps.notes.selectors import notes_readable_by
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline


class EditInline(SetupInline):
    """What it said before."""

    model = NoteEdit
    fields = ("until", "body")
    readonly_fields = ("until",)
    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        del request, obj
        return False

    @admin.display(description=_("until"))
    def until(self, row: NoteEdit) -> str:
        """When it was changed."""
        return exact_time(row.at)


@admin.register(Note, site=tenant_site)
class NoteAdmin(ReadOnlyAdmin):
    """Notes; whose role reaches only their own queues sees those about who has written to them."""

    permission = "monitor"
    list_display = ("contact", "author", "written", "body", "deleted_by")
    search_fields = ("body", "contact__name", "contact__email")
    list_select_related = ("contact", "author", "deleted_by")
    ordering = ("-id",)
    list_per_page = 50
    show_full_result_count = False
    inlines = (EditInline,)
    fields = (("contact", "conversation"), ("author", "written"), "body", ("edited", "deleted", "deleted_by"))
    readonly_fields = ("written", "edited", "deleted")

    @admin.display(description=_("written"), ordering="id")
    def written(self, row: Note) -> str:
        """When it was written."""
        return exact_time(row.created_at)

    @admin.display(description=_("edited"))
    def edited(self, row: Note) -> str:
        """When it was last changed."""
        return exact_time(row.edited_at)

    @admin.display(description=_("deleted"))
    def deleted(self, row: Note) -> str:
        """When it was deleted."""
        return exact_time(row.deleted_at)

    def rows_within_reach(self, request: HttpRequest, rows: QuerySet[Note]) -> QuerySet[Note]:
        """Those that were written in a conversation that one may see."""
        return rows.filter(pk__in=notes_readable_by(acting_user(request)).values("pk"))
