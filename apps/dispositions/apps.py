from django.apps import AppConfig


class DispositionsConfig(AppConfig):
    name = "apps.dispositions"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.dispositions import deadlines, handlers, seeds  # noqa: F401
