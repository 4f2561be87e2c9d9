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


def errors(answer: Any) -> str:
    return re.sub(r"\s+", " ", str(answer.context["errors"]))


def user_page(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"
