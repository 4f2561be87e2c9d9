from django.apps import AppConfig


class QueuesConfig(AppConfig):
    name = "apps.queues"

    def ready(self) -> None:
        """Register seeds, and what is shown on pages of hours."""
        from apps.queues import panels, seeds  # noqa: F401
