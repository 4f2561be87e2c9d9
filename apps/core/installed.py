"""The order of the installed apps, which is that of the layers, lower apps first."""

from collections.abc import Callable
from typing import Any

from django.apps import apps


def app_place(function: Callable[..., Any]) -> int:
    """Where the app of a function stands among the installed ones; what belongs to none comes last.

    What is sorted by it does not depend on who imported whose registrations first.
    """
    configs = list(apps.get_app_configs())
    config = apps.get_containing_app_config(function.__module__)
    return configs.index(config) if config else len(configs)
