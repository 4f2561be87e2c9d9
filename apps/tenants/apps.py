from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "apps.tenants"

    def ready(self) -> None:
        """Keep content types of different schemas apart."""
        from apps.tenants import content_types

        content_types.install_cache()
