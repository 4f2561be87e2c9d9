"""Who is guessing: what failed sign-ins are counted by (TEN-6)."""

from typing import Any

from django.http import HttpRequest


def username(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The email as an account knows it: another spelling of the same address is no fresh start."""
    value = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(value).strip().lower()[:254]


def client_address(request: HttpRequest) -> str:
    """The address that the connection came from.

    Headers such as X-Forwarded-For are not looked at: anybody can write them. Behind a proxy the server puts the real
    address here, for those proxies alone that FORWARDED_ALLOW_IPS names.
    """
    return str(request.META.get("REMOTE_ADDR", ""))
