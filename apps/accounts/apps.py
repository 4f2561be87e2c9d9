from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Register checks, deadlines, handlers and seeds."""
        from apps.accounts import checks, deadlines, handlers, seeds  # noqa: F401
