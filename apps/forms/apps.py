from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "apps.forms"

    def ready(self) -> None:
        """Register handlers and seeds, and what a queue's page offers of this app."""
        from apps.forms import queue_settings, seeds  # noqa: F401
