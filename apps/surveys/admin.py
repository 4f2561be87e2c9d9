"""Admin pages of surveys and of what was answered (SRV-1 to SRV-5)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from apps.agents.reach import is_within_reach, own_queues, queues_served_by
from apps.queues.admin.duplicate import QueuesDuplicateForm
from apps.queues.models import Queue
from apps.surveys import actions
from apps.surveys.choices import ASKED_IN, Frequency, Kind
from apps.surveys.figures import figure_expressions
from apps.surveys.models import Survey, SurveyRequest, SurveyText
from apps.surveys.selectors import request_state
from apps.surveys.text import score_text
from apps.surveys.tokens import token_make
from apps.tenants.admin_base import AnyForm, InlineRows, ReadOnlyAdmin, acting_user, exact_time, form_subclass
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_reach import counted, has_full_reach
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline

SPAN = timedelta(days=30)
"""What the figures of the list are about."""


def language_choices() -> list[tuple[str, Any]]:
    """Every language by its own name and ours, and what serves all others."""
    known = [(code, get_language_info(code)) for code, _name in settings.LANGUAGES]
    named = [(code.lower(), f"{info['name_local']} ({code})") for code, info in known]
    return [("", _("Every other language")), *named]


class TextForm(AnyForm):
    """What is said on a channel in one language."""

    language = forms.ChoiceField(
        label=_("Language"), choices=language_choices, required=False, widget=UnfoldAdminSelectWidget
    )

    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[(family.value, family.label) for family in ASKED_IN],
        widget=UnfoldAdminSelectWidget,
    )

    class Meta:
        model = SurveyText
        fields = ("channel", "language", "request", "thanks")
        widgets: Any = {
            name: UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"}) for name in ("request", "thanks")
        }


class TextInline(SetupInline):
    """What a survey says; what is left empty is said in Parley's own words."""

    model = SurveyText
    form = TextForm
    template = "admin/edit_inline/stacked.html"
    fields = (("channel", "language"), ("request", "thanks"))


