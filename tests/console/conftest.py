from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import get_channel_layer


@pytest.fixture
async def layer() -> AsyncIterator[Any]:
    """The channel layer, with the connections of this test's event loop closed at its end."""
    layer = get_channel_layer()
    yield layer
    await layer.flush()
