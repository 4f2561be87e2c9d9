from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "apps.agents"

    def ready(self) -> None:
        """Register seeds."""
        from apps.agents import seeds  # noqa: F401
