from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"

    def ready(self) -> None:
        """Register deadline, handler and seed, and collect what each app says of its models (its `audited.py`)."""
        from django.utils.module_loading import autodiscover_modules

        from apps.audit import deadlines, handlers, seeds  # noqa: F401

        autodiscover_modules("audited")
