"""What the office does for the test of mail that goes out: agents who write, and looks at what became of it."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from apps.accounts.models import User
from apps.agents.actions import agent_console_open, agent_status_choose
from apps.conversations.models import Conversation
from apps.core.ids import uuid7
from apps.email.actions.channels import channel_save
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, OutboundMail
from apps.mailin.actions import Envelope, mail_receive, mails_file
from apps.mailout.actions import DraftContent, draft_save, mail_send, outbox
from apps.mime.types import Address
from apps.queues.models import Queue
from apps.routing.actions import conversation_dispatch, offer_accept
from apps.routing.models import Offer
from apps.timers.models import Wakeup

HELD = timedelta(seconds=1)


def threads_make(address: str, queue: str, agent: str, port: int, count: int) -> list[str]:
    """Conversations by mail that an agent has accepted, on a channel whose mail leaves by this port."""
    channel = MailChannel(address=address, queue=Queue.objects.get(pk=queue), is_active=True)
    channel.smtp_host, channel.smtp_port, channel.smtp_security = "127.0.0.1", port, "none"
    channel_save(channel=channel)
    user = User.objects.get(pk=agent)
    agent_console_open(agent_id=user.pk, console_id=uuid4())
    agent_status_choose(agent_id=user.pk, code="available")
    return [_thread(channel, user, number) for number in range(count)]


def _thread(channel: MailChannel, user: User, number: int) -> str:
    raw = f"From: c{number}@customers.example\r\nTo: {channel}\r\nSubject: Thread {number}\r\n\r\nHello\r\n".encode()
    row = mail_receive(channel_id=channel.pk, raw=raw, envelope=Envelope())
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.conversation_id is not None
    conversation_dispatch(conversation_id=row.conversation_id)
    offer = Offer.objects.get(conversation=row.conversation_id, state="ringing")
    offer_accept(offer_id=offer.pk, actor=user)
    return str(row.conversation_id)


def write(conversation: str, agent: str, number: int) -> str:
    """An agent writes a mail and presses Send; it leaves a moment later. Returns its Message-ID."""
    outbox.HELD_FOR = HELD
    user = User.objects.get(pk=agent)
    letter = DraftContent(
        to=(Address("", f"r{number}@outside.example"),), subject=f"Mail {number}", body=f"This is {number}."
    )
    draft = draft_save(
        draft_id=uuid7(),
        version=0,
        content=letter,
        actor=user,
        conversation_id=UUID(conversation),
        kind=DraftKind.REPLY,
    )
    return mail_send(draft_id=draft.pk, version=draft.version, actor=user).mail_id


def look(address: str, schema: str) -> dict[str, Any]:
    """How far the mails of a channel have come, and those that were sent again without knowing, with how often."""
    rows = OutboundMail.objects.filter(channel__address=address)
    said = Conversation.objects.filter(mail_thread__channel__address=address)
    return {
        "ids": set(rows.values_list("mail_id", flat=True)),
        "states": dict(Counter(rows.values_list("state", flat=True))),
        "unsure": dict(rows.filter(unsure__gt=0).values_list("mail_id", "unsure")),
        "messages": sum(each.messages.filter(side="agent", kind="text").count() for each in said),
        "wakeups": Wakeup.objects.filter(schema=schema, kind__in=["email.release", "email.send"]).count(),
    }
