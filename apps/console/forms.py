"""Forms of the console."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dispositions.actions import Chosen
from apps.dispositions.choices import Display
from apps.dispositions.models import CodeSet
from apps.dispositions.selectors import OfferedSet


class WrapUpForm(forms.Form):
    """The outcome of a conversation: one field for each set, nothing preselected, and a description (WRP-6)."""

    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("In a few words")}),
    )

    def __init__(self, sets: list[OfferedSet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sets = sets
        for offered in sets:
            self.fields[self._name(offered.code_set)] = self._field(offered)

    @staticmethod
    def _name(code_set: CodeSet) -> str:
        return f"set_{code_set.pk.hex}"

    @staticmethod
    def _field(offered: OfferedSet) -> forms.ChoiceField:
        code_set = offered.code_set
        choices = [(str(code.pk), code.name) for code in offered.codes]
        as_list = code_set.display == Display.LIST
        return forms.ChoiceField(
            label=code_set.name,
            help_text=code_set.description,
            required=offered.must_choose,
            choices=[("", _("Choose…")), *choices] if as_list else choices,
            widget=forms.Select if as_list else forms.RadioSelect,
            error_messages={"required": _("Choose one first."), "invalid_choice": _("This is no longer offered.")},
        )

    def sets(self) -> Iterator[tuple[OfferedSet, forms.BoundField]]:
        """Each set with its field, in order."""
        for offered in self._sets:
            yield offered, self[self._name(offered.code_set)]

    def chosen(self) -> list[Chosen]:
        """What was chosen; the form must be valid."""
        picked = ((each.code_set, self.cleaned_data[self._name(each.code_set)]) for each in self._sets)
        return [Chosen(code_set=code_set.pk, code=UUID(code)) for code_set, code in picked if code]
