from django.apps import AppConfig


class TimersConfig(AppConfig):
    name = "apps.timers"

    def ready(self) -> None:
        """Make the Celery application known to every process: tasks would go to a broker of Celery's choice."""
        from config import celery  # noqa: F401
