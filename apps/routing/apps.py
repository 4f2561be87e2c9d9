from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "apps.routing"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.routing import deadlines, handlers, seeds  # noqa: F401
