"""What the admin pages of this app have in common."""

from typing import Any

from django.db.models import Model

from apps.tenants.admin_base import AnyForm
from apps.tenants.admin_questions import detail_action, may_change, question_page, row_to_change

__all__ = ["changed_values", "detail_action", "is_new", "may_change", "question_page", "row_adopt", "row_to_change"]


def is_new(row: Model) -> bool:
    """Whether a row that a form has filled is not stored yet."""
    return bool(row._state.adding)  # noqa: SLF001 - Django's own way to ask


def row_adopt(row: Model, made: Model) -> None:
    """Let the row that the admin holds be the one that an action has made."""
    row.pk = made.pk
    row._state.adding = False  # noqa: SLF001


def changed_values(form: AnyForm, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """The values that somebody changed in a form, except some."""
    return {name: form.cleaned_data[name] for name in form.changed_data if name not in but}
