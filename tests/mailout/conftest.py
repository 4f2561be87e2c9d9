"""A mail server on which everything arrives, and a place for files."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.mail_server import MailServer, mail_server
from tests.support.media import media_in


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    with mail_server() as found:
        yield found
