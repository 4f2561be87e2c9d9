"""Which sites may show a widget: its frame's content security policy."""

import re

from apps.chat.models import WidgetChannel

# An origin, with a wildcard for its first label at most; anything else in this header would be a hole.
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5}|:\*)?", re.IGNORECASE)


def frame_policy(channel: WidgetChannel | None, host: str) -> str:
    """The policy of a widget's frame.

    Args:
        channel: the widget; none may be shown on our own pages only.
        host: the tenant's host, with its port.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
        f" connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none';"
        f" frame-ancestors {' '.join(frame_ancestors(channel))}"
    )


def frame_ancestors(channel: WidgetChannel | None) -> list[str]:
    """Sources of the ``frame-ancestors`` directive: the sites that are allowed, or any where none is named."""
    if channel is None:
        return ["'self'"]
    if not channel.allowed_sites:
        return ["*"]
    sites = [site.strip().rstrip("/") for site in channel.allowed_sites]
    return ["'self'", *(site for site in sites if _SITE.fullmatch(site))]
