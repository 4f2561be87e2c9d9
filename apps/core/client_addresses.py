"""Who is at the other end of a connection: the one place where it is decided, for sign-ins, limits and logs.

The address is the connection's own. Where it comes from one of `TRUSTED_PROXIES`, `config/asgi.py` has put in its place
what that proxy says in X-Forwarded-For, before anything here runs; nobody else's header is looked at.
"""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest

CUSTOMER_PREFIX: Final = {4: 32, 6: 64}
"""Bits of what is one customer: an IPv4 address, or the network that one line or machine has all of in IPv6."""
SITE_PREFIX: Final = {4: 24, 6: 48}
"""Bits of what belongs to one site, or to one customer of a provider with many."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(where: HttpRequest | Mapping[str, Any]) -> str:
    """The address at the other end; empty where there is none, as for a socket of the machine's file system.

    Args:
        where: a request, or the scope of a socket.
    """
    if isinstance(where, HttpRequest):
        return str(where.META.get("REMOTE_ADDR") or "")
    client = where.get("client")
    return str(client[0]) if isinstance(client, list | tuple) and client else ""


def client_network(address: str, bits: Mapping[int, int] = CUSTOMER_PREFIX) -> str:
    """The network that an address is counted under, by the first address in it.

    Args:
        address: as `client_address` has it.
        bits: how large, by version: `CUSTOMER_PREFIX` or `SITE_PREFIX`.

    Returns:
        Nothing for the machine itself: behind a proxy that is not trusted, everybody would be one.
    """
    found = _read(address)
    if found is None or found.is_loopback:
        return ""
    whole = ipaddress.IPv4Network if found.version == 4 else ipaddress.IPv6Network
    return str(whole((int(found), bits[found.version]), strict=False).network_address)


def _read(address: str) -> Address | None:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
