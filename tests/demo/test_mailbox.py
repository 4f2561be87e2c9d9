"""The mail catcher of local mode: what is sent ends at `/demo/mail/`, and customers answer from there."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection
from django_tenants.utils import tenant_context

from apps.conversations.models import Conversation
from apps.demo import actions
from apps.demo.models import CaughtMail
from apps.email.models import MailMessage, RawMail
from apps.email.tokens import reply_address
from apps.mime.compose import compose_mail
from apps.mime.parse import parse_mail
from apps.mime.types import Address, OutgoingMail, Part
from tests.support.browser import Browser
from tests.support.inbound_mails import SUPPORT, make_channel
from tests.support.media import media_in

ANA = "ana@customer.example"


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> Any:
    yield from media_in(settings, tmp_path)


def send(subject: str = "Your parcel", body: str = "It is on its way.", html: str = "", **fields: Any) -> int:
    """Send a mail as Django does in local mode."""
    fields = {"to": [f"Ana Ruiz <{ANA}>"], "from_email": f"Acme <{SUPPORT}>", **fields}
    mail = EmailMultiAlternatives(subject, body, connection=get_connection("apps.demo.mailbox.Backend"), **fields)
    if html:
        mail.attach_alternative(html, "text/html")
    return int(mail.send())


@pytest.mark.django_db
def test_what_is_sent_is_kept_with_its_envelope_in_its_own_tenant(acme: Any, globex: Any) -> None:
    assert send("Grüße", "Hello\n\nthere", bcc=["boss@customer.example"]) == 1
    row = CaughtMail.objects.get()
    assert (row.subject, row.preview, row.sender) == ("Grüße", "Hello there", SUPPORT)
    assert row.recipients == [ANA, "boss@customer.example"]
    assert b"\r\n" in bytes(row.raw)
    assert b"boss" not in bytes(row.raw)
    with tenant_context(globex):
        assert not CaughtMail.objects.exists()
    connection.set_schema_to_public()
    assert send() == 0


@pytest.mark.django_db
def test_only_the_newest_are_kept(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_KEPT", 3)
    for number in range(5):
        send(f"Mail {number}")
    assert [each.subject for each in CaughtMail.objects.all()] == ["Mail 4", "Mail 3", "Mail 2"]
    monkeypatch.setattr(actions, "MOST_BYTES", 20_000)
    send("Large", "x" * 70 + ("\n" + "x" * 70) * 400)
    assert [each.subject for each in CaughtMail.objects.all()] == ["Large"]


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_read_safely_in_a_frame(acme: Any) -> None:
    send(
        "Offer <b>",
        html="<p>Hello</p><script>alert(1)</script><img src='https://spy.example/x.png'>",
        cc=["c@x.example"],
    )
    browser, row = Browser("acme.localhost"), CaughtMail.objects.get()
    page = browser.get("/demo/mail/").content.decode()
    assert "Offer &lt;b&gt;" in page
    assert "c@x.example" in page
    assert re.search(rf'<iframe[^>]*src="/demo/mail/{row.pk}/body/"[^>]*sandbox="allow-same-origin', page)
    assert re.findall(r"<script(?![^>]*src=)", page) == []
    answer = browser.get(f"/demo/mail/{row.pk}/body/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    text = answer.content.decode()
    assert "<p>Hello</p>" in text
    assert "script" not in text
    assert ' src="https://spy' not in text
    assert "spy.example" in browser.get(f"/demo/mail/{row.pk}/source/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_came_along_is_saved_and_never_run(acme: Any) -> None:
    send(attachments=[("page.html", b"<script>", "text/html"), ("dot.png", b"\x89PNG", "image/png")])
    browser, row = Browser("acme.localhost"), CaughtMail.objects.get()
    page = browser.get(f"/demo/mail/{row.pk}/parts/0/")
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"].startswith('attachment; filename="page.html"')
    assert browser.get(f"/demo/mail/{row.pk}/parts/1/").headers["Content-Type"] == "image/png"
    assert browser.get(f"/demo/mail/{row.pk}/parts/2/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_whole_loop_without_a_mail_server(acme: Any) -> None:
    """EML-1 to EML-3: a customer writes, the company answers, the customer answers: one conversation."""
    make_channel()
    browser = Browser("acme.localhost")
    form = {"name": "Ana Ruiz", "address": ANA, "to": SUPPORT, "subject": "Parcel", "body": "Where is it?"}
    files = {"enclosed": SimpleUploadedFile("proof.txt", b"paid", "text/plain")}
    said = browser.post("/demo/mail/new/", {**form, **files})
    assert said.status_code == 302
    assert "Handed over" in browser.get(said.headers["Location"]).content.decode()
    conversation = Conversation.objects.get()
    assert RawMail.objects.get().state == "new"
    assert conversation.messages.get().attachments.count() == 1
    caught = actions.mail_catch(raw=answer_of(conversation), sender=SUPPORT, recipients=[ANA])
    page = browser.get(f"/demo/mail/{caught.pk}/").content.decode()
    assert "Reply as the customer" in page
    assert browser.post(f"/demo/mail/{caught.pk}/", {"author": ANA, "body": "Thank you!"}).status_code == 302
    assert [each.body for each in conversation.messages.order_by("number")] == ["Where is it?", "Thank you!"]
    answer = MailMessage.objects.get(message__body="Thank you!")
    assert (answer.in_reply_to, answer.subject) == ("ours@acme.test", "Re: Parcel")
    assert answer.sender == [["Ana Ruiz", ANA]]
    assert "> It is on its way." in answer.quoted
    assert set(RawMail.objects.values_list("state", flat=True)) == {"new", "matched"}
    assert CaughtMail.objects.filter(is_written=True).count() == 2


def answer_of(conversation: Conversation) -> bytes:
    return compose_mail(
        OutgoingMail(
            message_id="ours@acme.test",
            date=conversation.first_arrived_at,
            from_=Address("Acme", SUPPORT),
            to=(Address("Ana Ruiz", ANA),),
            reply_to=Address("", reply_address(SUPPORT, conversation.pk)),
            subject="Re: Parcel",
            text="It is on its way.",
            attachments=(Part("a.txt", "text/plain", b"x"),),
        )
    )


@pytest.mark.django_db(transaction=True)
def test_what_nobody_takes_is_said_on_the_page(acme: Any, globex: Any) -> None:
    with tenant_context(globex):
        make_channel("help@globex.test")
    send(reply_to=["help@globex.test"])
    browser, row = Browser("acme.localhost"), CaughtMail.objects.get()
    refused = browser.post(f"/demo/mail/{row.pk}/", {"author": ANA, "body": "Hello"})
    assert refused.status_code == 422
    assert "No mail is received here for help@globex.test." in refused.content.decode()
    assert browser.post(f"/demo/mail/{row.pk}/", {"author": "b@x.example", "body": "Hello"}).status_code == 422
    assert browser.post("/demo/mail/new/", {"body": "Hello"}).status_code == 422
    with tenant_context(globex):
        assert not RawMail.objects.exists()
    assert CaughtMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_there_is_no_catcher_outside_local_mode(acme: Any, settings: Any) -> None:
    send()
    row = CaughtMail.objects.get()
    settings.LOCAL_MODE = False
    for path in ("", "new/", f"{row.pk}/", f"{row.pk}/body/", f"{row.pk}/source/", f"{row.pk}/parts/0/"):
        assert Browser("acme.localhost").get(f"/demo/mail/{path}").status_code == 404


def test_what_customers_write_is_read_as_it_was_meant() -> None:
    from apps.core.ids import uuid7
    from apps.demo.customer_mail import customer_mail

    author = Address("Ana", ANA)
    mail = parse_mail(
        compose_mail(customer_mail(key=uuid7(), author=author, to=Address("", SUPPORT), body="a < b\n\nc", subject="S"))
    )
    assert (mail.text, mail.subject, mail.defects) == ("a < b\n\nc", "S", ())
    assert "<p>a &lt; b</p><p>c</p>" in mail.html
