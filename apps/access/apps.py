from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "apps.access"

    def ready(self) -> None:
        """Register what is shown on admin pages of apps below."""
        from apps.access import panels  # noqa: F401
