from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "apps.agents"

    def ready(self) -> None:
        """Register handlers and seeds."""
        from apps.agents import handlers, seeds  # noqa: F401
