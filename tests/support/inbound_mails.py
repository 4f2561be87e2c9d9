"""Mails as customers' programs write them, and channels that take them in."""

from collections.abc import Sequence
from email.message import EmailMessage
from itertools import count
from typing import Any

from apps.agents.models import Agent
from apps.conversations.models import Conversation, Message
from apps.email.actions.channels import channel_save
from apps.email.choices import Inbound
from apps.email.models import MailChannel, MailDay, MailMessage, RawMail
from apps.mailin.actions import Envelope, mail_receive, mails_file
from apps.mailin.authentication import Authentication, Check, Result
from apps.mailin.steps.ledger import SWEEP_DEADLINE
from apps.mime.parse import parse_mail
from apps.routing.actions import offer_accept
from apps.timers.models import Wakeup
from tests.support.people import default_queue, ringing

_numbers = count(1)
SUPPORT = "support@acme.test"
AUTO = {"Auto_Submitted": "auto-replied"}
"""Headers of what a machine has written (RFC 3834)."""


def make_channel(address: str = SUPPORT, **fields: Any) -> MailChannel:
    """An active channel on the default queue."""
    fields.setdefault("queue", default_queue())
    fields.setdefault("is_active", True)
    return channel_save(channel=MailChannel(address=address, **fields))


def new_id() -> str:
    """A Message-ID that no other mail has, without brackets."""
    return f"mail{next(_numbers)}@customer.example"


def write(
    body: str = "Where is my parcel?",
    *,
    sender: str = "Ana Ruiz <ana@customer.example>",
    to: str = SUPPORT,
    subject: str = "Parcel",
    mail_id: str | None = None,
    answers: str = "",
    references: Sequence[str] = (),
    files: Sequence[tuple[str, bytes]] = (),
    **headers: str,
) -> bytes:
    """A mail's bytes; an empty `mail_id` leaves it out, header names have underscores for hyphens."""
    mail = EmailMessage()
    for name, value in {"From": sender, "To": to, "Subject": subject}.items():
        if value:
            mail[name] = value
    if mail_id != "":
        mail["Message-ID"] = f"<{mail_id or new_id()}>"
    if answers:
        mail["In-Reply-To"] = f"<{answers}>"
    if references:
        mail["References"] = " ".join(f"<{each}>" for each in references)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def receive(channel: MailChannel, raw: bytes, **envelope: Any) -> RawMail:
    """Take a mail in; it is filed by the commit in tests with transactions, and by `file_all` in others.

    Its From is vouched for, unless it is said how it came.
    """
    if "came_by" not in envelope:
        domain = next((each.address.rpartition("@")[2] for each in parse_mail(raw).from_), "")
        vouched = Authentication(by="tests", dmarc=Check(Result.PASS, domain))
        envelope |= {"came_by": Inbound.WEBHOOK, "authentication": vouched.told()}
    return mail_receive(channel_id=channel.pk, raw=raw, envelope=Envelope(**envelope))


def sent_by_us(conversation: Conversation, mail_id: str = "", *, to: str = "") -> MailMessage:
    """A mail that an agent has sent in a conversation, to its contact unless it is said otherwise."""
    number = conversation.last_number + 1
    message = Message.objects.create(conversation=conversation, number=number, side="agent", body="Hello")
    Conversation.objects.filter(pk=conversation.pk).update(last_number=number)
    return MailMessage.objects.create(
        message=message,
        conversation=conversation,
        mail_id=mail_id or new_id(),
        is_outgoing=True,
        to=[["", to or conversation.contact.email]],
    )


def sweeps() -> int:
    """How many wake-ups of sweeps there are, of all tenants."""
    return Wakeup.objects.filter(kind=SWEEP_DEADLINE).count()


def written(channel: MailChannel, agent: Agent, raw: bytes) -> Conversation:
    """A mail that came in, with this agent."""
    row = receive(channel, raw)
    row.refresh_from_db()
    conversation = row.conversation
    assert conversation is not None
    offer = ringing(conversation)
    if offer is not None:
        assert offer.agent_id == agent.pk
        offer_accept(offer_id=offer.pk, actor=agent.user)
    conversation.refresh_from_db()
    return conversation


def file_all(channel: MailChannel) -> int:
    """What a worker does: says how many mails it has filed."""
    return mails_file(channel_id=channel.pk)


def filed(channel: MailChannel, raw: bytes, **envelope: str) -> RawMail:
    """A mail that was received and filed."""
    row = receive(channel, raw, **envelope)
    file_all(channel)
    row.refresh_from_db()
    return row


def counts(channel: MailChannel) -> tuple[int, int, int, int]:
    """Received, matched, new, in quarantine; and they are those of the rows."""
    day = MailDay.objects.get(channel=channel)
    rows = RawMail.objects.filter(channel=channel)
    counted = (day.received, day.matched, day.new, day.quarantined)
    assert counted == (rows.count(), *(rows.filter(state=state).count() for state in ("matched", "new", "quarantined")))
    return counted
