from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers, deadlines and tasks."""
        from apps.email import deadlines, handlers, tasks  # noqa: F401
