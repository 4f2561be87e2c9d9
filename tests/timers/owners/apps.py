from django.apps import AppConfig


class OwnersConfig(AppConfig):
    name = "tests.timers.owners"
    label = "owners"

    def ready(self) -> None:
        from tests.timers.owners.actions import register

        register()
