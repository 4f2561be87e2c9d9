from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers, deadlines, whom surveys reach, seeds and tasks."""
        from apps.conversations.mailing import office_open
        from apps.email import deadlines, handlers, reach, seeds, tasks  # noqa: F401
        from apps.email.actions.letters import PostOffice

        office_open(PostOffice())
