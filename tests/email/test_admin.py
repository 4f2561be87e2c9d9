"""The ledger of mail in the admin: what came in, what it became, and the way out of quarantine (EML-2, EML-3)."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.models import MailChannel, MailText, OriginalView, OutboundMail, RawMail
from apps.email.secrets import smtp_password
from apps.mailin.actions import mail_original, mails_file
from apps.tenants.models import MailAddress
from tests.support.browser import signed_in, user_as
from tests.support.inbound_mails import SUPPORT, make_channel, receive, sent_by_us, write
from tests.support.people import default_queue

MAILS, COUNTS = "/admin/email/rawmail/", "/admin/email/mailday/"


@pytest.fixture
def channel(acme: Any) -> MailChannel:
    channel = make_channel()
    for raw in (
        write(mail_id="a@x.example"),
        write(answers="a@x.example"),
        write("Away", subject="<script>alert(1)</script>", Auto_Submitted="auto-replied"),
        write(sender="eve@x.example", answers="a@x.example"),
    ):
        receive(channel, raw)
        mails_file(channel_id=channel.pk)
    receive(channel, write("Not filed yet"))
    return channel


def test_eml_2_received_is_filed_and_what_is_not_yet_is_seen(channel: MailChannel) -> None:
    page = signed_in(user_as("administrator")).get(COUNTS)
    assert "5 received, 4 filed" in page.content.decode()
    row = page.context["cl"].result_list[0]
    assert (row.received, row.matched, row.new, row.quarantined, row.unfiled) == (5, 1, 2, 1, 1)


def test_eml_3_the_scores_are_shown(channel: MailChannel) -> None:
    browser = signed_in(user_as("administrator"))
    stranger = RawMail.objects.get(sender="eve@x.example")
    page = browser.get(f"{MAILS}{stranger.pk}/change/").content.decode()
    assert ("Answers one of its mails 60" in page, "may belong to it" in page) == (True, True)
    listing = browser.get(MAILS).content.decode()
    assert ("<script>alert" in listing, "&lt;script&gt;alert" in listing) == (False, True)


def test_eml_2_whoever_may_set_up_channels_lets_go_what_is_in_quarantine(channel: MailChannel) -> None:
    held = RawMail.objects.get(state="quarantined")
    keys = [str(row.pk) for row in RawMail.objects.all()]
    data = {"action": "release", "_selected_action": keys}
    assert signed_in(user_as("supervisor")).post(MAILS, data).status_code == 403
    assert RawMail.objects.get(pk=held.pk).state == "quarantined"
    admin = user_as("administrator")
    answer = signed_in(admin).post(MAILS, data, follow=True)
    assert "1 mail was let go" in answer.content.decode()
    mails_file(channel_id=channel.pk)
    held.refresh_from_db()
    assert (held.state, held.released_by, Conversation.objects.count()) == ("new", admin, 4)


def test_eml_1_a_channel_is_set_up_and_refusals_stand_on_the_page(acme: Any) -> None:
    browser = signed_in(user_as("owner"))
    form = {
        "address": "Support@Acme.test",
        "queue": str(default_queue().pk),
        "inbound": "listener",
        "smtp_port": "587",
        "smtp_security": "starttls",
        "flood_limit": "100",
        "reopen_days": "7",
    }
    assert browser.post("/admin/email/mailchannel/add/", form).status_code == 302
    channel = MailChannel.objects.get()
    assert (channel.address, channel.is_active, MailAddress.objects.count()) == (SUPPORT, False, 0)
    page = f"/admin/email/mailchannel/{channel.pk}/change/"
    assert browser.post(page, form | {"is_active": "on"}).status_code == 302
    assert MailAddress.objects.get().address == SUPPORT
    again = browser.post("/admin/email/mailchannel/add/", form | {"address": SUPPORT})
    plus = browser.post("/admin/email/mailchannel/add/", form | {"address": "a+b@acme.test"})
    assert (again.status_code, plus.status_code, b"no plus sign" in plus.content) == (200, 200, True)
    receive(channel, write())
    answer = browser.post(f"/admin/email/mailchannel/{channel.pk}/delete/", {"post": "yes"}, follow=True)
    assert "deactivate it instead" in answer.content.decode()
    assert MailChannel.objects.count() == 1


# --- What goes out


def test_eml_1_a_channels_password_is_typed_once_and_never_shown(acme: Any) -> None:
    channel, browser = make_channel(), signed_in(user_as("administrator"))
    page = f"/admin/email/mailchannel/{channel.pk}/change/"
    form = {
        "address": SUPPORT,
        "queue": str(channel.queue_id),
        "inbound": "listener",
        "smtp_host": "smtp.acme.test",
        "smtp_port": "465",
        "smtp_security": "tls",
        "smtp_user": "acme",
        "smtp_password": "s3cret phrase",
        "signature": "{{agent.first_name}}",
        "flood_limit": "100",
        "reopen_days": "7",
        "is_active": "on",
    }
    assert browser.post(page, form).status_code == 302
    channel.refresh_from_db()
    assert (channel.smtp_port, channel.smtp_security, smtp_password(channel)) == (465, "tls", "s3cret phrase")
    assert "s3cret" not in browser.get(page).content.decode()
    assert browser.post(page, form | {"smtp_password": "", "acknowledges": "on"}).status_code == 302
    channel.refresh_from_db()
    assert (smtp_password(channel), channel.acknowledges) == ("s3cret phrase", True)
    assert browser.post(page, form | {"smtp_password": "", "smtp_user": ""}).status_code == 302
    channel.refresh_from_db()
    assert smtp_password(channel) == ""
    wrong = browser.post(page, form | {"signature": "{{agent.salary}}"})
    assert (wrong.status_code, "Unknown: agent.salary" in wrong.content.decode()) == (200, True)


def test_eml_11_a_text_has_known_variables_and_one_of_each_language(acme: Any) -> None:
    channel, browser = make_channel(), signed_in(user_as("administrator"))
    form = {"channel": str(channel.pk), "kind": "receipt", "language": "PT-br", "body": "Olá {{contact.first_name}}!"}
    page = "/admin/email/mailtext/add/"
    assert browser.post(page, form).status_code == 302
    assert MailText.objects.get().language == "pt-br"
    assert browser.post(page, form).status_code == 200
    assert browser.post(page, form | {"language": "", "body": "{{agent.email}}"}).status_code == 200
    assert browser.post(page, form | {"language": "", "body": "{{contact.name}}"}).status_code == 200
    assert MailText.objects.count() == 1


def test_eml_10_what_failed_is_sent_again_from_the_outbox(acme: Any) -> None:
    channel = make_channel()
    receive(channel, write())
    mails_file(channel_id=channel.pk)
    mail = sent_by_us(Conversation.objects.get(), "ours@acme.test")
    row = OutboundMail.objects.create(
        kind="receipt",
        state="failed",
        conversation=mail.conversation,
        channel=channel,
        message=mail,
        mail_id="ours@acme.test",
        failed_at=timezone.now(),
        refused=[{"address": "ana@customer.example", "text": "550 <b>No</b>"}],
    )
    browser = signed_in(user_as("administrator"))
    page = browser.get(f"/admin/email/outboundmail/{row.pk}/change/").content.decode()
    assert ("ana@customer.example: 550 &lt;b&gt;No" in page, "<b>No" in page) == (True, False)
    data = {"action": "send_again", "_selected_action": [str(row.pk)]}
    answer = browser.post("/admin/email/outboundmail/", data, follow=True)
    assert "1 mail is sent again" in answer.content.decode()
    row.refresh_from_db()
    assert (row.state, row.recipients, row.refused, row.failed_at) == ("queued", ["ana@customer.example"], [], None)


def test_eml_2_a_mail_as_it_came_is_handed_out_to_who_may_and_it_is_kept_who_had_it(acme: Any) -> None:
    raw = write("My card is 4111 1111 1111 1111")
    row = receive(make_channel(), raw)
    owner = user_as("owner")
    page = f"{MAILS}{row.pk}/original/"
    assert signed_in(owner).get(page).status_code == 200
    assert OriginalView.objects.count() == 0
    answer = signed_in(owner).post(page)
    assert (answer.content, answer.headers["Content-Type"]) == (raw, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    view = OriginalView.objects.get()
    assert (view.raw, view.by) == (row, owner)
    assert str(owner) in signed_in(owner).get(f"{MAILS}{row.pk}/change/").content.decode()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        view.delete()
    for role in ("supervisor", "agent"):
        assert signed_in(user_as(role)).post(page).status_code in {302, 403, 404}
        with pytest.raises(DomainError):
            mail_original(raw_id=row.pk, actor=user_as(role))
    assert OriginalView.objects.count() == 1
