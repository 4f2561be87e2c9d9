from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register deadlines and tasks."""
        from apps.email import deadlines, tasks  # noqa: F401
