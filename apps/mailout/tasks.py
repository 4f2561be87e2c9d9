"""Sending is the workers': whoever writes mail only hands it over."""

from uuid import UUID

from celery import shared_task

from apps.mailout.delivery_concurrency import mails_deliver


# Taken off the queue when it is begun: its own wake-up brings a mail up again whatever becomes of who sends it.
@shared_task(name="email.deliver", acks_late=False, ignore_result=True)
def mail_deliver_task(outbound_id: str) -> None:
    """Hand a mail over to the server that takes it, and then whatever else of this tenant waits."""
    mails_deliver(first=UUID(outbound_id))
