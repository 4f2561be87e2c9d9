"""The channel layer; an agent, a conversation of theirs, and their browser."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import get_channel_layer

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from tests.support.browser import Browser
from tests.support.pages import browser_of
from tests.support.people import ContactFactory, make_agent, talk


@pytest.fixture
async def layer() -> AsyncIterator[Any]:
    """The channel layer, with the connections of this test's event loop closed at its end."""
    layer = get_channel_layer()
    yield layer
    await layer.flush()


@pytest.fixture
def agent(acme: Any) -> Agent:
    return make_agent(first_name="Lena", last_name="Vogt")


@pytest.fixture
def mine(agent: Agent) -> Conversation:
    return talk(agent, contact=ContactFactory(name="Ana Ruiz", email="ana@example.test"), body="Where is my parcel?")


@pytest.fixture
def browser(agent: Agent) -> Browser:
    return browser_of(agent.user)
