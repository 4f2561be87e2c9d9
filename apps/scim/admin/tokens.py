"""The tokens by which directories write users and groups (TEN-6)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from apps.accounts.permissions import Permission
from apps.queues.admin.pages import detail_action, is_new, question_page
from apps.scim.actions import directory_token_create, directory_token_revoke, directory_token_update
from apps.scim.admin.roles import GivingAdmin
from apps.scim.choices import DAYS, DAYS_MOST
from apps.scim.documents import base_address
from apps.scim.models import DirectoryToken
from apps.tenants.admin_base import AnyForm, acting_user, exact_time
from apps.tenants.admin_sites import tenant_site


class TokenForm(AnyForm):
    """A token; for a new one, also how long it is valid."""

    days = forms.IntegerField(
        label=_("Valid for (days)"),
        min_value=1,
        max_value=DAYS_MOST,
        initial=DAYS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("1 to 1,095 days, 365 by default. Make the next one before it ends: both work beside each other."),
    )

    class Meta:
        model = DirectoryToken
        fields = ("name", "sends_invitations", "new_user_role")


@admin.register(DirectoryToken, site=tenant_site)
class DirectoryTokenAdmin(GivingAdmin):
    """Each directory has its token, which is shown once, ends by itself and can be revoked."""

    permission = Permission.SETTINGS
    can_delete = False
    actions = None
    form = TokenForm
    purpose = _(
        "Entra ID, Okta, Keycloak and others can make, change and deactivate your users by themselves. Make a token for"
        " yours, and enter it there together with the address that you are shown."
    )
    list_display = ("name", "state", "until", "used", "created_by")
    list_select_related = ("created_by",)
    readonly_fields = ("address", "until", "used", "made", "created_by", "condition")
    actions_detail = ("revoke",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is chosen; of one that is there, also what became of it."""
        del request
        if obj is None:
            return ((None, {"fields": ("name", "days", "new_user_role", "sends_invitations")}),)
        state = (("condition", "until"), ("used", "made"), "created_by", "address")
        return (
            (None, {"fields": ("name", "new_user_role", "sends_invitations")}),
            (_("State"), {"fields": state}),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[DirectoryToken]:
        """With who made each."""
        tokens: QuerySet[DirectoryToken] = super().get_queryset(request)
        return tokens.select_related("created_by")

    @display(description=_("state"), label={"valid": "success", "over": "info"})  # type: ignore[untyped-decorator]
    def state(self, row: DirectoryToken) -> tuple[str, str]:
        """Whether it opens anything."""
        return "valid" if row.is_valid else "over", self.condition(row)

    @admin.display(description=_("state"))
    def condition(self, row: DirectoryToken) -> str:
        """The same in words, for its page."""
        if row.revoked_at is not None:
            return _t("Revoked")
        return _t("Valid") if row.is_valid else _t("Expired")

    @admin.display(description=_("valid until"), ordering="expires_at")
    def until(self, row: DirectoryToken) -> str:
        """Until when."""
        return exact_time(row.expires_at)

    @admin.display(description=_("last used"), ordering="last_used_at")
    def used(self, row: DirectoryToken) -> str:
        """When, to the minute."""
        return exact_time(row.last_used_at) if row.last_used_at else _t("Never")

    @admin.display(description=_("made"))
    def made(self, row: DirectoryToken) -> str:
        """Since when it is there."""
        return exact_time(row.created_at)

    @admin.display(description=_("address for the directory"))
    def address(self, _row: DirectoryToken) -> str:
        """Where SCIM is."""
        return base_address()

    def store(self, request: HttpRequest, row: DirectoryToken, form: AnyForm) -> None:
        """Make it, or write what is chosen."""
        actor = acting_user(request)
        if is_new(row):
            days = form.cleaned_data["days"]
            request.secret = directory_token_create(token=row, days=days, actor=actor)  # type: ignore[attr-defined]
        else:
            directory_token_update(token=row, actor=actor)

    def response_add(self, request: HttpRequest, obj: DirectoryToken, post_url_continue: str | None = None) -> Any:
        """Show its secret, this once."""
        del post_url_continue
        back = reverse("admin:scim_directorytoken_changelist")
        facts = {
            "opts": self.opts,
            "title": _t("Token"),
            "token": obj,
            "secret": request.secret,  # type: ignore[attr-defined]
            "address": base_address(),
            "back": back,
        }
        context = {**self.admin_site.each_context(request), **facts}
        return TemplateResponse(request, "scim/token_made.html", context, headers={"Cache-Control": "no-store"})

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Revoking it, while it is valid."""
        row = self.get_object(request, str(object_id))
        offered: list[Any] = super().get_actions_detail(request, object_id)
        return offered if row is not None and row.is_valid and self.has_change_permission(request, row) else []

    @detail_action(_("Revoke"), path="revoke", icon="block")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have it open nothing any more."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied

        def do(_data: dict[str, Any]) -> str:
            directory_token_revoke(token=row, actor=acting_user(request))
            return str(_t("“%s” opens nothing any more.") % row)

        words = {
            "title": _t("Revoke"),
            "intro": _t(
                "The directory that uses this token can’t write anything from now on. Its users stay as they are. A"
                " token can’t be taken back into use: make another one."
            ),
            "button": _t("Revoke"),
            "danger": True,
        }
        return question_page(self, request, row, words=words, form=forms.Form(request.POST or None), do=do)
