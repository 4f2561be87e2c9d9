"""Which addresses of the internet are anybody's, and which are an installation's own."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""A translator's well-known prefix: the last 32 bits are an IPv4 address (RFC 6052, 2.1)."""
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")
"""Translators of one's own network (RFC 8215): whatever they lead to, it is nobody else's to say."""
_COMPATIBLE = ipaddress.ip_network("::/96")
"""An IPv4 address in the last 32 bits, given up in 2006 (RFC 4291, 2.5.5.1)."""


def is_public_address(text: str) -> bool:
    """Whether an address is one of the public internet, however it is spelled.

    What an IPv6 address leads to through a translator or a tunnel counts as well: a private IPv4 address is private in
    whatever it is packed.

    Args:
        text: of an IPv4 or IPv6 address, perhaps with a zone behind "%".

    Raises:
        ValueError: it is no address.
    """
    found = ipaddress.ip_address(text.partition("%")[0])
    return _is_public(found) and all(map(_is_public, _within(found)))


def _is_public(found: Address) -> bool:
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64_LOCAL:
            return False
        if found in _NAT64 or found.ipv4_mapped is not None or found.sixtofour is not None:
            return True  # What is packed in it decides.
    return found.is_global and not found.is_multicast and not found.is_reserved


def _within(found: Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 one stands for."""
    if not isinstance(found, ipaddress.IPv6Address):
        return []
    packed = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
    if found in _NAT64 or found in _COMPATIBLE:
        packed.append(ipaddress.IPv4Address(found.packed[-4:]))
    return [each for each in packed if each is not None]
