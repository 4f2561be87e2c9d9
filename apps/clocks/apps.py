from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "apps.clocks"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.clocks import deadlines, handlers, seeds  # noqa: F401
