"""The rows of the builder: a form's fields (FRM-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.forms.models import FormField
from apps.tenants.admin_base import AnyForm
from apps.tenants.admin_lines import LinesField
from apps.tenants.admin_tables import SetupInline

LAST = 9999
"""Where a field stands that was added and not moved."""


class FieldForm(AnyForm):
    """A field of a form."""

    # The specification of a field says what is wrong with its options.
    options = LinesField(label=_("Options"), required=False, help_text=_("One on each line."))

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
