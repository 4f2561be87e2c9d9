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


@dataclass(frozen=True)
class PageVersion:
    """The hidden field of a form that carries the version of its row, and the box to write over what came after it.

    Attributes:
        request: shows the page, or has sent it.
        name: of the hidden field.
        value: the newest entry when the page was opened.
        over: the name of the box.
    """

    request: HttpRequest
    name: str
    value: str
    over: str

    @property
    def is_stale(self) -> bool:
        """Whether the box is offered: a save was refused."""
        return self.name in self.request.__dict__.get("stale_fields", ())


def page_version(request: HttpRequest, page: Any, row: Any, prefix: str | None = None) -> PageVersion:
    """The version of a row: of the first time where the page is shown again.

    Args:
        request: shows the page, or has sent it.
        page: the row's.
        row: one that is stored.
        prefix: of the form, where several stand on a page.
    """
    name, over = _names(prefix)
    sent = request.POST.get(name) if request.method == "POST" else None
    value = _logs[0].newest(page, row) if sent is None else sent
    return PageVersion(request, name, value, over)


class StaleAdmin(HistoryAdmin):
    """A page that asks before it writes over what others have changed since it was opened."""

    change_form_before_template = "tenants/admin_version.html"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the row's version."""
        row = kwargs.get("obj")
        if row is not None and not is_dialog(request):
            context["version"] = page_version(request, self, row)
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def refuse_stale(self, request: HttpRequest, row: Any, prefix: str | None) -> None:
        """Refuse what would write over a change that the page did not show; the row is locked until it is written.

        Raises:
            ValidationError: with what was changed, by whom and when.
        """
        name, over = _names(prefix)
        if name not in request.POST or over in request.POST:
            return
        type(row)._base_manager.select_for_update(no_key=True, of=("self",)).filter(pk=row.pk).first()  # noqa: SLF001
        if changes := _logs[0].since(self, row, request.POST[name]):
            request.__dict__.setdefault("stale_fields", set()).add(name)
            said = _("This was changed since you opened the page. Nothing of yours is saved yet.")
            raise ValidationError([said, *changes])


def _names(prefix: str | None) -> tuple[str, str]:
    return (f"{prefix}-{VERSION}", f"{prefix}-{OVER}") if prefix else (VERSION, OVER)
