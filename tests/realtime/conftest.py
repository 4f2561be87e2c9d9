from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from channels.layers import get_channel_layer

from tests.support.valkey import OwnValkey


@pytest.fixture
async def layer() -> AsyncIterator[Any]:
    """The channel layer, with the connections of this test's event loop closed at its end."""
    layer = get_channel_layer()
    yield layer
    await layer.flush()


@pytest.fixture
def own_valkey(settings: Any) -> Iterator[OwnValkey]:
    """A Valkey that this test may harm; channel layer and publisher use it."""
    valkey = OwnValkey()
    valkey.start()
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "apps.realtime.layer.ChannelLayer", "CONFIG": {"url": valkey.url}}
    }
    yield valkey
    valkey.kill()
