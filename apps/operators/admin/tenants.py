"""The operators' page of tenants (TEN-2)."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import tenant_context
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from apps.core.errors import DomainError
from apps.operators.actions import pass_issue
from apps.operators.choices import MINUTES
from apps.operators.selectors import tenant_figures, tenant_file_bytes
from apps.tenants.actions import tenant_freeze, tenant_rename, tenant_set_hosts
from apps.tenants.admin_base import AnyForm, OperatorAdmin, acting_user, exact_time
from apps.tenants.admin_questions import detail_action, may_change, question_page, row_to_change
from apps.tenants.admin_sites import operator_site
from apps.tenants.links import absolute_url
from apps.tenants.models import Tenant


class TenantForm(AnyForm):
    """A tenant, its host names one on each line."""

    hosts = forms.CharField(
        label=_("Host names"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("One on each line, without port; the first is the primary one."),
    )

    class Meta:
        model = Tenant
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = self.instance.domains.order_by("-is_primary", "domain").values_list("domain", flat=True)
        self.initial["hosts"] = "\n".join(names)


class PassForm(forms.Form):
    """Why an operator enters, and for how long."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The tenant’s people read it: what you were asked to look at, and by whom."),
    )
    minutes = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[(each, format_lazy("{} {}", each, _("minutes"))) for each in MINUTES],
        initial=30,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(Tenant, site=operator_site)
