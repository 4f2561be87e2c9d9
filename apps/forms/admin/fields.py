"""The rows of the builder: a form's fields (FRM-1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.forms.models import FormField
from apps.tenants.admin_base import (
    AnyForm,
    SetupInline,
)

LAST = 9999
"""Where a field stands that was added and not moved."""


class LinesField(forms.CharField):
    """Texts, one on each line."""

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Without empty ones."""
        lines = value if isinstance(value, list) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """The specification says what is wrong with them."""

    def run_validators(self, value: Any) -> None:
        """As above."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other lines are there."""
        return bool(self.to_python(initial) != self.to_python(data))


class FieldForm(AnyForm):
    """A field of a form."""

    options = LinesField(
        label=_("Options"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("One on each line."),
    )

    class Meta:
        model = FormField
        fields = (
            "position",
            "label",
            "kind",
            "says",
            "options",
            "placeholder",
            "is_required",
            "least",
            "most",
            "pattern",
            "pattern_says",
            "secure",
            "replacement",
            "mask",
            "keep",
            "shown_by",
            "shown_test",
            "shown_value",
            "name",
        )
        widgets: Any = {"says": UnfoldAdminTextareaWidget(attrs={"rows": 2, "dir": "auto"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields and self.instance._state.adding:  # noqa: SLF001 - Django's own way to ask
            self.initial["position"] = LAST


class FieldInline(SetupInline):
    """The fields, in their order: dragged to another place, opened by a click."""

    model = FormField
    form = FieldForm
    template = "admin/edit_inline/stacked.html"
    ordering_field = "position"
    hide_ordering_field = True
    collapsible = True
    hide_title = False
    fields = (
        "position",
        ("label", "kind"),
        "says",
        "options",
        ("placeholder", "is_required"),
        ("least", "most"),
        ("pattern", "pattern_says"),
        ("secure", "replacement"),
        ("mask", "keep"),
        ("shown_by", "shown_test", "shown_value"),
        "name",
    )
