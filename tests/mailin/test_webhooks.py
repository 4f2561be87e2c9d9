"""Mail that providers bring by webhooks, in the shapes that they send (EML-1, EML-2)."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.core.ids import uuid7
from apps.email.actions.channels import channel_save
from apps.email.models import MailHook, RawMail
from apps.mailin.actions import mail_content, mails_file
from apps.mailin.actions.sources import hook_renew
from apps.mailin.authentication import Authentication
from apps.mailin.secrets import hook_secret
from apps.mime.parse import parse_mail
from apps.tenants.models import MailAddress
from tests.support.browser import Browser
from tests.support.dns import serving
from tests.support.inbound_mails import SUPPORT
from tests.support.mail_hooks import (
    MAILGUN,
    MAILJET,
    POSTAL,
    POSTMARK,
    RAW,
    RETURN,
    SES,
    SIGNED,
    SPARKPOST,
    TEXT,
    TO,
    Payload,
    as_form,
    as_json,
    make_hook,
)

pytestmark = pytest.mark.django_db


def bring(hook: MailHook, payload: Payload, *, secret: str | None = None, host: str = "acme.localhost") -> int:
    """POST as a provider does, and say what was answered."""
    path = reverse("mailin:hook", args=[hook.pk, hook_secret(hook) if secret is None else secret])
    body, kind = payload
    schema = connection.schema_name
    try:
        return int(Browser(host).client.post(path, data=body, content_type=kind).status_code)
    finally:
        connection.set_schema(schema)


HEADERS = [
    ["From", "Ana <ana@customer.example>"],
    ["To", SUPPORT],
    ["Subject", "Größe"],
    ["Message-Id", "<one@x.example>"],
]
WHOLE: dict[str, tuple[str, Payload]] = {
    "mailgun": ("mailgun", as_form(MAILGUN)),
    "mailgun-urlencoded": ("mailgun", (urlencode(MAILGUN).encode(), "application/x-www-form-urlencoded")),
    "postmark": ("postmark", as_json(POSTMARK | {"RawEmail": TEXT})),
    "sparkpost": ("sparkpost", as_json(SPARKPOST)),
    "postal": ("postal", as_json(POSTAL)),
    "ses": ("ses", as_json(SES)),
}
PIECES: dict[str, tuple[str, Payload]] = {
    "mailgun": (
        "mailgun",
        as_form(
            {
                "sender": RETURN,
                "recipient": TO,
                "message-headers": json.dumps(HEADERS),
                "body-plain": "Grüße aus Köln",
                "body-html": "<p>Grüße aus Köln</p>",
                "attachment-count": "1",
                **SIGNED,
            },
            {"attachment-1": ("a.pdf", b"%PDF-1.4")},
        ),
    ),
    "postmark": ("postmark", as_json(POSTMARK)),
    "mailjet": ("mailjet", as_json(MAILJET)),
}


def test_eml_1_a_whole_mail_is_stored_as_it_was_and_once(acme: Any) -> None:
    for name, (provider, payload) in WHOLE.items():
        hook = make_hook(provider, f"{name}@acme.test")
        assert [bring(hook, payload), bring(hook, payload)] == [200, 200], name
        raw = RawMail.objects.get(channel=hook.channel)
        assert mail_content(raw).rstrip() == RAW.rstrip(), name
        assert (raw.envelope_to, raw.mail_id) == (TO, "one@customer.example"), name
        assert raw.envelope_from in {RETURN, ""}, name
        hook.refresh_from_db()
        assert hook.last_at is not None


def test_eml_1_a_mail_in_pieces_is_put_together_the_same_each_time(acme: Any) -> None:
    for name, (provider, payload) in PIECES.items():
        hook = make_hook(provider, f"{name}@acme.test")
        assert [bring(hook, payload), bring(hook, payload)] == [200, 200], name
        raw = RawMail.objects.get(channel=hook.channel)
        mail = parse_mail(mail_content(raw))
        assert (mail.subject, mail.text.strip(), mail.message_id) == ("Größe", "Grüße aus Köln", "one@x.example"), name
        assert [(part.name, part.content) for part in mail.attachments] == [("a.pdf", b"%PDF-1.4")], name
        assert (raw.envelope_from, raw.envelope_to) == (RETURN, TO), name


@pytest.mark.parametrize(
    ("verdict", "verified"), [("PASS", "customer.example"), ("FAIL", ""), ("GRAY", ""), ("PROCESSING_FAILED", "")]
)
def test_eml_3_what_amazon_says_of_a_sender_is_believed(acme: Any, settings: Any, verdict: str, verified: str) -> None:
    """Where it says nothing for sure, we look ourselves."""
    said = json.loads(SES["Message"])
    said["receipt"] |= {"spfVerdict": {"status": verdict}, "dmarcVerdict": {"status": verdict}, "dmarcPolicy": "reject"}
    said["mail"]["commonHeaders"] = {"from": ["Ana <ana@customer.example>"]}
    hook = make_hook("ses")
    assert bring(hook, as_json(SES | {"Message": json.dumps(said)})) == 200
    with serving() as zone:
        settings.MAIL_DNS_SERVERS = [zone.address]
        mails_file(channel_id=hook.channel_id)
        assert bool(zone.asked) is (verdict not in {"PASS", "FAIL"})
    found = Authentication.read(RawMail.objects.get().authentication)
    assert (found.by, found.verified, found.is_refused) == ("Amazon SES", verified, verdict == "FAIL")


def test_eml_3_no_signature_is_looked_for_under_a_mail_in_pieces(acme: Any) -> None:
    for name, (provider, payload) in (WHOLE | {f"{each} in pieces": PIECES[each] for each in PIECES}).items():
        hook = make_hook(provider, f"{name.replace(' ', '-')}@acme.test")
        assert bring(hook, payload) == 200
        assert RawMail.objects.get(channel=hook.channel).is_put_together is name.endswith("in pieces"), name


def test_eml_1_who_does_not_know_the_address_finds_nothing(acme: Any, globex: Any) -> None:
    hook, payload = make_hook(), as_form(MAILGUN)
    known = hook_secret(hook)
    assert bring(hook, payload, secret="guess") == 404
    assert bring(hook, payload, host="globex.localhost") == 404
    assert bring(MailHook(pk=uuid7()), payload, secret=known) == 404
    hook_renew(hook=hook)
    assert bring(hook, payload, secret=known) == 404
    assert bring(hook, payload) == 200
    hook.channel.is_active = False
    channel_save(channel=hook.channel)
    assert bring(hook, payload) == 404
    assert RawMail.objects.count() == 1
    with tenant_context(globex):
        assert not RawMail.objects.exists()


def test_eml_1_the_channel_takes_mail_no_other_way_meanwhile(acme: Any) -> None:
    hook = make_hook()
    assert (hook.channel.inbound, MailAddress.objects.count()) == ("webhook", 0)
    assert known_only_to(hook)
    hook.channel.inbound = "listener"
    channel_save(channel=hook.channel)
    assert bring(hook, as_form(MAILGUN)) == 404


def known_only_to(hook: MailHook) -> bool:
    return hook_secret(hook).encode() not in bytes(hook.sealed or b"")


@pytest.mark.parametrize("provider", ["mailgun", "postmark", "sparkpost", "mailjet", "postal", "ses"])
def test_eml_1_what_is_no_mail_is_refused_and_is_no_error(acme: Any, provider: str) -> None:
    hook = make_hook(provider)
    odd: list[Payload] = [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"a": 1}', "application/json"),
        (b"\xff\xfe", "text/plain"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"a=1", "multipart/form-data"),
        as_json(SES | {"Type": "SubscriptionConfirmation"}),
    ]
    for payload in odd:
        assert bring(hook, payload) in {200, 400}, payload
    assert RawMail.objects.count() == 0


def test_eml_1_there_is_a_largest_mail(acme: Any, settings: Any) -> None:
    """And it is larger than what Django takes of a form."""
    settings.MAIL_MAX_MEGABYTES = 2
    hook = make_hook()
    assert bring(hook, as_form(MAILGUN | {"body-mime": TEXT + "x" * 2_000_000})) == 200
    assert bring(hook, as_form(MAILGUN | {"body-mime": TEXT + "y" * 3_200_000})) == 413
    assert RawMail.objects.count() == 1


def test_eml_1_the_address_can_be_tried_and_needs_no_cookie(acme: Any) -> None:
    hook = make_hook()
    path = reverse("mailin:hook", args=[hook.pk, hook_secret(hook)])
    strict = Browser("acme.localhost", enforce_csrf_checks=True)
    body, kind = as_form(MAILGUN)
    assert strict._ask("head", path).status_code == 200
    assert strict.get(path).status_code == 405
    assert strict._ask("post", path, data=body, content_type=kind).status_code == 200
