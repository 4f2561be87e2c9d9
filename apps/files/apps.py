from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "apps.files"

    def ready(self) -> None:
        """Register the deadline."""
        from apps.files import deadlines  # noqa: F401
