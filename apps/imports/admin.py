"""Pages of imports and exports: bring a file, look at what it would change, confirm, cancel; take rows away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from apps.core.errors import DomainError
from apps.imports import actions
from apps.imports.choices import JobState, RowState
from apps.imports.export import csv_file_response, rows_write, template_write
from apps.imports.kinds import CsvKind, kind_by_code
from apps.imports.limits import MAX_BYTES, MAX_ROWS
from apps.imports.models import ImportJob
from apps.imports.selectors import (
    PAGE_ROWS,
    job_by_id,
    live_job,
    may_export,
    may_import,
    progress_of,
    rows_page,
)
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user
from apps.tenants.admin_sites import tenant_site

MEGABYTE = 1024 * 1024


class FileForm(forms.Form):
    """A file of rows."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("UTF-8, cells separated by comma, semicolon or tab; at most %(megabytes)d MB and %(rows)d rows.")
        % {"megabytes": MAX_BYTES // MEGABYTE, "rows": MAX_ROWS},
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )


@admin.register(ImportJob, site=tenant_site)
class ImportJobAdmin(ReadOnlyAdmin):
    """Imports: the one that is under way, and those that were."""

    menu_label = _("Imports")
    list_display = ("file_name", "rows_of", "progress", "total", "started_by", "created_at")
    list_filter = ("state",)
    list_select_related = ("started_by",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who may import."""
        del obj
        return may_import(request.user)

    @admin.display(description=_("rows"), ordering="kind")
    def rows_of(self, row: ImportJob) -> str:
        """Of what kind."""
        kind = kind_by_code(row.kind)
        return str(kind.label) if kind else row.kind

    @display(  # type: ignore[untyped-decorator]
        description=_("state"),
        label={
            JobState.DONE: "success",
            JobState.FAILED: "danger",
            JobState.WRONG: "danger",
            JobState.READY: "info",
            JobState.CHECKING: "warning",
            JobState.APPLYING: "warning",
        },
    )
    def progress(self, row: ImportJob) -> tuple[str, str]:
        """How far it is."""
        return row.state, row.get_state_display()

    # --- Addresses

    def get_urls(self) -> list[URLPattern]:
        """Beside list and page: a new import, what is done with one, and files to take away."""
        pages: list[tuple[str, Callable[..., HttpResponseBase], str]] = [
            ("new/<slug:code>/", require_http_methods(["GET", "POST"])(self.new_view), "imports_new"),
            ("template/<slug:code>/", require_GET(self.template_view), "imports_template"),
            ("export/<slug:code>/", require_GET(self.export_view), "imports_export"),
            ("<uuid:job_id>/progress/", require_GET(self.progress_view), "imports_progress"),
            ("<uuid:job_id>/confirm/", require_POST(self.confirm_view), "imports_confirm"),
            ("<uuid:job_id>/cancel/", require_POST(self.cancel_view), "imports_cancel"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in pages]
        return [*own, *super().get_urls()]

    # --- A new one

    def new_view(self, request: HttpRequest, code: str) -> HttpResponse:
        """What the columns mean, and a field for the file; the import that is under way, if there is one."""
        kind = self._kind(request, code, to=may_import)
        form = FileForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                job = actions.import_start(
                    kind=kind, file_name=file.name, content=file.read(MAX_BYTES + 1), actor=acting_user(request)
                )
            except DomainError as refused:
                form.add_error("file", force_str(refused.message))
            else:
                return redirect("admin:imports_importjob_change", job.pk)
        resource = kind.resource(acting_user(request))
        facts = {
            "title": _t("Import: %s") % kind.label,
            "kind": kind,
            "form": form,
            "columns": resource.columns(),
            "key": resource.key,
            "running": live_job(kind.code),
            "back": self._list_of(kind),
        }
        return self._page(request, "imports/new.html", facts)

    def template_view(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """A file with the columns and an example."""
        kind = self._kind(request, code, to=may_import)
        return csv_file_response(request, template_write(kind.resource(acting_user(request))), kind)

    # --- One that is there

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """How far it is, and row by row what would become of the file."""
        del form_url, extra_context
        try:
            job = self._job(request, UUID(object_id))
        except ValueError:
            raise Http404 from None
        state, after = request.GET.get("state", ""), request.GET.get("after", "")
        rows = rows_page(job, state=state, after=int(after) if after.isdigit() and len(after) < 9 else 0)
        kind = kind_by_code(job.kind)
        facts = {
            "title": _t("Import: %s") % (kind.label if kind else job.kind),
            "job": job,
            "kind": kind,
            "rows": rows[:PAGE_ROWS],
            "more": rows[PAGE_ROWS - 1].line if len(rows) > PAGE_ROWS else None,
            "shown": state if state in RowState.values else "",
            "counts": [(each.value, each.label, getattr(job, each.value)) for each in RowState],
            "back": self._list_of(kind) if kind else reverse("admin:imports_importjob_changelist"),
            **self._progress(job),
        }
        return self._page(request, "imports/job.html", facts)

    def progress_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """How far it is, asked for again and again; once it has moved on, the page is loaded anew."""
        job = self._job(request, job_id)
        facts = {"job": job, **self._progress(job)}
        if facts["is_working"]:
            return TemplateResponse(request, "imports/_progress.html", facts)
        return HttpResponse(headers={"HX-Refresh": "true"})

    def confirm_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Write the rows."""
        return self._act(request, job_id, actions.import_confirm)

    def cancel_view(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        """Give it up."""
        return self._act(request, job_id, actions.import_cancel)

    def _act(self, request: HttpRequest, job_id: UUID, action: Callable[..., ImportJob]) -> HttpResponse:
        job = self._job(request, job_id)
        try:
            action(job_id=job.pk, actor=acting_user(request))
        except DomainError as refused:
            self.message_user(request, force_str(refused.message), messages.ERROR)
        return redirect("admin:imports_importjob_change", job.pk)

    def _progress(self, job: ImportJob) -> dict[str, Any]:
        done = progress_of(job)
        return {
            "is_working": job.state in {JobState.CHECKING, JobState.APPLYING},
            "done": done,
            "percent": done * 100 // max(job.total, 1),
        }

    # --- Rows to take away

    def export_view(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """The rows that the list shows, with its filters and its search, as far as the user's role reaches."""
        kind = self._kind(request, code, to=may_export)
        page: Any = self.admin_site.get_model_admin(kind.model)
        if not page.has_view_permission(request):
            raise PermissionDenied
        actor, rows = acting_user(request), page.get_changelist_instance(request).queryset
        resource = kind.resource(actor)
        file, count = rows_write(resource, resource.prepared(rows))
        actions.export_note(kind=kind, count=count, filters=request.GET.urlencode(), actor=actor)
        return csv_file_response(request, file, kind)

    # --- What all pages share

    def _kind(self, request: HttpRequest, code: str, *, to: Callable[[Any, CsvKind | None], bool]) -> CsvKind:
        """The kind of rows, for who may do this with it.

        Raises:
            Http404: there is no such kind.
            PermissionDenied: this user may not; where there is no such kind, with none at all.
        """
        kind = kind_by_code(code)
        if not to(request.user, kind):
            raise PermissionDenied
        if kind is None:
            raise Http404
        return kind

    def _job(self, request: HttpRequest, job_id: UUID) -> ImportJob:
        job = job_by_id(job_id)
        if not may_import(request.user, kind_by_code(job.kind) if job else None):
            raise PermissionDenied
        if job is None:
            raise Http404
        return job

    def _list_of(self, kind: CsvKind) -> str:
        return reverse(f"admin:{kind.model._meta.label_lower.replace('.', '_')}_changelist")  # noqa: SLF001 - Django's name for it

    def _page(self, request: HttpRequest, template: str, facts: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **facts}
        return TemplateResponse(request, template, context)
