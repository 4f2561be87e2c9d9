from django.apps import AppConfig


class MailoutConfig(AppConfig):
    name = "apps.mailout"

    def ready(self) -> None:
        """Register handlers, deadlines, tasks, whom surveys reach, and how mail is asked for."""
        from apps.conversations.mail_sender import mail_sender_register
        from apps.mailout import deadlines, handlers, recipient, tasks  # noqa: F401
        from apps.mailout.steps.transcripts import TranscriptSender

        mail_sender_register(TranscriptSender())
