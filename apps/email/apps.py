from django.apps import AppConfig


class EmailConfig(AppConfig):
    name = "apps.email"

    def ready(self) -> None:
        """Register handlers and seeds, and say where subjects stand."""
        from apps.conversations.subjects import subject_source_register
        from apps.email import handlers, seeds  # noqa: F401
        from apps.email.subjects import MAIL_SUBJECTS
        from apps.queues.choices import Family

        subject_source_register(Family.EMAIL, MAIL_SUBJECTS)
