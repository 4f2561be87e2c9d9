from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class HomeConfig(AppConfig):
    name = "apps.home"

    def ready(self) -> None:
        """Read what every app shows on the admin's home."""
        autodiscover_modules("home")
