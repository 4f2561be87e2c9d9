from django.apps import AppConfig


class ResponsesConfig(AppConfig):
    name = "apps.responses"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.responses import handlers, seeds  # noqa: F401
