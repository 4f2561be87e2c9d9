"""What an app shows on an admin page of an app below it: the page shows it under its form, and knows nothing of it."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString

Panel = Callable[[HttpRequest, Any], SafeString | None]

_panels: defaultdict[type[Model], list[Panel]] = defaultdict(list)


def admin_panel(model: type[Model]) -> Callable[[Panel], Panel]:
    """Show what the function returns on the pages of a model.

    Args:
        model: whose pages; the function gets the request and the page's row, and returns HTML, or None for nothing.
    """

    def register(function: Panel) -> Panel:
        _panels[model].append(function)
        return function

    return register


def panels_of_row(request: HttpRequest, row: Model) -> list[SafeString]:
    """What is to be shown on the page of a row, in the order in which the apps stand."""
    shown = (function(request, row) for function in _panels[type(row)])
    return [each for each in shown if each]
