from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "apps.transfers"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.transfers import handlers, seeds  # noqa: F401
