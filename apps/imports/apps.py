from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ImportsConfig(AppConfig):
    name = "apps.imports"

    def ready(self) -> None:
        """Read which kinds of rows every app offers, and register deadlines and the task."""
        from apps.imports import deadlines, list_links, tasks  # noqa: F401

        autodiscover_modules("csv_kinds")
