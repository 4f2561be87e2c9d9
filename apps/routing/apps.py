from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "apps.routing"

    def ready(self) -> None:
        """Register handlers, deadlines, seeds, and what is shown on admin pages of apps below."""
        from apps.routing import deadlines, handlers, panels, seeds  # noqa: F401
