"""Which sites may show a widget: its frame's content security policy, and who is told how its launcher looks."""

import re

from apps.chat.models import WidgetChannel

USUAL_PORTS = {("http", "80"), ("https", "443")}
# An origin, with a wildcard for its first label at most; anything else in this header would be a hole.
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5}|:\*)?", re.IGNORECASE)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[^/:]+)(:(?P<port>\d+|\*))?")


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


def allowed_origin(channel: WidgetChannel, origin: str) -> str | None:
    """What `Access-Control-Allow-Origin` says to a site that may show a widget; nothing to one that may not.

    Args:
        channel: the widget.
        origin: the site, as its browser names it.
    """
    ancestors = frame_ancestors(channel)
    if "*" in ancestors:
        return "*"
    return origin if any(_is_of(origin, source) for source in ancestors) else None


def _is_of(origin: str, source: str) -> bool:
    """Whether a browser would take an origin for one of a source (as CSP 3 says): `http` means `https`, too."""
    site, wanted = _ORIGIN.fullmatch(origin.lower()), _ORIGIN.fullmatch(source.lower())
    if not site or not wanted or site["scheme"] not in {wanted["scheme"], "https"}:
        return False
    host = wanted["host"]
    is_host = site["host"].endswith(host[1:]) if host.startswith("*.") else site["host"] == host
    # Browsers leave out the usual port.
    port = None if (wanted["scheme"], wanted["port"]) in USUAL_PORTS else wanted["port"]
    return is_host and port in {site["port"], "*"}
