from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.layers import get_channel_layer

from tests.support.media import media_in


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
