from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "apps.surveys"

    def ready(self) -> None:
        """Register handlers and seeds, and what a queue's page offers of this app."""
        from apps.surveys import handlers, queue_settings, seeds  # noqa: F401
