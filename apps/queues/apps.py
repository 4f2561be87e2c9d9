from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "apps.queues"

    def ready(self) -> None:
        """Register seeds."""
        from apps.queues import seeds  # noqa: F401
