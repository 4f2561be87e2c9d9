"""A provider for those who sign in there."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from apps.accounts.openid import discovery_key
from tests.support.openid_provider import Provider, openid_provider_running


@pytest.fixture
def provider() -> Iterator[Provider]:
    with openid_provider_running() as running:
        # Its port may have been that of an earlier one. The rest of the cache is also that of tests beside this one.
        cache.delete(discovery_key(running.issuer))
        yield running
