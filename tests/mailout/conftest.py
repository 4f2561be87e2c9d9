"""A mail server on which everything arrives, a place for files, and an agent with a conversation by mail."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.email.models import MailChannel
from tests.support.mail_server import MailServer, mail_server
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, mailer, thread_with


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def agent(acme: Any) -> Agent:
    return mailer(first_name="Mia", last_name="Lund")


@pytest.fixture
def channel(server: MailServer) -> MailChannel:
    return channel_to(server, display_name="Acme Support", signature="{{agent.first_name}}, Acme")


@pytest.fixture
def thread(agent: Agent, channel: MailChannel) -> Conversation:
    written = {"subject": "Parcel", "mail_id": "first@customer.example", "date": "Mon, 02 Feb 2026 10:00:00 +0100"}
    return thread_with(agent, channel, **written)
