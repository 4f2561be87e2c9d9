"""Reads of mail."""

from collections.abc import Iterable

from apps.email.models import MailChannel
from apps.mime.types import Address


def own_addresses(addresses: Iterable[Address]) -> set[str]:
    """Those of these addresses that are a channel's of ours, with or without something behind a plus sign."""
    plain = {each.key: plain_address(each.key) for each in addresses}
    if not plain:
        return set()
    ours = set(MailChannel.objects.filter(address__in=set(plain.values())).values_list("address", flat=True))
    return {key for key, address in plain.items() if address in ours}


def plain_address(address: str) -> str:
    """An address without what stands behind a plus sign."""
    local, _at, domain = address.rpartition("@")
    return f"{local.split('+', 1)[0]}@{domain}"
