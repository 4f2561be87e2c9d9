from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "apps.chat"

    def ready(self) -> None:
        """Register handlers, deadlines and seeds."""
        from apps.chat import deadlines, handlers, seeds  # noqa: F401
