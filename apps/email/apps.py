from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.email import handlers, seeds  # noqa: F401
