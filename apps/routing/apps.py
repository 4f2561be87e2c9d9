from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "apps.routing"

    def ready(self) -> None:
        """Register handlers, deadlines, seeds, and what admin pages of apps below show and offer of this app."""
        from apps.routing import deadlines, handlers, panels, queue_settings, seeds  # noqa: F401
