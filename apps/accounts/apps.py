from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Register seeds."""
        from apps.accounts import seeds  # noqa: F401
