from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "apps.conversations"

    def ready(self) -> None:
        """Register handlers."""
        from apps.conversations import handlers  # noqa: F401
