from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    name = "apps.configuration"

    def ready(self) -> None:
        """Register every section, in the order in which they refer to one another, and how their rows are copied."""
        from apps.configuration import sections  # noqa: F401
        from apps.configuration.actions import row_duplicate
        from apps.tenants.admin_duplicate import duplicate_with

        duplicate_with(row_duplicate)