class SurveyForm(AnyForm):
    """A survey, and the queues that it serves."""

    reachable: QuerySet[Queue] | None = None
    serves = forms.ModelMultipleChoiceField(
        label=_("Queues"),
        queryset=Queue.objects.none(),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Where a conversation ends decides: the last queue's survey is asked."),
    )

    class Meta:
        model = Survey
        fields = (
            "name",
            "description",
            "kind",
            "is_active",
            "frequency",
            "nth",
            "agents_trigger",
            "out_of_hours",
            "no_agents",
            "customer_silent",
            "agent_silent",
            "forced",
            "asks_comment",
            "expires_hours",
        )
        labels: Any = {"nth": _("n, for every nth"), "expires_hours": _("Can be answered for so many hours")}
        help_texts: Any = {"expires_hours": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "serves" in self.fields:
            field: Any = self.fields["serves"]
            field.queryset = (self.reachable or Queue.objects.all()).order_by("name")
            if not self.instance._state.adding:  # noqa: SLF001 - Django's own way to ask
                self.initial["serves"] = [place.queue_id for place in self.instance.places.all()]


class SurveyDuplicateForm(QueuesDuplicateForm):
    """The copy of a survey, with queues that have none."""

    def free_queues(self) -> QuerySet[Queue]:
        """Those without their own."""
        return Queue.objects.filter(survey_place=None)


@admin.register(Survey, site=tenant_site)
class SurveyAdmin(DuplicateAdmin):
    """Surveys, with the figures of the last thirty days; supervisors have those of their own queues alone."""

    purpose = _("What customers are asked when a conversation ends, and when.")
    form = SurveyForm
    duplicate_form = SurveyDuplicateForm
    duplicate_note = _("Each queue has one survey: choose those that get the copy. It begins switched off.")
    list_display = ("name", "served", "kind", "asked_whom", "is_active", "sent", "rate", "result")
    search_fields = ("name", "description")
    found_by = ("name",)
    inlines = (TextInline,)
    serves = ("places__queue",)
    serves_all = Q(is_default=True)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The default one names no queues."""
        del request
        serves: list[Any] = [] if obj is not None and obj.is_default else [(_("Serves"), {"fields": ("serves",)})]
        return [
            (None, {"fields": (("name", "kind"), "description", ("is_active", "asks_comment"), "expires_hours")}),
            *serves,
            (
                _("Who is asked"),
                {
                    "fields": (("frequency", "nth"), "agents_trigger"),
                    "description": _("After conversations that the agent or the customer ended."),
                },
            ),
            (
                _("Also asked"),
                {
                    "fields": (("out_of_hours", "no_agents"), ("customer_silent", "agent_silent"), "forced"),
                    "description": _(
                        "What ended in a flow or by inactivity counts for the conversation, and for no agent."
                    ),
                },
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        """With the queues of each, and its figures."""
        rows: QuerySet[Survey] = super().get_queryset(request)
        since = Q(requests__asked_at__gte=timezone.now() - SPAN) & (counted(request, "requests__queue") or Q())
        found = {f"found_{name}": each for name, each in figure_expressions("requests__", since).items()}
        return rows.prefetch_related("places__queue").annotate(**found)

    # --- Whose it is

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Supervisors too, for their own queues."""
        user = acting_user(request)
        return self.has_view_permission(request) and is_within_reach(user, own_queues(user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may change it; not the default one."""
        if obj is None:
            return self.has_view_permission(request)
        return self.has_change_permission(request, obj) and not obj.is_default

    # --- The form

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """Supervisors choose among their own queues."""
        form = super().get_form(request, obj, change=change, **kwargs)
        reachable = None if has_full_reach(request) else queues_served_by(acting_user(request).pk)
        return form_subclass(form, {"reachable": reachable})

    def store(self, request: HttpRequest, row: Survey, form: AnyForm) -> None:
        """Make or change a survey."""
        actions.survey_save(survey=row, queues=form.cleaned_data.get("serves") or (), actor=acting_user(request))

    def store_inline_rows(self, request: HttpRequest, row: Survey, lines: InlineRows) -> None:
        """Write what it says."""
        del request, row
        actions.survey_texts_set(kept=lines.kept, gone=lines.deleted)

    def remove(self, request: HttpRequest, row: Survey) -> None:
        """Delete a survey that nobody was asked."""
        actions.survey_delete(survey=row, actor=acting_user(request))

    # --- The list

    @admin.display(description=_("queues"))
    def served(self, row: Survey) -> str:
        """Where it is asked."""
        names = ", ".join(sorted(place.queue.name for place in row.places.all()))
        return _t("Every queue without its own") if row.is_default else names or "–"

    @admin.display(description=_("asked"))
    def asked_whom(self, row: Survey) -> str:
        """Who is asked after a conversation with an agent."""
        agents = _t("when the agent sends it") if row.agents_trigger else ""
        if row.frequency == Frequency.EVERYONE:
            return _t("everyone")
        every = _t("one in %(nth)d") % {"nth": row.nth} if row.frequency == Frequency.NTH else ""
        return ", ".join(filter(None, (every, agents))) or "–"

    @admin.display(description=_("sent in 30 days"), ordering="found_asked")
    def sent(self, row: Any) -> int:
        """How many were asked."""
        return int(row.found_asked)

    @admin.display(description=_("answered"), ordering="found_rate")
    def rate(self, row: Any) -> str:
        """The share of them that answered."""
        return "–" if row.found_rate is None else f"{row.found_rate:.0f} % ({row.found_answered})"

    @admin.display(description=_("result"))
    def result(self, row: Any) -> str:
        """What they said on the whole."""
        if row.kind == Kind.CSAT:
            return "–" if row.found_csat is None else f"{row.found_csat:.2f} / 5"
        if row.kind == Kind.NPS:
            return "–" if row.found_nps is None else f"{row.found_nps:+.0f}"
        return "–" if row.found_likes is None else _t("%(share).0f %% like it") % {"share": row.found_likes}


@admin.register(SurveyRequest, site=tenant_site)
class SurveyRequestAdmin(ReadOnlyAdmin):
    """Who was asked, and what they answered. Nobody changes it; supervisors read what came in their own queues.

    The link stands here, and not in the console: an agent who could open it could answer it.
    """

    permission = "monitor"
    list_display = ("contact", "score_shown", "comment_start", "queue", "counts_for", "survey", "asked", "status")
    list_display_links = ("contact", "score_shown")
    list_filter = ("kind", "survey", "queue", "reason")
    search_fields = ("comment", "conversation__contact__name", "conversation__contact__email")
    date_hierarchy = None
    serves = ("queue",)
    fieldsets = (
        (None, {"fields": (("contact", "stands"), ("score_shown", "comment"), ("answered", "via"))}),
        (
            _("How it was asked"),
            {"fields": (("survey", "kind"), ("queue", "channel"), ("reason", "counts_for"), ("asked", "until"))},
        ),
        (_("Link"), {"fields": ("link",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyRequest]:
        """Spam is none."""
        rows: QuerySet[SurveyRequest] = super().get_queryset(request).filter(conversation__is_spam=False)
        return rows.select_related("survey", "queue", "agent", "conversation__contact")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SurveyRequest | None:
        """With the address that its link begins with."""
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.link_made = request.build_absolute_uri(
                reverse("surveys:page", args=[token_make(row)], urlconf="config.urls_tenant")
            )
        return row  # type: ignore[no-any-return]

    @admin.display(description=_("contact"))
    def contact(self, row: SurveyRequest) -> str:
        """Who was asked."""
        return row.conversation.contact.display_name

    @admin.display(description=_("score"), ordering="score")
    def score_shown(self, row: SurveyRequest) -> str:
        """What they answered."""
        return score_text(row) or "–"

    @admin.display(description=_("comment"))
    def comment_start(self, row: SurveyRequest) -> str:
        """How the comment begins."""
        return row.comment if len(row.comment) <= 80 else f"{row.comment[:79]}…"

    @admin.display(description=_("counts for"), ordering="agent__last_name")
    def counts_for(self, row: SurveyRequest) -> str:
        """The agent, or the conversation alone (SRV-4)."""
        return str(row.agent) if row.agent else _t("The conversation alone")

    @admin.display(description=_("sent"), ordering="asked_at")
    def asked(self, row: SurveyRequest) -> str:
        """When."""
        return exact_time(row.asked_at)

    @admin.display(description=_("until"))
    def until(self, row: SurveyRequest) -> str:
        """Till when it can be answered."""
        return exact_time(row.expires_at)

    @admin.display(description=_("answered"))
    def answered(self, row: SurveyRequest) -> str:
        """When."""
        return exact_time(row.answered_at)

    @display(  # type: ignore[untyped-decorator]
        description=_("status"), label={"answered": "success", "open": "info", "expired": "warning"}
    )
    def status(self, row: SurveyRequest) -> tuple[str, str]:
        """Whether it can still be answered."""
        return request_state(row), self.stands(row)

    @admin.display(description=_("status"))
    def stands(self, row: SurveyRequest) -> str:
        """The same in words."""
        names = {"answered": _t("Answered"), "open": _t("Open"), "expired": _t("Expired")}
        return names[request_state(row)]

    @admin.display(description=_("for the customer"))
    def link(self, row: Any) -> SafeString | str:
        """Where its customer may answer it, while that is possible."""
        if request_state(row) != "open":
            return _t("It can't be answered any more.")
        looks = "bg-base-50 border border-base-200 rounded-default block break-all font-mono p-3 select-all"
        dark = "dark:bg-base-800 dark:border-base-700"
        return format_html('<code class="{} {}" dir="ltr">{}</code>', looks, dark, row.link_made)
