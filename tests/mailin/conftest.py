"""A channel, a DNS server that is asked about senders, and a Dovecot with mailboxes."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core.ids import uuid7
from apps.email.models import MailChannel
from apps.mailin.authentication.lookups import silence_end
from tests.mailin.dovecot import Dovecot, binary, dovecot
from tests.support.dns import Zone, serving
from tests.support.inbound_mails import make_channel


@pytest.fixture
def zone(settings: Any) -> Iterator[Zone]:
    with serving() as zone:
        settings.MAIL_DNS_SERVERS = [zone.address]
        silence_end()
        yield zone
        silence_end()


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    return make_channel()


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    """A server for all of them; each uses a mailbox of its own."""
    path = binary()
    if path is None:
        pytest.skip("no Dovecot, and none can be installed here (Debian: dovecot-imapd)")
    with dovecot(path) as server:
        yield server


@pytest.fixture
def user() -> str:
    return f"user-{uuid7().hex}"
