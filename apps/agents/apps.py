from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "apps.agents"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.agents import deadlines, handlers, seeds  # noqa: F401
