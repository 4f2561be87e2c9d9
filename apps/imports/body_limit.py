"""How much a request may bring that brings a file of rows: more than a form, once it is known who brings it."""

import re
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from django.http.request import split_domain_port

from apps.imports.limits import MAX_BYTES
from apps.imports.selectors import may_import
from apps.realtime.middleware import tenant_of_host
from apps.realtime.tenant_threads import run_in_public, run_in_tenant

_PATH: Final = re.compile(r"/admin/imports/importjob/new/[a-z_]{1,30}/")
BESIDE: Final = 64 * 1024
"""Bytes of a form beside its file."""


async def import_body_limit(scope: Any) -> int | None:
    """How many bytes a request may bring; None where it brings no file of rows, or nobody who may.

    Args:
        scope: of an HTTP request, of which nothing but its head was read.

    Raises:
        DomainError, DatabaseFailure: it can't be found out at the moment.
    """
    if scope["method"] != "POST" or not _PATH.fullmatch(scope["path"]):
        return None
    headers = dict(scope["headers"])
    key = _session_key(headers.get(b"cookie", b"").decode("latin-1"))
    tenant = await run_in_public(tenant_of_host, split_domain_port(headers.get(b"host", b"").decode("latin-1"))[0])
    if not key or tenant is None:
        return None
    return MAX_BYTES + BESIDE if await run_in_tenant(tenant, _may, key) else None


def _session_key(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    key = found.value if found else ""
    return key if key.isascii() and key.isalnum() else ""


def _may(key: str) -> bool:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return may_import(get_user(request))
