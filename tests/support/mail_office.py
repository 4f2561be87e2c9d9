"""What the office does for tests of mail: channels, and looks at what became of it."""

from typing import Any
from uuid import UUID

from django.db.models import Count

from apps.conversations.actions import conversation_end
from apps.conversations.models import Conversation
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel, MailDay, MailMessage, RawMail
from apps.queues.models import Queue
from apps.tenants.models import Tenant


def channel_make(address: str, queue: str) -> str:
    """An active channel on this queue."""
    channel = channel_save(channel=MailChannel(address=address, queue=Queue.objects.get(pk=queue), is_active=True))
    return str(channel.pk)


def channel_off(channel: str) -> None:
    """It takes no mail any more."""
    row = MailChannel.objects.get(pk=channel)
    row.is_active = False
    channel_save(channel=row)


def freeze(schema: str, frozen: bool) -> None:
    """Freeze a tenant, or thaw it."""
    from apps.tenants.actions import tenant_freeze

    tenant_freeze(tenant=Tenant.objects.get(schema_name=schema), frozen=frozen)


def look(channel: str) -> dict[str, Any]:
    """How many mails a channel has received, and what they became."""
    rows = RawMail.objects.filter(channel=channel)
    days = list(MailDay.objects.filter(channel=channel).values_list("received", "matched", "new", "quarantined"))
    return {
        "counted": tuple(map(sum, zip(*days, strict=True))) if days else (0, 0, 0, 0),
        "states": dict(rows.order_by().values_list("state").annotate(Count("pk"))),
        "mails": MailMessage.objects.filter(raw__channel=channel).count(),
    }


def threads(channel: str) -> dict[str, list[str]]:
    """What was said in the conversations of a channel, in order, by their subject."""
    found = Conversation.objects.filter(mail_thread__channel=channel).select_related("mail_thread")
    return {
        each.mail_thread.subject: list(each.messages.order_by("number").values_list("body", flat=True))
        for each in found
    }


def queue_end(queue: str) -> None:
    """Whatever waits in a queue is over, so that nobody's sweep goes on."""
    for pk in Conversation.objects.filter(queue=UUID(queue)).exclude(state="closed").values_list("pk", flat=True):
        conversation_end(conversation_id=pk, by="customer", actor=None)
