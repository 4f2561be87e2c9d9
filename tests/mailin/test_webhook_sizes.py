"""How large a mail may be that a provider brings, through the application as it is served (EML-1)."""

import asyncio
import base64
import json
from typing import Any

import pytest
from django.http import HttpRequest
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.email.models import MailHook, RawMail
from apps.files.body_limit import FORM_BYTES
from apps.mailin.providers import provider_mails
from apps.mailin.secrets import hook_secret
from tests.support.inbound_mails import write
from tests.support.mail_hooks import (
    MAILGUN,
    MAILJET,
    POSTAL,
    POSTMARK,
    SES,
    SPARKPOST,
    Payload,
    as_form,
    as_json,
    make_hook,
)
from tests.support.media import media_in

pytestmark = pytest.mark.django_db(transaction=True)
MEGABYTE = 1024 * 1024
PIECE = 256 * 1024


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def mail_of(size: int) -> bytes:
    """A mail of that many bytes, nearly all of them a file's."""
    raw = write(mail_id="large@customer.example", files=[("scan.bin", b"\0" * int(size * 0.72))]).replace(
        b"\n", b"\r\n"
    )
    return raw + b"\r\n" * ((size - len(raw)) // 2)


def shapes(raw: bytes) -> dict[str, Payload]:
    """A mail as each provider packs it."""
    packed, text = base64.b64encode(raw).decode(), raw.decode()
    message = json.loads(SES["Message"]) | {"content": packed}
    relayed = SPARKPOST[0]["msys"]["relay_message"]
    content = relayed["content"]
    whole = {"Name": "scan.bin", "Content": "A" * int(len(raw) * 0.96), "ContentType": "application/octet-stream"}
    return {
        "mailgun": as_form(MAILGUN | {"body-mime": text}),
        "postmark": as_json(POSTMARK | {"RawEmail": text, "Attachments": [whole]}),
        "ses": as_json(SES | {"Message": json.dumps(message)}),
        "sparkpost": as_json([{"msys": {"relay_message": relayed | {"content": content | {"email_rfc822": packed}}}}]),
        "postal": as_json(POSTAL | {"message": packed, "size": len(raw)}),
        "mailjet": in_pieces(len(raw)),
    }


def in_pieces(size: int) -> Payload:
    """A mail that is put together again to one of that many bytes."""
    pieces = MAILJET | {"Attachment1": base64.b64encode(bytes(int(size * 0.73))).decode()}
    headers = MAILJET["Headers"] | {"X-Rest": "x"}
    (brought,) = provider_mails("mailjet", HttpRequest(), as_json(pieces | {"Headers": headers})[0])
    return as_json(pieces | {"Headers": headers | {"X-Rest": "x" * (1 + size - len(brought.raw))}})


async def post(path: str, payload: Payload) -> tuple[int, int]:
    """POST to the application, piece by piece.

    Returns:
        Status, and how many bytes were taken.
    """
    from config.asgi import application

    body, kind = payload
    headers = [(b"host", b"acme.localhost"), (b"content-type", kind.encode())]
    headers.append((b"content-length", str(len(body)).encode()))
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode()}
    scope |= {"query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http", "root_path": ""}
    scope |= {"client": ["127.0.0.1", 1], "server": ["acme.localhost", 80], "asgi": {}}
    taken, sent = 0, []

    async def receive() -> Any:
        nonlocal taken
        if taken >= len(body):
            await asyncio.sleep(60)
        piece = body[taken : taken + PIECE]
        taken += len(piece)
        return {"type": "http.request", "body": piece, "more_body": taken < len(body)}

    async def send(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, send)
    return sent[0]["status"], taken


def path_of(hook: MailHook, secret: str = "") -> str:
    return reverse("mailin:hook", args=[hook.pk, secret or hook_secret(hook)])


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["mailgun", "postmark", "ses", "sparkpost", "postal", "mailjet"])
async def test_eml_1_a_mail_at_the_limit_is_taken_and_one_above_it_is_not(
    acme: Any, settings: Any, provider: str
) -> None:
    from apps.realtime.tenant_threads import run_in_tenant

    settings.MAIL_MAX_MEGABYTES = 7
    path = await run_in_tenant(acme, lambda: path_of(make_hook(provider)))
    fits, above = shapes(mail_of(7 * MEGABYTE))[provider], shapes(mail_of(7 * MEGABYTE + 4096))[provider]
    assert len(fits[0]) > FORM_BYTES
    assert (await post(path, fits), (await post(path, above))[0]) == ((200, len(fits[0])), 413)

    def stored() -> list[int]:
        with tenant_context(acme):
            return list(RawMail.objects.values_list("size", flat=True))

    assert await run_in_tenant(acme, stored) == [len(mail_of(7 * MEGABYTE))]


async def test_eml_1_only_who_knows_the_address_may_bring_much(acme: Any) -> None:
    from apps.realtime.tenant_threads import run_in_tenant

    hook = await run_in_tenant(acme, make_hook)
    known = await run_in_tenant(acme, path_of, hook)
    large = (b"x" * (FORM_BYTES + 1), "application/json")
    for path in (path_of(hook, "guess"), "/mail/in/00000000-0000-0000-0000-00000000000x/guess/", "/mail/in/x/"):
        assert await post(path, large) == (413, 0)
    assert (await post(known, (b"x" * (63 * MEGABYTE), "application/json")))[1] == 0
    assert (await post(known, large))[0] == 400
