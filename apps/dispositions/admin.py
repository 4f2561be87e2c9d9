"""Admin pages of disposition codes and sets, and of what was chosen (WRP-6, WRP-7)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminColorInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from apps.accounts.permissions import Permission
from apps.dispositions import actions
from apps.dispositions.actions import CodeChoice, outcome_correct
from apps.dispositions.choices import DESCRIPTION_LENGTH
from apps.dispositions.models import Code, CodeSet, Outcome, SetEntry
from apps.dispositions.selectors import OfferedSet, may_correct, sets_to_correct
from apps.tenants.admin_base import AnyForm, InlineRows, SetupAdmin, acting_user, exact_time
from apps.tenants.admin_bulk import BulkAdmin
from apps.tenants.admin_duplicate import DuplicateAdmin
from apps.tenants.admin_questions import detail_action, question_page, row_to_change
from apps.tenants.admin_reach import EVERY_ROW, counted
from apps.tenants.admin_sites import tenant_site
from apps.tenants.admin_tables import SetupInline


@admin.register(Code, site=tenant_site)
class CodeAdmin(SetupAdmin):
    """Codes: those in use are switched off, not deleted (WRP-7)."""

    serves_all = EVERY_ROW
    list_display = ("name", "description", "is_enabled", "times_chosen", "is_system")
    list_filter = ("is_enabled",)
    search_fields = ("name", "description")
    found_by = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Code]:
        """With how often each was chosen."""
        codes: QuerySet[Code] = super().get_queryset(request)
        return codes.annotate(number=Count("choices", filter=counted(request, "choices__conversation__queue")))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("chosen"), ordering="number")
    def times_chosen(self, row: Any) -> int:
        """How often it was chosen."""
        return int(row.number)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the system's."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_system)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not the system's."""
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_system)

    def store(self, request: HttpRequest, row: Code, form: AnyForm) -> None:
        """Make or change a code."""
        del request, form
        actions.code_save(code=row)

    def remove(self, request: HttpRequest, row: Code) -> None:
        """Delete a code."""
        del request
        actions.code_delete(code=row)


