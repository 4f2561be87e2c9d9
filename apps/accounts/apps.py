from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Register checks and seeds."""
        from apps.accounts import checks, seeds  # noqa: F401
