from django.apps import AppConfig


class MailinConfig(AppConfig):
    name = "apps.mailin"

    def ready(self) -> None:
        """Register deadlines and tasks."""
        from apps.mailin import deadlines, tasks  # noqa: F401
