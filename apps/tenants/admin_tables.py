"""Tables on the pages of every app: lines of a row, which whoever may change the row may change."""

from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import TabularInline

from apps.tenants.admin_lines import plain_formfield
from apps.tenants.admin_reach import has_full_reach
from apps.tenants.admin_related import offer_new


class SetupInline(TabularInline):  # type: ignore[misc]
    """A table on a page: who may change the page's row may change the table."""

    extra = 0
    tab = False
    hide_title = True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """As on the page itself; in a table, where only the column has a label, the field says its own."""
        plain = plain_formfield(db_field, **kwargs)
        field = plain or super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = capfirst(str(field.label or db_field.verbose_name))
        return offer_new(field, db_field.related_model, request, self.admin_site)

    def _page(self, obj: Any) -> Any:
        return self.admin_site.get_model_admin(type(obj))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the page."""
        return obj is None or bool(self._page(obj).has_view_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As changing the page."""
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the page."""
        return has_full_reach(request) if obj is None else bool(self._page(obj).has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As changing the page."""
        return self.has_change_permission(request, obj)
