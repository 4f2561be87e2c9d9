from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "apps.operators"

    def ready(self) -> None:
        """Register deadlines, handlers and seeds."""
        from apps.operators import deadlines, handlers, seeds  # noqa: F401
