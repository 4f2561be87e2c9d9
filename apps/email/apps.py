from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers, deadlines, whom surveys reach, seeds and tasks."""
        from apps.conversations.mail_sender import mail_sender_register
        from apps.email import (  # noqa: F401
            deadlines,
            deadlines_in,
            handlers,
            handlers_redaction,
            reach,
            seeds,
            tasks,
            tasks_out,
        )
        from apps.email.actions.letters import PostOffice

        mail_sender_register(PostOffice())
