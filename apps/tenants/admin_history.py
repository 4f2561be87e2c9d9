"""The history of a row: the pages have it, and the app above that keeps the audit log draws it (AUD-1)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

History = Callable[[HttpRequest, Any, Any], HttpResponse]

_histories: list[History] = []


def history_from(function: History) -> History:
    """Register what draws a row's history: it gets the request, the row's admin page and the row."""
    _histories[:] = [function]
    return function


class HistoryAdmin(ModelAdmin):  # type: ignore[misc]
    """A page whose rows have their history in the audit log, and nothing in the log that Django keeps for its admin.

    Attributes:
        history_kinds: further models, such as "agents.agent", whose rows have the keys of this page's rows and are a
            part of them.
    """

    history_kinds: ClassVar[tuple[str, ...]] = ()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What happened to the row, for those who see it.

        Raises:
            PermissionDenied: this user doesn't.
        """
        del extra_context
        row = self.get_object(request, unquote(object_id))
        if row is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return response
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return _histories[0](request, self, row)

    def form_initial(self, name: str, value: Any) -> dict[str, Any]:
        """The initial values of the page's form that stand for a relation of its rows, or a part of them.

        Args:
            name: the relation's.
            value: as the audit log holds it: keys of rows, or lines of values by field.
        """
        return {name: value}

    # --- What Django would log: the actions have written it down

    def construct_change_message(self, *_args: Any, **_kwargs: Any) -> list[dict[str, Any]]:
        """Nothing."""
        return []

    def log_addition(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing."""

    def log_change(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing."""

    def log_deletions(self, *_args: Any, **_kwargs: Any) -> None:
        """Nothing."""
