"""Where providers bring mail to (EML-1): `POST /mail/in/CHANNEL/SECRET/`.

Anymail's own views are not used: they have one secret for all tenants, and tell of mail by signals, after which nobody
knows whether it was stored.
"""

import re
import threading
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.errors import DomainError
from apps.core.middleware import raw_body
from apps.email.choices import Inbound
from apps.email.models import MailHook
from apps.mailin.actions import Envelope, mail_receive
from apps.mailin.actions.sources import hook_used
from apps.mailin.choices import Refusal
from apps.mailin.providers import UnreadableRequestError, provider_mails
from apps.mailin.selectors import hook_at
from apps.realtime.middleware import tenant_of_host
from apps.realtime.tenant_threads import run_in_public, run_in_tenant

ROOM: Final = 5 / 2
"""Providers pack a mail in base64 or JSON, and some send its files beside it once more: it is larger than by itself."""
_PATH: Final = re.compile(r"/mail/in/([0-9a-f-]{36})/([^/]{1,200})/")
_turns: Final = threading.BoundedSemaphore(2)
"""A large body takes several times its size while it is read: a process holds two at once."""

log = structlog.get_logger(__name__)


def max_mail_bytes() -> int:
    """The largest mail that is taken."""
    return int(settings.MAIL_MAX_MEGABYTES) * 1024 * 1024


async def webhook_body_limit(scope: Any) -> int | None:
    """How many bytes a request may bring that brings mail: more than others, once its address is known to be good.

    Args:
        scope: of an HTTP request, of which nothing but its head was read.

    Raises:
        DomainError, DatabaseFailure: it can't be found out at the moment.
    """
    found = _PATH.fullmatch(scope["path"])
    if scope["method"] != "POST" or found is None:
        return None
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    tenant = await run_in_public(tenant_of_host, split_domain_port(host)[0])
    try:
        channel_id = UUID(found[1])
    except ValueError:
        return None
    is_known = tenant is not None and await run_in_tenant(tenant, _is_known, channel_id, found[2])
    return int(max_mail_bytes() * ROOM) if is_known else None


def _is_known(channel_id: UUID, secret: str) -> bool:
    return hook_at(channel_id, secret) is not None


# A provider has no cookie; what it may do, the address says.
@csrf_exempt
@never_cache
@require_http_methods(["HEAD", "POST"])
@raw_body
def webhook_receive(request: HttpRequest, channel_id: UUID, secret: str) -> HttpResponse:
    """Take the mails of a request: 200 once all of them are stored; what is not is brought again (EML-2)."""
    hook = hook_at(channel_id, secret)
    if hook is None:
        return HttpResponse(status=404)
    if request.method == "HEAD":  # Some try an address before they use it.
        return HttpResponse()
    # Until its turn comes, what it brings lies on the disk.
    with _turns:
        return _take(request, hook)


def _take(request: HttpRequest, hook: MailHook) -> HttpResponse:
    channel_id, most = hook.pk, int(max_mail_bytes() * ROOM)
    body = request.read(most + 1)
    if len(body) > most:
        return HttpResponse(status=413)
    try:
        brought = provider_mails(hook.provider, request, body)
    except UnreadableRequestError as failure:
        log.warning("email.webhook_unread", channel=str(channel_id), provider=hook.provider, error=str(failure))
        return HttpResponse(status=400)
    if any(len(each.raw) > max_mail_bytes() for each in brought):
        return HttpResponse(status=413)
    peer = hook.get_provider_display()
    try:
        for each in brought:
            said = Envelope(
                sender=each.sender,
                recipient=each.recipient or hook.channel.address,
                peer=peer,
                came_by=Inbound.WEBHOOK,
                authentication=each.authentication.told() if each.authentication else {},
                is_put_together=each.is_put_together,
            )
            mail_receive(channel_id=channel_id, raw=each.raw, envelope=said)
    except DomainError as refused:
        return HttpResponse(status=400 if refused.code == Refusal.MAIL_EMPTY else 503)
    hook_used(channel_id=channel_id)
    return HttpResponse()
