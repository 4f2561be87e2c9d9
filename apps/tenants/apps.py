from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class TenantsConfig(AppConfig):
    name = "apps.tenants"

    def ready(self) -> None:
        """Keep content types of different schemas apart, and read what every app adds to the menu."""
        from apps.tenants import content_types

        content_types.install_cache()
        autodiscover_modules("navigation")
