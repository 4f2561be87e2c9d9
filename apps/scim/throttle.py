"""How often a directory may ask, and how often somebody without a valid token (TEN-6).

A valid token is never refused for what others at its address have tried: directories in the cloud share theirs.
"""

from typing import Final

from django.http import HttpRequest

from apps.core.client_addresses import client_address, client_network
from apps.core.limits import Limit, limit_take
from apps.scim.models import DirectoryToken

BY_NETWORK: Final = Limit("scim.network", 20, 3600)
"""Wrong tokens."""
BY_TOKEN: Final = Limit("scim.token", 1_500, 60)
"""Requests with a valid one."""


def wrong_token_take(request: HttpRequest) -> None:
    """Count a wrong token.

    Raises:
        DomainError: ``slow_down``.
    """
    limit_take(BY_NETWORK, client_network(client_address(request)))


def request_take(token: DirectoryToken) -> None:
    """Count a request.

    Raises:
        DomainError: ``slow_down``.
    """
    limit_take(BY_TOKEN, token.pk.hex)
