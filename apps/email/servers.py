"""Servers that tenants name: none of them may be one of the installation's own (EML-1)."""

import socket

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.errors import DomainError
from apps.core.public_addresses import is_public_address
from apps.email.choices import Refusal


def server_check(host: str, port: int) -> str:
    """The address at which to reach a mail server that a tenant has named.

    It is looked up once and connected to as it was found: a name that leads elsewhere a moment later leads nowhere.

    Args:
        host: a name or an address.
        port: of the service.

    Raises:
        DomainError: ``server_unknown``, ``server_private`` (only where `MAIL_PRIVATE_SERVERS` is not set).
    """
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise DomainError(Refusal.SERVER_UNKNOWN, _("There is no server %(host)s.") % {"host": host[:100]}) from error
    addresses = [str(address) for address in found]
    if not settings.MAIL_PRIVATE_SERVERS:
        addresses = [each for each in addresses if is_public_address(each)]
        if not addresses:
            message = _("%(host)s is in a private network, where this installation sends nothing.")
            raise DomainError(Refusal.SERVER_PRIVATE, message % {"host": host[:100]})
    return addresses[0]
