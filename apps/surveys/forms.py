"""What a survey's page takes."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.surveys.choices import COMMENT_LENGTH, SCORES, Kind

NAMES: dict[Kind, dict[int, str | Promise]] = {
    Kind.CSAT: {
        1: _("1 of 5: very dissatisfied"),
        2: _("2 of 5: dissatisfied"),
        3: _("3 of 5: neither satisfied nor dissatisfied"),
        4: _("4 of 5: satisfied"),
        5: _("5 of 5: very satisfied"),
    },
    Kind.NPS: {0: _("0: not at all likely"), 10: _("10: extremely likely")},
    Kind.LIKE: {1: _("Yes"), 0: _("No")},
}
"""What a score is called where its sign is not seen."""


def score_choices(kind: Kind) -> list[tuple[int, str | Promise]]:
    """Every score of a kind with its name, as they stand beside each other."""
    order = list(NAMES[kind]) if kind == Kind.LIKE else SCORES[kind]
    return [(score, NAMES[kind].get(score, str(score))) for score in order]


class AnswerForm(forms.Form):
    """A score, and a comment where one is asked for."""

    score = forms.TypedChoiceField(coerce=int, error_messages={"required": _("Please choose one of the answers.")})
    # A browser counts a new line as one character and sends two; the action cuts to the length.
    comment = forms.CharField(required=False, max_length=2 * COMMENT_LENGTH)

    def __init__(self, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["score"].choices = score_choices(kind)  # type: ignore[attr-defined]
        self.fields["score"].error_messages["invalid_choice"] = self.fields["score"].error_messages["required"]
