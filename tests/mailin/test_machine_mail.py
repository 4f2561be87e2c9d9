"""Machines' mail: kept with what it answers, told of, and no conversation (EML-11)."""

from typing import Any

import pytest

from apps.contacts.models import Contact
from apps.conversations.models import Conversation
from apps.email.choices import RawState, Reason
from apps.email.models import MailChannel, MailNotice
from tests.support.inbound_mails import AUTO, SUPPORT, counts, filed, sent_by_us, write
from tests.support.media import media_in


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


def test_eml_11_a_group_that_passes_on_what_people_write_to_the_channel_is_no_list(channel: MailChannel) -> None:
    group = write(List_Id="<support.acme.test>", Precedence="list", List_Post=f"<mailto:{SUPPORT}>")
    assert filed(channel, group).state == RawState.NEW


def test_eml_11_machines_open_nothing_and_wake_nobody(channel: MailChannel) -> None:
    row = filed(channel, write("I am on holiday", subject="Out of office", **AUTO))
    assert (row.state, row.reason) == ("quarantined", Reason.AUTO_REPLY)
    row = filed(channel, write(sender="MAILER-DAEMON@x.example", subject="Undelivered Mail Returned to Sender"))
    assert row.state == "quarantined"
    assert Conversation.objects.count() == 0
    row = filed(channel, write(List_Id="<news.x.example>", Precedence="list", List_Unsubscribe="<mailto:u@x.example>"))
    assert (row.reason, Conversation.objects.count()) == (Reason.LIST, 0)
    assert counts(channel) == (3, 0, 0, 3)


def test_eml_11_an_automatic_answer_is_kept_with_what_it_answers(channel: MailChannel) -> None:
    filed(channel, write())
    conversation = Conversation.objects.get()
    ours = sent_by_us(conversation)
    row = filed(channel, write("On holiday", answers=ours.mail_id, **AUTO))
    assert (row.state, row.conversation) == ("matched", conversation)
    notice = MailNotice.objects.get()
    assert (notice.kind, notice.about, notice.is_failure) == ("auto_reply", ours, False)
    assert notice.text.strip() == "On holiday"
    conversation.refresh_from_db()
    assert (conversation.last_number, conversation.messages.count()) == (2, 2)


def test_eml_11_a_loop_ends(channel: MailChannel) -> None:
    filed(channel, write())
    ours = sent_by_us(Conversation.objects.get())
    hops = b"Received: by x\r\n" * 60
    for raw, reason in [
        (write(mail_id=ours.mail_id), Reason.LOOP),
        (hops + write(), Reason.LOOP),
        (write(sender=SUPPORT), Reason.OWN_ADDRESS),
        (write(sender="support+abc@acme.test"), Reason.OWN_ADDRESS),
        (write(sender=""), Reason.NO_SENDER),
        (write(sender="root"), Reason.NO_SENDER),
    ]:
        row = filed(channel, raw)
        assert (row.state, row.reason) == ("quarantined", reason)
    assert Conversation.objects.count() == 1


def test_eml_11_a_form_of_the_companys_own_site_is_its_customers(channel: MailChannel) -> None:
    row = filed(channel, write(sender=SUPPORT, reply_to="Ana <ana@customer.example>"))
    assert (row.state, Contact.objects.get().email) == ("new", "ana@customer.example")


def test_eml_11_a_flood_is_kept_from_people(channel: MailChannel) -> None:
    MailChannel.objects.update(flood_limit=3)
    states = [filed(channel, write()).reason for _ in range(5)]
    assert states == ["", "", "", Reason.FLOOD, Reason.FLOOD]
    assert filed(channel, write(sender="bo@customer.example")).state == "new"
