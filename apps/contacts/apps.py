from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "apps.contacts"

    def ready(self) -> None:
        """Register deadlines."""
        from apps.contacts import deadlines  # noqa: F401
