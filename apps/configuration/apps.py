from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "apps.configuration"

    def ready(self) -> None:
        """Register every section, in the order in which they refer to one another."""
        from apps.configuration import sections  # noqa: F401
