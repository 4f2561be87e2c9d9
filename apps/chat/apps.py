from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "apps.chat"

    def ready(self) -> None:
        """Register deadlines and seeds."""
        from apps.chat import deadlines, seeds  # noqa: F401
