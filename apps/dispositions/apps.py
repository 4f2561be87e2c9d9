from django.apps import AppConfig


class DispositionsConfig(AppConfig):
    name = "apps.dispositions"

    def ready(self) -> None:
        """Register deadlines and seeds."""
        from apps.dispositions import deadlines, seeds  # noqa: F401
