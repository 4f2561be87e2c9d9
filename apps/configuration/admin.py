"""The page of the configuration: take it away, compare a file with it, carry chosen sections here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.encoding import force_str
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET
from unfold.widgets import UnfoldAdminFileFieldWidget

from apps.configuration.actions import configuration_apply, configuration_export, may_configure
from apps.configuration.document import SectionDifference, document_compare, document_read
from apps.configuration.models import Configuration
from apps.core.errors import DomainError
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, refusal_sentences
from apps.tenants.admin_sites import tenant_site

PAGE_BYTES = 700_000
"""The largest file that the page takes: it stands in the form between comparing and carrying."""


class CompareForm(forms.Form):
    """A file to compare."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A file that was exported here or from another tenant, at most 700 KB."),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".json,application/json"}),
    )


@admin.register(Configuration, site=tenant_site)
class ConfigurationAdmin(ReadOnlyAdmin):
    """All that is set up, as one file (TEN-9)."""

    menu_label = _("Configuration")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who set up everything."""
        return obj is None and may_configure(request.user)

    def get_urls(self) -> list[URLPattern]:
        """The page and the file, and nothing else of an admin's pages."""
        guard = self.admin_site.admin_view
        return [
            path("", guard(self.changelist_view), name="configuration_configuration_changelist"),
            path("export/", guard(require_GET(self.export_view)), name="configuration_export"),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        if not may_configure(request.user):
            raise PermissionDenied
        try:
            text = configuration_export(actor=acting_user(request))
        except ValidationError as refused:
            self.message_user(request, " ".join(refusal_sentences(refused)), messages.ERROR)
            return redirect("admin:configuration_configuration_changelist")
        headers = {
            "Content-Disposition": 'attachment; filename="configuration.json"',
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page; with a file, what differs; with chosen sections, they are carried here."""
        del extra_context
        if not may_configure(request.user):
            raise PermissionDenied
        form, found, text = CompareForm(), None, ""
        if request.method == "POST":
            # Bound, even where nothing was sent: it has to be able to say so.
            form = CompareForm(request.POST, request.FILES)
            text = self._text(request, form)
            try:
                found = self._compared(text)
                if "carry" in request.POST:
                    return self._carried(request, text)
                configuration_apply(
                    document=document_read(text.encode()),
                    sections=[each.section.code for each in found],
                    actor=acting_user(request),
                    is_trial=True,
                )
            except (DomainError, ValidationError) as refused:
                form.is_valid()
                form.errors.clear()
                form.add_error(None, " ".join(map(force_str, refusal_sentences(refused))))
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Configuration"),
            "opts": self.opts,
            "form": form if request.method != "POST" or form.errors else CompareForm(),
            "refusals": form.non_field_errors() if request.method == "POST" else [],
            "found": found,
            "text": text,
            "differs": any(each.rows for each in found or []),
        }
        return TemplateResponse(request, "configuration/page.html", context)

    def _text(self, request: HttpRequest, form: CompareForm) -> str:
        if "carry" in request.POST:
            return request.POST.get("text", "")
        if not form.is_valid():
            return ""
        content = form.cleaned_data["file"].read(PAGE_BYTES + 1)
        return content.decode("utf-8-sig", "replace") if len(content) <= PAGE_BYTES else " " * (PAGE_BYTES + 1)

    def _compared(self, text: str) -> list[SectionDifference]:
        if len(text) > PAGE_BYTES:
            raise ValidationError(_t("The file is larger than 700 KB: carry it by the command instead."))
        return document_compare(document_read(text.encode()))

    def _carried(self, request: HttpRequest, text: str) -> HttpResponse:
        chosen = request.POST.getlist("section")
        found = configuration_apply(document=document_read(text.encode()), sections=chosen, actor=acting_user(request))
        count = sum(len(each.rows) for each in found)
        said = ngettext("%d row was written.", "%d rows were written.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:configuration_configuration_changelist")
