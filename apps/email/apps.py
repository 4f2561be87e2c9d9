from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers, deadlines, seeds and tasks."""
        from apps.email import deadlines, handlers, seeds, tasks  # noqa: F401
