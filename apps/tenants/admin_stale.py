"""What somebody else has changed since a page was opened is not written over in silence.

The page carries the newest entry of the audit log of its row, as it was when the page was opened; the app that keeps
the log says what came after it (`row_log`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from apps.tenants.admin_history import HistoryAdmin
from apps.tenants.admin_related import is_dialog

VERSION = "_version"
"""The field that carries the newest entry; a request without it, such as a program's, is not asked."""
OVER = "_write_over"
"""The box by which somebody says that theirs counts."""


@dataclass(frozen=True)
class RowLog:
    """What the audit log says of a row.

    Attributes:
        newest: of a page and its row, the newest entry that changed it; empty where there is none.
        since: of a page, its row and an entry, what was changed after that, in words.
    """

    newest: Callable[[Any, Any], str]
    since: Callable[[Any, Any, str], list[str]]


_logs: list[RowLog] = []


def row_log(log: RowLog) -> None:
    """Register what the audit log says of rows; the last one counts."""
    _logs[:] = [log]


class StaleAdmin(HistoryAdmin):
    """A page that asks before it writes over what others have changed since it was opened."""

    change_form_before_template = "tenants/admin_version.html"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the row's version, that of the first time where the page is shown again."""
        row = kwargs.get("obj")
        if row is not None and not is_dialog(request):
            context["version"] = request.POST.get(VERSION) if request.method == "POST" else _logs[0].newest(self, row)
            context["may_write_over"] = getattr(request, "is_stale", False)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def refuse_stale(self, request: HttpRequest, row: Any) -> None:
        """Refuse what would write over a change that the page did not show; the row is locked until it is written.

        Raises:
            ValidationError: with what was changed, by whom and when.
        """
        if VERSION not in request.POST or OVER in request.POST:
            return
        type(row)._base_manager.select_for_update(no_key=True, of=("self",)).filter(pk=row.pk).first()  # noqa: SLF001
        if changes := _logs[0].since(self, row, request.POST[VERSION]):
            request.is_stale = True  # type: ignore[attr-defined]
            said = _("This was changed since you opened the page. Nothing of yours is saved yet.")
            raise ValidationError([said, *changes])
