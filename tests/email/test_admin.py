"""The ledger of mail in the admin: what came in, what it became, and the way out of quarantine (EML-2, EML-3)."""

from typing import Any

import pytest

from apps.conversations.models import Conversation
from apps.email.actions import mails_file
from apps.email.models import MailChannel, RawMail
from apps.tenants.models import MailAddress
from tests.email.mails import SUPPORT, make_channel, receive, write
from tests.support.browsing import signed_in, user_as
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
