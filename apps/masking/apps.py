from django.apps import AppConfig


class MaskingConfig(AppConfig):
    name = "apps.masking"

    def ready(self) -> None:
        """Register seeds."""
        from apps.masking import seeds  # noqa: F401
