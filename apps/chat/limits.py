"""How much one browser and one address may ask of the widget."""

from collections.abc import Mapping
from typing import Any

from apps.core import client_addresses
from apps.core.limits import Limit as Limit
from apps.core.limits import limit_take as limit_take

HELLO_BY_ADDRESS = Limit("chat.hello", 240, 60)
START_BY_ADDRESS = Limit("chat.start-address", 30, 3600)
START_BY_VISITOR = Limit("chat.start-visitor", 10, 3600)
EMAIL_BY_ADDRESS = Limit("chat.email-address", 30, 3600)
EMAIL_BY_VISITOR = Limit("chat.email-visitor", 10, 3600)
UPLOAD_BY_ADDRESS = Limit("chat.upload-address", 120, 3600)
UPLOAD_BY_VISITOR = Limit("chat.upload-visitor", 60, 3600)
SEND_BY_VISITOR = Limit("chat.send", 120, 60)
PAGE_BY_VISITOR = Limit("chat.page", 60, 60)
ATTRIBUTES_BY_VISITOR = Limit("chat.attributes", 30, 60)
SURVEY_BY_VISITOR = Limit("chat.survey", 30, 3600)
MAIL_BY_ADDRESS = Limit("chat.mail-address", 20, 3600)
MAIL_BY_VISITOR = Limit("chat.mail-visitor", 5, 3600)
MAIL_TO = Limit("chat.mail-to", 5, 86_400)
TRANSCRIPT_BY_VISITOR = Limit("chat.transcript", 30, 3600)


def network_of_socket(scope: Mapping[str, Any]) -> str:
    """What a socket is counted under: its IPv4 address or IPv6 network; nothing for the machine itself."""
    return client_addresses.client_network(client_addresses.client_address(scope))
