"""The pages on which an administrator says what is taken out of messages, and tries it (FRM-6)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from apps.core.errors import DomainError
from apps.masking.actions import rule_delete, rule_save
from apps.masking.choices import MaskingMethod, RuleKind, Speaker
from apps.masking.custom_patterns import check_custom_pattern
from apps.masking.engine import Ruleset
from apps.masking.models import MaskingRule
from apps.masking.preview import MaskingPreview, masking_preview
from apps.queues.models import Queue
from apps.tenants.admin_base import AnyForm, SetupAdmin, refusal_sentences
from apps.tenants.admin_sites import tenant_site

TRIED_MOST = 10_000
EXAMPLES: dict[str, str] = {
    RuleKind.CARD: "4111 1111 1111 1111",
    RuleKind.IBAN: "DE89 3704 0044 0532 0130 00",
    RuleKind.US_SSN: "078-05-1120",
    RuleKind.UK_NINO: "AB 12 34 56 C",
    RuleKind.DE_TAX: "65 929 970 489",
    RuleKind.FR_NIR: "2 55 08 14 168 025 38",
    RuleKind.ES_DNI: "12345678Z",
    RuleKind.IT_CF: "RSSMRA85T10A562S",
    RuleKind.NL_BSN: "123456782",
    RuleKind.PL_PESEL: "44051401359",
    RuleKind.CH_AHV: "756.9217.0769.85",
    RuleKind.BR_CPF: "111.444.777-35",
    RuleKind.IN_AADHAAR: "2341 2341 2346",
}
"""Of each kind a number that is nobody's: they are published as examples."""
STARTERS = (
    (_("E-mail addresses"), _("e-mail address"), r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+", "ana.ruiz@example.com"),
    (_("Phone numbers with country code"), _("phone number"), r"\+[1-9](?:[ ().-]?[0-9]){6,14}", "+44 20 7946 0018"),
)
"""Own patterns to begin with: the rule's name, what it finds is called, the pattern, an example."""
RULE_ITSELF = ("pattern", "method", "replacement", "sign", "keep_last")
"""The fields without which a rule can't be tried; what else it lacks, its page says when it is saved."""


class RuleForm(AnyForm):
    """One rule."""

    class Meta:
        model = MaskingRule
        fields = (
            "name",
            "is_active",
            "pattern",
            "told_as",
            "method",
            "replacement",
            "sign",
            "keep_last",
            "who",
            "all_queues",
            "queues",
            "position",
        )
        help_texts: Any = {
            "pattern": _(
                "A regular expression as RE2 reads it, such as KD-?[0-9]{6} for KD-123456. Capitals and small letters, "
                "digits of all scripts, and all spaces and dashes are the same to it."
            ),
            "told_as": _("What both sides are told was removed, such as “customer number”."),
            "replacement": _("Such as [card number]."),
            "keep_last": _("0 to 4; never more than half of it."),
            "position": _("Rules are run from low to high, each on what those before it have left."),
        }
        widgets: Any = {"pattern": UnfoldAdminTextInputWidget(attrs={"dir": "ltr", "spellcheck": "false"})}

    def clean_pattern(self) -> str:
        """What is wrong with the pattern stands beside it, and the pattern itself stays: it is not missing."""
        pattern: str = self.cleaned_data["pattern"]
        try:
            if pattern:
                check_custom_pattern(pattern)
        except DomainError as refused:
            self.add_error("pattern", refusal_sentences(refused))
        return pattern


@admin.register(MaskingRule, site=tenant_site)
class MaskingRuleAdmin(SetupAdmin):
    """What is taken out of messages before they are stored."""

    permission = "settings"
    form = RuleForm
    list_display = ("name", "state", "becomes", "said_by", "where", "position")
    list_display_links = ("name",)
    search_fields = ("name", "told_as")
    found_by = ("name",)
    ordering = ("position", "name")
    actions = None
    actions_list = ("try_it",)
    list_before_template = "masking/admin_about.html"
    change_form_outer_before_template = "masking/admin_kinds.html"
    change_form_outer_after_template = "masking/admin_rule_try.html"

    def get_urls(self) -> list[Any]:
        """With the trial of a rule that is not saved."""
        trial = path("try-rule/", self.admin_site.admin_view(self.try_rule), name="masking_maskingrule_try_rule")
        return [trial, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their queues."""
        return super().get_queryset(request).prefetch_related("queues")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A pattern stands on the page of an own rule alone."""
        del request
        is_own = obj is None or obj.kind == RuleKind.OWN
        top: tuple[Any, ...] = (
            ("name", "pattern", "told_as", "is_active") if is_own else ("name", "example", "is_active")
        )
        return [
            (None, {"fields": top}),
            (_("What becomes of it"), {"fields": ("method", "replacement", ("sign", "keep_last"))}),
            (_("Where it looks"), {"fields": ("who", "all_queues", "queues", "position")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The example is there to be read."""
        del request, obj
        return ("example",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not built-in ones."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.kind != RuleKind.OWN)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """With what is found by itself, which needs no rule of one's own, and with patterns to begin with."""
        built_in = self.get_queryset(request).exclude(kind=RuleKind.OWN)
        kinds = {"built_in": [(rule, self.example(rule)) for rule in built_in], "starters": list(_starters())}
        response: HttpResponse = super().add_view(request, form_url, {**(extra_context or {}), **kinds})
        return response

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Queues as boxes to tick."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: MaskingRule, form: AnyForm) -> None:
        """Make or change a rule."""
        del request
        rule_save(rule=row, queues=form.cleaned_data.get("queues") or ())

    def remove(self, request: HttpRequest, row: MaskingRule) -> None:
        """Delete an own rule."""
        del request
        rule_delete(rule=row)

    # --- The list

    @display(description=_("state"), label={"on": "success"})  # type: ignore[untyped-decorator]
    def state(self, row: MaskingRule) -> tuple[str, str]:
        """Whether it is on."""
        return ("on", _t("On")) if row.is_active else ("off", _t("Off"))

    @admin.display(description=_("an example becomes"))
    def becomes(self, row: MaskingRule) -> str:
        """What it does to an example of its kind."""
        rule = row.active(None)
        if row.kind != RuleKind.OWN:
            return rule.replacement_for(EXAMPLES[row.kind])
        return row.replacement if row.method == MaskingMethod.REPLACE else str(row.get_method_display())

    @admin.display(description=_("example"))
    def example(self, row: MaskingRule) -> str:
        """A number of this kind that is nobody's, and what becomes of it."""
        return (
            f"{EXAMPLES[row.kind]} → {row.active(None).replacement_for(EXAMPLES[row.kind])}"
            if row.kind in EXAMPLES
            else "–"
        )

    @admin.display(description=_("in the words of"), ordering="who")
    def said_by(self, row: MaskingRule) -> str:
        """Whose words it looks at."""
        return str(row.get_who_display())

    @admin.display(description=_("queues"))
    def where(self, row: MaskingRule) -> str:
        """In which queues."""
        return _t("All") if row.all_queues else ", ".join(sorted(queue.name for queue in row.queues.all()))

    # --- Trying

    @action(description=_("Try it"), url_path="try", icon="science")  # type: ignore[untyped-decorator]
    def try_it(self, request: HttpRequest) -> HttpResponse:
        """A text, and what becomes of it. It is neither stored nor logged.

        Raises:
            PermissionDenied: they may not see the rules.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST or None)
        trial = self._trial(form) if request.method == "POST" and form.is_valid() else None
        facts = {
            "opts": self.opts,
            "title": _t("Try the masking rules"),
            "form": form,
            "trial": trial,
            "back": reverse("admin:masking_maskingrule_changelist"),
        }
        return TemplateResponse(request, "masking/admin_try.html", {**self.admin_site.each_context(request), **facts})

    def try_rule(self, request: HttpRequest) -> HttpResponse:
        """What the rule that stands on the page would make of a text: neither is kept."""
        return require_POST(self._try_rule)(request)

    def _try_rule(self, request: HttpRequest) -> HttpResponse:
        rule = self.get_object(request, request.GET["rule"]) if "rule" in request.GET else MaskingRule()
        if rule is None:
            raise Http404
        if not self.has_change_permission(request, rule):
            raise PermissionDenied
        form = self.get_form(request, rule)(request.POST, instance=rule)
        errors: list[Any] = [error for name in RULE_ITSELF for error in form.errors.get(name, ())]
        text, stored = request.POST.get("tried_text", "")[:TRIED_MOST], None
        if not errors:
            try:
                stored = Ruleset([rule.active(None)]).apply(text)
            except DomainError as refused:
                errors = refusal_sentences(refused)
        facts = {"errors": errors, "text": text, "stored": stored}
        return TemplateResponse(request, "masking/admin_rule_tried.html", facts)

    def _trial(self, form: "TryForm") -> MaskingPreview | None:
        queue, who = form.cleaned_data["queue"], Speaker(form.cleaned_data["who"])
        try:
            return masking_preview(form.cleaned_data["text"], queue_id=queue.pk if queue else None, who=who)
        except DomainError as refused:
            form.add_error("text", refusal_sentences(refused))
            return None


def _starters() -> Iterator[tuple[str, str, str]]:
    """Of each pattern to begin with: its name, an example, and the address of a page on which it is filled in."""
    add = reverse("admin:masking_maskingrule_add")
    for name, told_as, pattern, example in STARTERS:
        filled = urlencode({"name": name, "told_as": told_as, "pattern": pattern})
        yield str(name), example, f"{add}?{filled}"


class TryForm(forms.Form):
    """A text to be tried."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TRIED_MOST,
        strip=False,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 5, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=_("As a customer or an agent would write it. It is not kept."),
    )
    who = forms.ChoiceField(
        label=_("Said by"),
        choices=[(Speaker.CUSTOMER.value, _("A customer")), (Speaker.AGENT.value, _("An agent"))],
        initial=Speaker.CUSTOMER,
        widget=UnfoldAdminSelectWidget,
    )
    queue = forms.ModelChoiceField(
        label=_("In the queue"),
        queryset=Queue.objects.order_by("name"),
        required=False,
        empty_label=_("Any"),
        widget=UnfoldAdminSelectWidget,
    )
