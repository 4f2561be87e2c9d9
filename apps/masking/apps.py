from django.apps import AppConfig


class MaskingConfig(AppConfig):
    name = "apps.masking"

    def ready(self) -> None:
        """Register seeds, and what a queue's page offers of this app."""
        from apps.masking import queue_settings, seeds  # noqa: F401
