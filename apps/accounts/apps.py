from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Register checks, deadlines, handlers, seeds, and what is shown on pages of users."""
        from apps.accounts import checks, deadlines, handlers, panels, seeds  # noqa: F401
