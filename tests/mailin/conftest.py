"""A channel, and a DNS server that is asked about senders."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.email.models import MailChannel
from apps.mailin.authentication.lookups import silence_end
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
