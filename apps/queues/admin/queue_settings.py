"""What serves a queue, chosen on the queue's own page (TEN-4)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from apps.queues.actions import queue_setting_choose
from apps.queues.registry import QueueSetting, queue_settings
from apps.tenants.admin_base import AnyForm, AnyFormSet, SetupAdmin, acting_user, form_subclass
from apps.tenants.admin_reach import has_full_reach
from apps.tenants.admin_related import offer_new


class QueueSettingsPage(SetupAdmin):
    """The page of a queue, with a field for each kind of rows that serve it.

    Offered are the rows that this user may change on the rows' own page: here nobody can do what they can't do there.
    """

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """With what serves the queue."""
        names = [setting.name for setting in self._settings(request, obj)]
        shown = [(_("What serves this queue"), {"fields": tuple(names)})] if names else []
        return [*super().get_fieldsets(request, obj), *shown]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[AnyForm]:
        """With a field for each kind."""
        fields = {setting.name: self._field(request, setting, obj) for setting in self._settings(request, obj)}
        kwargs["form"] = form_subclass(kwargs.get("form") or self.form, fields)
        return super().get_form(request, obj, change=change, **kwargs)

    def save_related(self, request: HttpRequest, form: AnyForm, formsets: Sequence[AnyFormSet], change: bool) -> None:
        """The tables, then what serves the queue."""
        super().save_related(request, form, formsets, change)
        for setting in queue_settings():
            if setting.name in form.changed_data:
                self._choose(request, setting, form)

    def _choose(self, request: HttpRequest, setting: QueueSetting, form: AnyForm) -> None:
        """What was ticked comes, what was unticked goes; what others chose since the page was opened stays."""
        named = set(setting.rows_naming(form.instance).values_list("pk", flat=True))
        after, shown = _keys_chosen(form.cleaned_data[setting.name]), _keys_shown(form[setting.name])
        goes = named if setting.is_single else {key for key in named if str(key) in shown}
        queue_setting_choose(
            queue=form.instance, setting=setting, rows=(named - goes) | after, actor=acting_user(request)
        )

    def _settings(self, request: HttpRequest, obj: Any) -> list[QueueSetting]:
        """The kinds of which this user may give the queue a row, one that is there or a new one."""
        if not (self.has_change_permission(request, obj) if obj else self.has_add_permission(request)):
            return []
        return [
            each for each in queue_settings() if self._keys(request, each) or (obj and self._may_add(request, each))
        ]

    def _may_add(self, request: HttpRequest, setting: QueueSetting) -> bool:
        return bool(self.admin_site.get_model_admin(setting.model).has_add_permission(request))

    def _keys(self, request: HttpRequest, setting: QueueSetting) -> set[UUID]:
        """The rows of a kind that this user may change on their own page, read once for a request."""
        read = request.__dict__.setdefault("queue_setting_keys", {})
        if setting.name not in read:
            read[setting.name] = _changeable(self.admin_site.get_model_admin(setting.model), request, setting)
        keys: set[UUID] = read[setting.name]
        return keys

    def _field(self, request: HttpRequest, setting: QueueSetting, queue: Any) -> Any:
        own = self._keys(request, setting)
        named = list(setting.rows_naming(queue)) if queue else []
        field = _single(setting, own, named) if setting.is_single else _several(setting, own, named)
        if queue is None or field.disabled:
            return field
        initial = {name: value.format(queue=queue.pk) for name, value in setting.initial.items()}
        return offer_new(field, setting.model, request, self.admin_site, initial)


def _several(setting: QueueSetting, own: set[UUID], named: list[Any]) -> Any:
    field = forms.ModelMultipleChoiceField(
        setting.rows_offered().filter(pk__in=own),
        label=setting.label,
        help_text=_t("%(about)s What is ticked serves the queues that it names, and no other.")
        % {"about": setting.about},
        required=False,
        initial=[row.pk for row in named if row.pk in own],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        show_hidden_initial=True,
    )
    return _labelled(field, setting)


def _single(setting: QueueSetting, own: set[UUID], named: list[Any]) -> Any:
    everywhere = ", ".join(str(row) for row in setting.rows_everywhere())
    keys = {row.pk for row in named}
    is_foreign = not keys <= own  # It serves queues of others too: seen here, changed by whoever may.
    field = forms.ModelChoiceField(
        setting.rows_offered().filter(pk__in=keys if is_foreign else own),
        label=str(setting.label),
        help_text=str(setting.about),
        required=False,
        initial=named[0].pk if named else None,
        empty_label=_t("As everywhere: %(rows)s") % {"rows": everywhere} if everywhere else _t("None"),
        widget=UnfoldAdminSelectWidget(),
        show_hidden_initial=True,
        disabled=is_foreign,
    )
    return _labelled(field, setting)


def _labelled(field: Any, setting: QueueSetting) -> Any:
    """The field, its rows by name: one that serves every queue until it names some says so."""
    everywhere = {row.pk for row in setting.rows_everywhere()}

    def label(row: Any) -> str:
        return _t("%(row)s (now in every queue)") % {"row": row} if row.pk in everywhere else str(row)

    field.label_from_instance = label
    return field


def _keys_chosen(value: Any) -> set[UUID]:
    """The rows that a field holds: one, several, or none."""
    rows = [value] if isinstance(value, Model) else value or ()
    return {row.pk for row in rows}


def _keys_shown(field: forms.BoundField) -> set[str]:
    """The rows that were chosen when the page was opened, as the page says."""
    widget = field.field.hidden_widget()
    sent = widget.value_from_datadict(field.form.data, field.form.files, field.html_initial_name)
    return {sent} if isinstance(sent, str) else set(map(str, sent or ()))


def _changeable(page: Any, request: HttpRequest, setting: QueueSetting) -> set[UUID]:
    rows = setting.rows_offered()
    if not page.has_view_permission(request):
        return set()
    if has_full_reach(request):
        return set(rows.values_list("pk", flat=True))
    seen = page.get_queryset(request).values("pk")
    return {row.pk for row in rows.filter(pk__in=seen) if page.has_change_permission(request, row)}
