from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "apps.forms"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.forms import seeds  # noqa: F401