class EntryInline(SetupInline):
    """The codes of a set."""

    model = SetEntry
    fields = ("code", "position")
    ordering_field = "position"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Not the system's code."""
        if db_field.name == "code":
            kwargs["queryset"] = Code.objects.filter(is_system=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(CodeSet, site=tenant_site)
class CodeSetAdmin(BulkAdmin, DuplicateAdmin):
    """Sets of codes, and the queues and agent groups that they serve."""

    serves = ("queues", "groups__memberships__queue", "groups__agent__memberships__queue")
    serves_all = Q(queues=None, groups=None)
    bulk_fields = ("display", "is_required", "is_enabled")
    duplicate_note = _("The copy has the same codes, queues and agent groups. It begins switched off.")
    list_display = ("name", "description", "display", "is_required", "is_enabled", "position")
    ordering_field = "position"
    search_fields = ("name", "description")
    found_by = ("name",)
    inlines = (EntryInline,)
    fieldsets = (
        (None, {"fields": ("name", "description", ("display", "position"), ("is_required", "is_enabled"))}),
        (
            _("Serves"),
            {
                "fields": ("queues", "groups"),
                "description": _("Shown in these queues and to these agent groups; with neither, everywhere."),
            },
        ),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Queues and groups as boxes to tick."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def store(self, request: HttpRequest, row: CodeSet, form: AnyForm) -> None:
        """Make or change a set; of the list, only its place."""
        del request
        data = form.cleaned_data
        queues = data["queues"] if "queues" in data else list(row.queues.all())
        groups = data["groups"] if "groups" in data else list(row.groups.all())
        actions.code_set_save(code_set=row, queues=queues, groups=groups)

    def store_inline_rows(self, request: HttpRequest, row: CodeSet, lines: InlineRows) -> None:
        """Write which codes it offers."""
        del request
        actions.code_set_fill(code_set=row, places={line.code_id: line.position for line in lines.kept})

    def remove(self, request: HttpRequest, row: CodeSet) -> None:
        """Delete a set."""
        del request
        actions.code_set_delete(code_set=row)


class CorrectionForm(forms.Form):
    """An outcome, set by set, as it stands."""

    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_LENGTH,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def __init__(self, outcome: Outcome, sets: list[OfferedSet], data: Any) -> None:
        chosen = {choice.code_set_id: choice.code_id for choice in outcome.conversation.dispositions.all()}
        super().__init__(data, initial={"description": outcome.description})
        self.sets = sets
        for offered in sets:
            self.fields[str(offered.code_set.pk)] = forms.TypedChoiceField(
                label=offered.code_set.name,
                required=offered.must_choose,
                choices=[("", "—"), *((str(code.pk), code.name) for code in offered.codes)],
                initial=str(chosen.get(offered.code_set.pk, "")),
                empty_value=None,
                widget=UnfoldAdminSelectWidget,
            )
        self.order_fields([*(str(each.code_set.pk) for each in sets), "description"])

    def chosen(self) -> list[CodeChoice]:
        """What was chosen; the form must be valid."""
        picked = {each.code_set.pk: self.cleaned_data[str(each.code_set.pk)] for each in self.sets}
        return [CodeChoice(code_set=code_set, code=UUID(code)) for code_set, code in picked.items() if code]


@admin.register(Outcome, site=tenant_site)
class OutcomeAdmin(SetupAdmin):
    """What conversations were wrapped up with. Supervisors correct it; the timeline keeps what it was."""

    permission = Permission.CORRECT
    serves = ("conversation__queue",)
    can_add = can_delete = False
    actions = None
    list_display = ("conversation_contact", "queue", "agent", "closed", "codes", "description")
    list_filter = ("conversation__queue",)
    search_fields = ("conversation__contact__name", "conversation__contact__email", "description")
    show_full_result_count = False
    list_per_page = 50
    fields = readonly_fields = (
        "conversation_contact",
        "queue",
        "agent",
        "closed",
        "codes",
        "description",
        "corrected_by",
        "corrected",
    )
    actions_detail = ("correct",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outcome]:
        """Of what was closed: all, or those of one's own queues."""
        outcomes: QuerySet[Outcome] = super().get_queryset(request)
        closed = outcomes.filter(conversation__closed_at__isnull=False)
        return closed.select_related(
            "conversation__contact", "conversation__queue", "conversation__agent", "corrected_by"
        ).prefetch_related("conversation__dispositions")

    def store(self, request: HttpRequest, row: Outcome, form: AnyForm) -> None:
        """Nothing: what can be changed has a page of its own."""

    def is_own(self, request: HttpRequest, row: Outcome) -> bool:
        """Whether the user may correct outcomes of its queue."""
        return may_correct(acting_user(request), row.conversation.queue_id)

    @admin.display(description=_("contact"), ordering="conversation__contact__name")
    def conversation_contact(self, row: Outcome) -> str:
        """Whose conversation it was."""
        return row.conversation.contact.display_name

    @admin.display(description=_("queue"))
    def queue(self, row: Outcome) -> str:
        """Where it was."""
        return row.conversation.queue.name

    @admin.display(description=_("agent"))
    def agent(self, row: Outcome) -> str:
        """Who had it last."""
        return str(row.conversation.agent or "–")

    @admin.display(description=_("closed"), ordering="conversation__closed_at")
    def closed(self, row: Outcome) -> str:
        """When it was closed."""
        return exact_time(row.conversation.closed_at)

    @admin.display(description=_("corrected"))
    def corrected(self, row: Outcome) -> str:
        """When it was corrected last."""
        return exact_time(row.corrected_at)

    @admin.display(description=_("codes"))
    def codes(self, row: Outcome) -> str:
        """What was chosen, by name, and of which set where there are several."""
        chosen = list(row.conversation.dispositions.all())
        names = [f"{each.set_name}: {each.code_name}" if len(chosen) > 1 else each.code_name for each in chosen]
        return ", ".join(names) or "–"

    @detail_action(_("Correct"), path="correct", icon="edit")
    def correct(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose anew."""
        row: Outcome = row_to_change(self, request, object_id)
        form = CorrectionForm(row, sets_to_correct(row.conversation), request.POST or None)

        def do(data: dict[str, Any]) -> str:
            outcome_correct(
                conversation_id=row.pk,
                chosen=form.chosen(),
                description=data["description"],
                actor=acting_user(request),
            )
            return _t("The outcome was corrected.")

        words = {
            "title": _t("Correct the outcome"),
            "intro": _t("The timeline of the conversation keeps what it was, and who changed it."),
            "button": _t("Correct"),
        }
        return question_page(self, request, row, words=words, form=form, do=do)
