"""Filing and sending are the workers': whoever receives or writes mail only hands it over."""

from uuid import UUID

from celery import shared_task


# Taken off the queue when it is begun: the sweep files whatever a dead worker leaves.
@shared_task(name="email.file", acks_late=False, ignore_result=True)
def mails_file_task(channel_id: str) -> None:
    """File what a channel has received."""
    from apps.email.actions.filing import mails_file

    mails_file(channel_id=UUID(channel_id))


def mails_file_soon(*, channel_id: UUID) -> None:
    """Have a worker file what a channel has received; a broker that is away is made up for by the sweep."""
    mails_file_task.apply_async((str(channel_id),), retry=False)


# As above: its own wake-up brings a mail up again whatever becomes of who sends it.
@shared_task(name="email.deliver", acks_late=False, ignore_result=True)
def mail_deliver_task(outbound_id: str) -> None:
    """Hand a mail over to the server that takes it, and then whatever else of this tenant waits."""
    from apps.email.lanes import mails_deliver

    mails_deliver(first=UUID(outbound_id))


def mail_deliver_soon(*, outbound_id: UUID) -> None:
    """Have a worker send a mail; a broker that is away is made up for by its wake-up."""
    mail_deliver_task.apply_async((str(outbound_id),), retry=False)
