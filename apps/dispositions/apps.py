from django.apps import AppConfig


class DispositionsConfig(AppConfig):
    name = "apps.dispositions"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds, and what a queue's page offers of this app."""
        from apps.dispositions import deadlines, handlers, queue_settings, seeds  # noqa: F401
