from django.apps import AppConfig


class ChatConfig(AppConfig):
    name = "apps.chat"

    def ready(self) -> None:
        """Register seeds."""
        from apps.chat import seeds  # noqa: F401
