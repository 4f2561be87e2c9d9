"""Filing is the workers': whoever receives mail only hands it over."""

from uuid import UUID

from celery import shared_task

from apps.mailin.actions.filing import mails_file


# Taken off the queue when it is begun: the sweep files whatever a dead worker leaves.
@shared_task(name="email.file", acks_late=False, ignore_result=True)
def mails_file_task(channel_id: str) -> None:
    """File what a channel has received."""
    mails_file(channel_id=UUID(channel_id))
