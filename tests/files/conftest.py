from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer

from apps.chat.models import Visit, Visitor, WidgetChannel
from tests.files.messages import say
from tests.support.media import by_agent, by_customer, media_in, picture
from tests.support.people import make_agent, talk


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of this test's own."""
    yield from media_in(settings, tmp_path)


@pytest.fixture
async def layer() -> AsyncIterator[Any]:
    """The channel layer, with the connections of this test's event loop closed at its end."""
    layer = get_channel_layer()
    yield layer
    await layer.flush()


@pytest.fixture
def chat(acme: Any) -> dict[str, Any]:
    """A conversation of an agent and a browser, each of whom sent a file."""
    agent = make_agent()
    conversation = talk(agent)
    channel = WidgetChannel.objects.get()
    visitor = Visitor.objects.create(channel=channel, contact=conversation.contact)
    Visit.objects.create(conversation=conversation, visitor=visitor)
    sent, got = by_agent(agent, picture(), "a.png"), by_customer(visitor.pk)
    say(conversation, sent, actor=agent.user)
    say(conversation, got)
    return {"agent": agent, "conversation": conversation, "visitor": visitor, "files": [sent, got]}
