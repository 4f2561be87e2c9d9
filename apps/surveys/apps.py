from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "apps.surveys"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.surveys import handlers, seeds  # noqa: F401
