"""Pages of the admin: what their forms hold, and what they complain about."""

import re
from collections.abc import Iterator
from typing import Any

from apps.accounts.models import User


def fields(answer: Any) -> dict[str, Any]:
    """What the form of a page would send if nothing were changed."""
    context = answer.context
    data = dict(_values(context["adminform"].form))
    for formset in context["inline_admin_formsets"]:
        for form in (formset.formset.management_form, *formset.formset.forms):
            data |= dict(_values(form))
    return data


def _values(form: Any) -> Iterator[tuple[str, Any]]:
    for field in form:
        value = field.value()
        if value is not None and value is not False and value != "":
            yield field.html_name, ["on"] if value is True else value
        if field.field.show_hidden_initial:
            yield field.html_initial_name, "" if value is None else value if isinstance(value, list) else str(value)


def errors(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.context["errors"]))


def user_page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"


def settings_fields(answer: Any) -> dict[str, Any]:
    """What a settings page would send if nothing were changed."""
    return {name: value for part in answer.context["parts"] for name, value in _values(part.form)}


def part_errors(answer: Any) -> dict[str, dict[str, list[str]]]:
    """What a settings page complains about, by the part and the field."""
    return {part.form.prefix: dict(part.form.errors) for part in answer.context["parts"] if part.form.errors}
