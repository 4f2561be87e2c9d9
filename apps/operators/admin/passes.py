"""The passes by which operators were in a tenant, on a page of the tenant's own (TEN-2)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from apps.accounts.permissions import Permission
from apps.operators.actions import pass_end
from apps.operators.models import OperatorPass
from apps.tenants.admin_base import ReadOnlyAdmin, acting_user, exact_time
from apps.tenants.admin_questions import detail_action, question_page
from apps.tenants.admin_reach import EVERY_ROW
from apps.tenants.admin_sites import tenant_site


@admin.register(OperatorPass, site=tenant_site)
class OperatorPassAdmin(ReadOnlyAdmin):
    """Who of the installation's operators was in here, why and for how long; who is here can be sent away."""

    permission = Permission.AUDIT
    serves_all = EVERY_ROW
    list_display = ("operator_name", "state", "reason", "issued", "until", "entered", "ended_by")
    list_select_related = ("ended_by",)
    search_fields = ("operator_name", "operator_email", "reason")
    fields = (
        ("operator_name", "operator_email"),
        "reason",
        ("issued", "until"),
        ("entered", "ended"),
        "ended_by",
    )
    readonly_fields = ("issued", "until", "entered", "ended")
    actions_detail = ("end",)

    @display(description=_("state"), label={"valid": "warning", "ended": "info"})  # type: ignore[untyped-decorator]
    def state(self, row: OperatorPass) -> tuple[str, str]:
        """Whether somebody may be in here by it."""
        return ("valid", _t("Valid now")) if _is_valid(row) else ("ended", _t("Ended"))

    @admin.display(description=_("from"), ordering="issued_at")
    def issued(self, row: OperatorPass) -> str:
        """Since when it was valid."""
        return exact_time(row.issued_at)

    @admin.display(description=_("until"), ordering="expires_at")
    def until(self, row: OperatorPass) -> str:
        """Until when, unless it was ended."""
        return exact_time(row.expires_at)

    @admin.display(description=_("came in"))
    def entered(self, row: OperatorPass) -> str:
        """When it was used."""
        return exact_time(row.entered_at)

    @admin.display(description=_("ended"))
    def ended(self, row: OperatorPass) -> str:
        """When it ended."""
        return exact_time(row.ended_at)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Ending it, while it is valid."""
        row = self.get_object(request, str(object_id))
        offered: list[Any] = super().get_actions_detail(request, object_id)
        return offered if row is not None and _may_end(request) and _is_valid(row) else []

    @detail_action(_("End now"), path="end", icon="logout")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the operator away at once."""
        if not _may_end(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404

        def do(_data: dict[str, Any]) -> str:
            pass_end(operator_pass=row, actor=acting_user(request))
            return str(_t("The pass of %s has ended.") % row)

        words = {
            "title": _t("End now"),
            "intro": _t("Whoever is in here by this pass is signed out at once. Operators can take another one."),
            "button": _t("End now"),
            "danger": True,
        }
        return question_page(self, request, row, words=words, form=forms.Form(request.POST or None), do=do)


def _is_valid(row: OperatorPass) -> bool:
    return row.ended_at is None and row.expires_at > timezone.now()


def _may_end(request: HttpRequest) -> bool:
    return bool(acting_user(request).may(Permission.SETTINGS))
