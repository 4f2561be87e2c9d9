"""Forms of the console."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.dispositions.actions import CodeChoice
from apps.dispositions.choices import Display
from apps.dispositions.selectors import OfferedSet

SET = "set_"
"""What the name of a set's field begins with."""


@dataclass(frozen=True)
class WrapUpDraft:
    """What an agent has begun in a wrap-up.

    Attributes:
        description: as far as it is written.
        chosen: code by set.
    """

    description: str
    chosen: Mapping[UUID, UUID]


class WrapUpForm(forms.Form):
    """The outcome of a conversation: one field for each set, nothing preselected, and a description (WRP-6)."""

    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("In a few words")}),
    )

    def __init__(self, sets: list[OfferedSet], *args: Any, begun: WrapUpDraft | None = None, **kwargs: Any) -> None:
        begun = begun or WrapUpDraft("", {})
        chosen = {self._name(code_set): str(code) for code_set, code in begun.chosen.items()}
        kwargs["initial"] = {"description": begun.description} | chosen
        super().__init__(*args, **kwargs)
        self._sets = sets
        for offered in sets:
            self.fields[self._name(offered.code_set.pk)] = self._field(offered)

    @staticmethod
    def _name(code_set: UUID) -> str:
        return f"{SET}{code_set.hex}"

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
            yield offered, self[self._name(offered.code_set.pk)]

    def chosen(self) -> list[CodeChoice]:
        """What was chosen; the form must be valid."""
        picked = ((each.code_set, self.cleaned_data[self._name(each.code_set.pk)]) for each in self._sets)
        return [CodeChoice(code_set=code_set.pk, code=UUID(code)) for code_set, code in picked if code]


def choices_in_draft(data: Mapping[str, str]) -> list[CodeChoice]:
    """What the fields of a wrap-up hold that is not finished; what is no id is passed over."""
    found = []
    for name, value in data.items():
        try:
            found.append(CodeChoice(code_set=UUID(name.removeprefix(SET)), code=UUID(value)))
        except ValueError:
            continue
    return found
