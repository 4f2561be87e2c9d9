"""How much one browser and one address may ask of the widget: fixed windows, counted in Valkey."""

import ipaddress
import time
from dataclasses import dataclass, replace
from uuid import UUID

import redis
import structlog
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.cache import count
from apps.core.errors import DomainError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many in so long.

    Attributes:
        name: part of the counter's key.
        count: how many are allowed in one window.
        seconds: length of the window.
    """

    name: str
    count: int
    seconds: int

    def of(self, channel: UUID, count: int) -> "Limit":
        """The same limit as one widget has it: counted for itself, with its own number."""
        return replace(self, name=f"{self.name}.{channel.hex}", count=count)


HELLO_BY_ADDRESS = Limit("hello", 240, 60)
START_BY_ADDRESS = Limit("start-address", 30, 3600)
START_BY_VISITOR = Limit("start-visitor", 10, 3600)
EMAIL_BY_ADDRESS = Limit("email-address", 30, 3600)
EMAIL_BY_VISITOR = Limit("email-visitor", 10, 3600)
UPLOAD_BY_ADDRESS = Limit("upload-address", 120, 3600)
UPLOAD_BY_VISITOR = Limit("upload-visitor", 60, 3600)
SEND_BY_VISITOR = Limit("send", 120, 60)
PAGE_BY_VISITOR = Limit("page", 60, 60)
ATTRIBUTES_BY_VISITOR = Limit("attributes", 30, 60)
SURVEY_BY_VISITOR = Limit("survey", 30, 3600)
MAIL_BY_ADDRESS = Limit("mail-address", 20, 3600)
MAIL_BY_VISITOR = Limit("mail-visitor", 5, 3600)
MAIL_TO = Limit("mail-to", 5, 86_400)
TRANSCRIPT_BY_VISITOR = Limit("transcript", 30, 3600)


def limit_take(limit: Limit, who: str) -> None:
    """Count one use within the current tenant.

    Without Valkey nothing is counted: a customer who can't write is worse than one who writes too much.

    Args:
        limit: what is limited.
        who: whose use it is; empty for those who are not counted.

    Raises:
        DomainError: ``slow_down`` with ``retry_after`` in seconds, when the window is used up.
    """
    if not who:
        return
    now = time.time()
    window = int(now // limit.seconds)
    try:
        used = count(f"chat.limit.{limit.name}.{who}.{window}", seconds=limit.seconds)
    except (redis.RedisError, OSError) as failure:
        log.warning("chat.limit_not_counted", limit=limit.name, error=repr(failure))
        return
    if used > limit.count:
        retry_after = max(1, round((window + 1) * limit.seconds - now))
        raise DomainError("slow_down", _sentence(retry_after), retry_after=retry_after)


def _sentence(seconds: int) -> str:
    if seconds <= 60:
        return _("Too much at once. Please try again in a minute.")
    minutes = -(-seconds // 60)
    return ngettext(
        "Too much at once. Please try again in %(minutes)d minute.",
        "Too much at once. Please try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def address_of(scope: dict[str, object]) -> str:
    """The address that a socket is counted under: IPv4 as it is, IPv6 by its /64.

    Returns:
        Nothing for the machine itself: behind a proxy that does not say for whom it asks, everybody would be one.
    """
    client = scope.get("client")
    host = str(client[0]) if isinstance(client, list | tuple) and client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((int(address), 64), strict=False).network_address)
    return str(address)
