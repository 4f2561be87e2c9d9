"""Admin pages of reply times and their messages (CHAT-11)."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.clocks import actions
from apps.clocks.models import ReplyMessage, ReplyRules
from apps.clocks.text import DEFAULTS, VARIABLES, built_in_text
from apps.conversations.variables import variables_help
from apps.tenants.admin_base import AnyForm, SetupAdmin
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_texts import BuiltInText, built_in_help

CUSTOMER_WAITS = (
    "due_on",
    "due_percent",
    "overdue_on",
    "overdue_seconds",
    "inactivity_on",
    "inactivity_seconds",
    "inactivity_sets_away",
)
AGENT_WAITS = ("idle_reminder_on", "idle_percent", "idle_on", "idle_seconds", "auto_close_on", "auto_close_seconds")


@admin.register(ReplyRules, site=tenant_site)
class ReplyRulesAdmin(SetupAdmin):
    """How long an answer may take on each channel family."""

    permission = "settings"
    can_add = can_delete = False
    actions = None
    list_display = ("family", "overdue_seconds", "inactivity_seconds", "idle_seconds", "auto_close_seconds")
    fieldsets = (
        (None, {"fields": ("family",)}),
        (_("While the customer waits"), {"fields": CUSTOMER_WAITS}),
        (_("While the agent waits"), {"fields": AGENT_WAITS}),
    )
    conditional_fields: ClassVar[dict[str, str]] = {
        "due_percent": "due_on == true",
        "inactivity_seconds": "inactivity_on == true",
        "inactivity_sets_away": "inactivity_on == true",
        "idle_percent": "idle_reminder_on == true",
        "auto_close_seconds": "auto_close_on == true",
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The family is the row."""
        del request, obj
        return ("family",)

    def store(self, request: HttpRequest, row: ReplyRules, form: AnyForm) -> None:
        """Change the times of a family."""
        del request, form
        actions.reply_rules_save(rules=row)


@admin.register(ReplyMessage, site=tenant_site)
class ReplyMessageAdmin(SetupAdmin):
    """What is said at a stage, by language; a stage without a message of its own has a text of ours."""

    permission = "settings"
    purpose = _(
        "What is said at a stage of waiting, by language. A stage without a message of its own has a text of ours."
    )
    actions = None
    list_display = ("stage", "rules", "language", "body")
    list_filter = ("rules", "stage")
    list_before_template = "tenants/admin_built_in_texts.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """With our own text, and the variables that a message may use."""
        stage = obj.stage if obj else request.GET.get("stage", "")
        language = obj.language if obj else request.GET.get("language", "")
        told = built_in_help(self.built_in_texts(language), stage)
        kwargs["help_texts"] = {"body": format_html("{}{}", told, variables_help(VARIABLES))}
        return super().get_form(request, obj, change=change, **kwargs)

    def built_in_texts(self, language: str = "") -> list[BuiltInText]:
        """Our own text of each stage, in the closest language that we have."""
        return [BuiltInText("stage", stage, stage.label, built_in_text(stage, language)) for stage in DEFAULTS]

    def store(self, request: HttpRequest, row: ReplyMessage, form: AnyForm) -> None:
        """Make a message or change it."""
        del request, form
        actions.reply_message_save(message=row)

    def remove(self, request: HttpRequest, row: ReplyMessage) -> None:
        """Delete a message."""
        del request
        actions.reply_message_delete(message=row)
