"""Lists of texts, written one on each line; what is wrong with a line is said with its number and its text."""

from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget

from apps.tenants.admin_fields import duration_formfield

SHOWN = 40
"""How many characters of a wrong line are repeated in what is said of it."""


class LinesField(forms.CharField):
    """Texts, one on each line; empty lines and spaces around are nothing.

    Args:
        each: what each line has to be; None takes any.
        most: how many there may be; None is no limit.
    """

    def __init__(self, *, each: forms.Field | None = None, most: int | None = None, **kwargs: Any) -> None:
        self.each, self.most = each, most
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 4, "dir": "auto"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Without empty ones."""
        lines = value if isinstance(value, (list, tuple)) else str(value or "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        """No more than there may be, and each as it has to be.

        Raises:
            ValidationError: of each line that is wrong, which one and why.
        """
        super().validate(value)
        if self.most is not None and len(value) > self.most:
            raise ValidationError(_t("%(most)d lines at most.") % {"most": self.most})
        if wrong := [said for number, line in enumerate(value, start=1) for said in self._problems(number, line)]:
            raise ValidationError(wrong)

    def run_validators(self, value: Any) -> None:
        """Those of one text have nothing to say about several."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other lines are there."""
        return bool(self.to_python(initial) != self.to_python(data))

    def _problems(self, number: int, line: str) -> list[str]:
        if self.each is None:
            return []
        try:
            self.each.clean(line)
        except ValidationError as error:
            shown = line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
            where = {"number": number, "line": shown}
            return [_t("Line %(number)d, “%(line)s”: %(why)s") % {**where, "why": why} for why in error.messages]
        return []


def plain_formfield(column: Any, **kwargs: Any) -> forms.Field | None:
    """The form field of a column that people write in a way of its own: a duration, a list; None for all others."""
    return duration_formfield(column, **kwargs) or lines_formfield(column, **kwargs)


def lines_formfield(column: Any, **kwargs: Any) -> LinesField | None:
    """The form field of a column that holds a list of texts.

    Args:
        column: a model's field.
        kwargs: what the form says of it.

    Returns:
        None for every other column, and for lists out of which is chosen.
    """
    texts = isinstance(column, ArrayField) and isinstance(column.base_field, models.CharField)
    if not texts or column.base_field.choices:
        return None
    facts = {
        "label": capfirst(column.verbose_name),
        "required": not column.blank,
        "help_text": column.help_text or _("One on each line."),
    }
    facts |= {name: value for name, value in kwargs.items() if name in {"label", "help_text", "required", "widget"}}
    return LinesField(each=column.base_field.formfield(), most=column.size, **facts)