class TenantAdmin(OperatorAdmin):
    """Tenants (TEN-2). They are made by `manage.py tenant_create`, which also makes their owner."""

    can_add = can_delete = False
    actions = None
    form = TenantForm
    list_display = ("name", "hosts", "state", "version", "database_size", "users", "conversations", "last_sign_in")
    list_filter = ("is_frozen",)
    list_per_page = 50
    search_fields = ("name", "schema_name", "domains__domain")
    found_by = ("name", "schema_name")
    readonly_fields = (
        "schema_name",
        "created",
        "condition",
        "release",
        "database_size",
        "file_size",
        "users",
        "conversations",
        "last_sign_in",
    )
    fieldsets = (
        (None, {"fields": ("name", "hosts")}),
        (_("State"), {"fields": (("condition", "release"), ("schema_name", "created"))}),
        (_("Size and use"), {"fields": (("database_size", "file_size"), ("users", "conversations"), "last_sign_in")}),
    )
    actions_detail = ("enter", "freeze", "unfreeze")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        """Those that companies have, with their host names; the operators' own schema is none."""
        tenants: QuerySet[Tenant] = super().get_queryset(request)
        return tenants.exclude(schema_name="public").prefetch_related("domains")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list, with the figures of the tenants on this page of it."""
        changelist = super().get_changelist_instance(request)
        changelist.result_list = with_figures(list(changelist.result_list))
        return changelist

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """A tenant, with its figures."""
        row = super().get_object(request, object_id, from_field)
        return row and with_figures([row])[0]

    @admin.display(description=_("host names"))
    def hosts(self, row: Any) -> str:
        """All of them, the primary one first."""
        return ", ".join(host.domain for host in sorted(row.domains.all(), key=lambda host: not host.is_primary))

    @display(description=_("state"), label={"served": "success", "frozen": "warning"})  # type: ignore[untyped-decorator]
    def state(self, row: Tenant) -> tuple[str, str]:
        """Whether its pages answer; since when they don't."""
        if not row.is_frozen:
            return "served", _t("Served")
        return "frozen", _t("Frozen since %s") % exact_time(row.frozen_at) if row.frozen_at else _t("Frozen")

    @display(description=_("version"), label={"current": "success", "behind": "danger", "none": "danger"})  # type: ignore[untyped-decorator]
    def version(self, row: Any) -> tuple[str, str]:
        """Whether the last upgrade has reached it."""
        if row.figures is None:
            return "none", _t("No schema")
        return ("behind", _t("Behind: run migrate_all")) if row.figures.is_behind else ("current", _t("Up to date"))

    @admin.display(description=_("state"))
    def condition(self, row: Tenant) -> str:
        """The same in words, for its page."""
        return str(self.state(row)[1])

    @admin.display(description=_("version"))
    def release(self, row: Any) -> str:
        """The same in words, for its page."""
        return str(self.version(row)[1])

    @admin.display(description=_("created"))
    def created(self, row: Tenant) -> str:
        """Since when it is there."""
        return exact_time(row.created_at)

    @admin.display(description=_("database"))
    def database_size(self, row: Any) -> str:
        """What its tables take."""
        return filesizeformat(row.figures.database_bytes) if row.figures else "–"

    @admin.display(description=_("files"))
    def file_size(self, row: Tenant) -> str:
        """What its files take."""
        return filesizeformat(tenant_file_bytes(row))

    @admin.display(description=_("users"))
    def users(self, row: Any) -> str:
        """How many may sign in."""
        return str(row.figures.users) if row.figures else "–"

    @admin.display(description=_("conversations"))
    def conversations(self, row: Any) -> str:
        """About how many it has had."""
        return _t("about %s") % intcomma(row.figures.conversations) if row.figures else "–"

    @admin.display(description=_("last sign-in"))
    def last_sign_in(self, row: Any) -> str:
        """When somebody last came in."""
        return exact_time(row.figures.last_sign_in) if row.figures else "–"

    def store(self, request: HttpRequest, row: Tenant, form: AnyForm) -> None:
        """Write name and host names."""
        del request
        changed, data = set(form.changed_data), form.cleaned_data
        if "name" in changed:
            tenant_rename(tenant=row, name=data["name"])
        if "hosts" in changed:
            tenant_set_hosts(tenant=row, hosts=data["hosts"].split())

    # --- What is done with a tenant rather than written about it

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What can be done with this tenant now."""
        if not may_change(self, request, object_id):
            return []
        row = self.get_object(request, str(object_id))
        possible = {"enter": not row.is_frozen, "freeze": not row.is_frozen, "unfreeze": row.is_frozen}
        offered = super().get_actions_detail(request, object_id)
        return [each for each in offered if possible[each.action_name.removeprefix("tenants_tenant_")]]

    @detail_action(_("Enter…"), path="enter", icon="login")
    def enter(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take a pass, and the link that leads in by it."""
        row: Tenant = row_to_change(self, request, object_id)
        form = PassForm(request.POST or None)
        if form.is_valid():
            try:
                key = pass_issue(tenant=row, operator=acting_user(request), **form.cleaned_data)
            except DomainError as refused:
                form.add_error(None, str(refused.message))
            else:
                return self._pass_issued(request, row, key)
        words = {
            "title": _t("Enter"),
            "intro": _t(
                "You get a pass: for as long as it is valid you may change the settings of this tenant, and read its"
                " audit log. You don’t see conversations or secured values; of mails, who wrote to whom about what."
                " Its people see who is in, why and how long, and can end it."
            ),
            "button": _t("Take a pass"),
        }
        return question_page(self, request, row, words=words, form=form, do=lambda _data: "")

    def _pass_issued(self, request: HttpRequest, row: Tenant, key: str) -> HttpResponse:
        with tenant_context(row):
            link = absolute_url(reverse("operator_pass", args=[key], urlconf=settings.ROOT_URLCONF))
        back = reverse("admin:tenants_tenant_change", args=[row.pk])
        facts = {"opts": self.opts, "original": row, "title": _t("Enter"), "link": link, "back": back}
        context = {**self.admin_site.each_context(request), **facts}
        return TemplateResponse(request, "operators/pass_issued.html", context, headers={"Cache-Control": "no-store"})

    @detail_action(_("Freeze"), path="freeze", icon="ac_unit")
    def freeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Close its pages and sockets; its data stays."""
        words = {
            "title": _t("Freeze"),
            "intro": _t(
                "Its pages, sockets, mail and deadlines stop at once, and everybody who opens a page is told so."
                " All data stays, and it goes on where it was when it is unfrozen."
            ),
            "button": _t("Freeze"),
            "danger": True,
        }
        return self._switch(request, object_id, words, frozen=True)

    @detail_action(_("Unfreeze"), path="unfreeze", icon="play_arrow")
    def unfreeze(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open its pages again."""
        words = {
            "title": _t("Unfreeze"),
            "intro": _t("Its pages answer again. What was due meanwhile comes up now."),
            "button": _t("Unfreeze"),
        }
        return self._switch(request, object_id, words, frozen=False)

    def _switch(self, request: HttpRequest, object_id: str, words: dict[str, Any], *, frozen: bool) -> HttpResponse:
        row: Tenant = row_to_change(self, request, object_id)

        def do(_data: dict[str, Any]) -> str:
            tenant_freeze(tenant=row, frozen=frozen)
            return (_t("“%s” is frozen.") if frozen else _t("“%s” is served again.")) % row

        return question_page(self, request, row, words=words, form=forms.Form(request.POST or None), do=do)


def with_figures(tenants: list[Any]) -> list[Any]:
    """Tenants that know their figures: None where there is no schema."""
    figures = tenant_figures(tenants)
    for tenant in tenants:
        tenant.figures = figures.get(tenant.schema_name)
    return tenants
