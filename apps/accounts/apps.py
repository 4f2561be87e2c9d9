from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Register checks, handlers and seeds."""
        from apps.accounts import checks, handlers, seeds  # noqa: F401
