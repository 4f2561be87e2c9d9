"""Agents who write mails, and conversations by mail that they have."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailDraft, OutboundMail
from apps.mailin.actions import mails_file
from apps.mailout.actions import DraftContent, draft_save, mail_send, outbound_release
from apps.mailout.selectors.outbox import delivery_states
from apps.mime.addresses import parse_addresses
from apps.routing.actions import offer_accept
from tests.support.inbound_mails import make_channel, receive, write
from tests.support.mail_server import MailServer
from tests.support.people import make_agent, ringing


def channel_to(server: MailServer, **fields: Any) -> MailChannel:
    """The channel of the default queue, whose mail leaves by this server."""
    return make_channel(smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", **fields)


def thread_with(agent: Agent, channel: MailChannel, **mail: Any) -> Conversation:
    """A conversation that a customer's mail has opened, and that this agent has accepted."""
    row = receive(channel, write(**mail))
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.conversation is not None
    offer = ringing(row.conversation)
    assert offer is not None
    conversation = offer_accept(offer_id=offer.pk, actor=agent.user)
    conversation.refresh_from_db()
    return conversation


def letter(to: str = "ana@customer.example", **fields: Any) -> DraftContent:
    """What an editor holds; recipients as people write them."""
    for name in ("cc", "bcc"):
        fields[name] = parse_addresses(fields.get(name, ""))
    return DraftContent(to=parse_addresses(to), **{"subject": "Re: Parcel", "body": "It is on its way.", **fields})


def reply(conversation: Conversation, agent: Agent, *, kind: DraftKind = DraftKind.REPLY, **fields: Any) -> MailDraft:
    """A draft of an answer."""
    return draft_save(
        draft_id=uuid7(),
        version=0,
        content=letter(**fields),
        actor=agent.user,
        conversation_id=conversation.pk,
        kind=kind,
    )


def new_mail(agent: Agent, channel: MailChannel, **fields: Any) -> MailDraft:
    """A draft of a new mail."""
    written = letter(**{"subject": "Your order", "queue_id": channel.queue_id, **fields})
    return draft_save(draft_id=uuid7(), version=0, content=written, actor=agent.user)


def send(draft: MailDraft, **options: Any) -> OutboundMail:
    """Press Send."""
    return mail_send(draft_id=draft.pk, version=draft.version, actor=draft.agent, **options)


def depart(row: OutboundMail) -> OutboundMail:
    """Its ten seconds are over."""
    outbound_release(outbound_id=row.pk)
    return OutboundMail.objects.get(pk=row.pk)


def sent(draft: MailDraft, **options: Any) -> OutboundMail:
    """Press Send, and wait."""
    return depart(send(draft, **options))


def due_now(row: OutboundMail) -> None:
    """As if its pause were over."""
    OutboundMail.objects.filter(pk=row.pk).update(retry_at=timezone.now() - timedelta(seconds=1))


def mailer(**options: Any) -> Agent:
    """Somebody who answers mail."""
    return make_agent(**options)


def file_of(agent: Agent, content: bytes = b"Terms of delivery", name: str = "terms.txt") -> UUID:
    """An upload of an agent's that waits to be sent."""
    from apps.files.actions import file_store
    from apps.files.models import Uploader

    return file_store(name=name, content=content, uploader=Uploader(user_id=agent.pk)).pk


ANA, BO, CAROL = (f"{name}@customer.example" for name in ("ana", "bo", "carol"))


def given(agent: Agent, channel: MailChannel, **mail: Any) -> Conversation:
    """A conversation by mail that this agent has."""
    row = receive(channel, write(**mail))
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    conversation = row.conversation
    assert conversation is not None
    Conversation.objects.filter(pk=conversation.pk).update(state="active", agent=agent.user, accepted_at=timezone.now())
    conversation.refresh_from_db()
    return conversation


def refused(code: str, save: Any, **fields: Any) -> dict[str, Any]:
    with pytest.raises(DomainError, match=code) as found:
        save(**fields)
    return found.value.extra


def told(row: OutboundMail) -> tuple[str, str, list[tuple[str, str]], bool]:
    """What its tile shows."""
    assert row.message is not None
    shown = delivery_states([row.message.message])[row.message.message.pk]
    return shown.state, shown.detail, shown.failures, shown.may_retry
