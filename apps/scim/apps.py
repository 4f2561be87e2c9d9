from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "apps.scim"

    def ready(self) -> None:
        """Register handlers."""
        from apps.scim import handlers  # noqa: F401
