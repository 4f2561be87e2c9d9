from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "apps.notes"

    def ready(self) -> None:
        """Register handlers."""
        from apps.notes import handlers  # noqa: F401
