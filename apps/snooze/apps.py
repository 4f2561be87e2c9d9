from django.apps import AppConfig


class SnoozeConfig(AppConfig):
    name = "apps.snooze"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.snooze import deadlines, handlers, seeds  # noqa: F401
