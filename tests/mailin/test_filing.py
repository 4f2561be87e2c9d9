"""Each mail that was received is filed, once, as what it is (EML-2, EML-4, EML-6)."""

import gzip
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.contacts.models import Contact, ProvenEmail
from apps.conversations.models import Conversation, Message
from apps.core.errors import DomainError
from apps.email.choices import RawState, Reason
from apps.email.models import MailChannel, MailMessage, MailPart, MailThread, RawContent, RawMail
from apps.files.actions import file_rules_save
from apps.files.downloads import file_content, file_response
from apps.files.models import FileRules
from apps.files.types import OCTETS
from apps.mailin.actions import mail_content
from tests.support.inbound_mails import SUPPORT, counts, file_all, filed, make_channel, new_id, receive, sweeps, write
from tests.support.invariants import check_all
from tests.support.media import media_in
from tests.support.people import ContactFactory

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Any) -> Any:
    yield from media_in(settings, tmp_path)


# --- Received


def test_eml_2_a_mail_is_stored_encrypted_before_anything_else(channel: MailChannel) -> None:
    raw = write("My card is 4111 1111 1111 1111")
    row = receive(channel, raw, sender="ana@customer.example", recipient=SUPPORT, peer="203.0.113.9")
    assert (row.state, row.size, row.subject) == (RawState.RECEIVED, len(raw), "")
    assert (row.envelope_from, row.envelope_to, row.peer) == ("ana@customer.example", SUPPORT, "203.0.113.9")
    sealed = bytes(RawContent.objects.get().sealed)
    assert b"4111" not in sealed
    assert mail_content(row) == raw
    assert (counts(channel), sweeps()) == ((1, 0, 0, 0), 1)
    assert Conversation.objects.count() == 0


def test_eml_2_the_same_mail_again_is_the_same_mail(channel: MailChannel) -> None:
    raw = write()
    first = receive(channel, raw)
    assert receive(channel, raw) == first
    assert receive(channel, b"Received: by another way\r\n" + raw) == first
    file_all(channel)
    assert receive(channel, raw).state == RawState.NEW
    assert file_all(channel) == 0
    assert (counts(channel), Message.objects.count()) == ((1, 0, 1, 0), 1)


def test_eml_2_each_channel_has_its_own(channel: MailChannel) -> None:
    sales, raw = make_channel("sales@acme.test"), write(to=f"{SUPPORT}, sales@acme.test")
    assert receive(channel, raw) != receive(sales, raw)
    assert (file_all(channel), file_all(sales)) == (1, 1)
    assert (counts(channel), counts(sales)) == ((1, 0, 1, 0), (1, 0, 1, 0))


def test_eml_1_nothing_is_received_where_no_active_channel_is(channel: MailChannel, globex: Any) -> None:
    for raw, active in ((write(), False), (b" \r\n", True)):
        MailChannel.objects.update(is_active=active)
        with pytest.raises(DomainError):
            receive(channel, raw)
    with tenant_context(globex), pytest.raises(DomainError):
        receive(channel, write())
    assert RawMail.objects.count() == 0


# --- New


def test_eml_2_a_new_mail_opens_a_conversation_in_the_channels_queue(channel: MailChannel) -> None:
    raw = write(
        "Where is my parcel?\n\nAna",
        sender="Ana Ruiz <Ana@Customer.Example>",
        cc="Bo <bo@customer.example>",
        subject="Parcel 12",
        mail_id="first@customer.example",
        date="Mon, 02 Feb 2026 10:00:00 +0100",
    )
    row = filed(channel, raw)
    conversation = Conversation.objects.get()
    assert (row.state, row.conversation, row.sender, row.subject) == (
        "new",
        conversation,
        "ana@customer.example",
        "Parcel 12",
    )
    assert (conversation.channel, conversation.state, conversation.queue) == ("email", "waiting", channel.queue)
    contact = conversation.contact
    assert (contact.name, contact.email) == ("Ana Ruiz", "ana@customer.example")
    message = conversation.messages.get()
    assert (message.number, message.side, message.body) == (1, "customer", "Where is my parcel?\n\nAna")
    mail = message.mail
    assert (mail.mail_id, mail.subject, mail.raw, mail.is_outgoing) == (
        "first@customer.example",
        "Parcel 12",
        row,
        False,
    )
    assert mail.cc == [["Bo", "bo@customer.example"]]
    assert mail.date.isoformat() == "2026-02-02T09:00:00+00:00"
    thread = MailThread.objects.get(conversation=conversation)
    assert (thread.channel, thread.subject, thread.may_belong_to) == (channel, "Parcel 12", None)
    assert set(conversation.participants.values_list("address", flat=True)) == {
        "ana@customer.example",
        "bo@customer.example",
    }
    assert counts(channel) == (1, 0, 1, 0)
    check_all()


def test_eml_2_who_is_known_by_the_address_is_the_customer_and_keeps_their_name(channel: MailChannel) -> None:
    ana = ContactFactory(name="Ana", email="other@x.example", more_emails=["ana@customer.example"])
    nameless = ContactFactory(name="", email="bo@customer.example")
    ProvenEmail.objects.create(email="ana@customer.example", contact=ana)
    ProvenEmail.objects.create(email="bo@customer.example", contact=nameless)
    filed(channel, write(sender="Somebody Else <ana@customer.example>"))
    filed(channel, write(sender="Bo <bo@customer.example>"))
    assert set(Conversation.objects.values_list("contact", flat=True)) == {ana.pk, nameless.pk}
    assert set(Contact.objects.values_list("name", flat=True)) == {"Ana", "Bo"}


def test_eml_4_what_is_new_is_the_message_and_what_is_quoted_stands_beside_it(channel: MailChannel) -> None:
    said = "Yes, please.\n\nOn 2 Feb 2026, at 10:00, Support <support@acme.test> wrote:\n> Shall we?\n> Really?"
    filed(channel, write(said, subject="Re: Parcel"))
    mail = MailMessage.objects.get()
    assert (mail.message.body, mail.text.rstrip()) == ("Yes, please.", said)
    assert ("> Really?" in mail.quoted, "please" in mail.quoted) == (True, False)
    html = (
        write(subject="News")
        .replace(b"text/plain", b"text/html")
        .replace(b"Where is", b"<img src='https://t.example/1.png'><script>x</script>Where is")
    )
    row = filed(channel, html)
    mail = MailMessage.objects.get(raw=row)
    assert (mail.message.body, mail.has_remote_images, "<script>" in mail.html) == (
        "Where is my parcel?",
        True,
        True,
    )


@pytest.mark.parametrize(
    ("body", "subject", "said"),
    [
        ("", "Only a subject", "Only a subject"),
        ("", "", "…"),
        ("x" * 20_000, "Long", "x" * 9_999 + "…"),
    ],
)
def test_eml_2_whatever_it_says_is_a_message(channel: MailChannel, body: str, subject: str, said: str) -> None:
    filed(channel, write(body, subject=subject))
    assert Message.objects.get().body == said
    assert MailMessage.objects.get().text.strip() == body


def test_eml_6_files_go_with_it_and_what_may_not_be_kept_is_told(channel: MailChannel) -> None:
    file_rules_save(rules=FileRules(keeps_unsafe=False))
    files = [("bill.png", PNG), ("virus.exe", b"MZ" + b"\0" * 60), *((f"{n}.txt", b"text") for n in range(15))]
    filed(channel, write(files=files))
    message = Message.objects.get()
    names = [each.file.name for each in message.attachments.order_by("position")]
    assert names == ["bill.png", *(f"{n}.txt" for n in range(15))]
    parts = list(MailPart.objects.order_by("position").values_list("name", "refused"))
    assert parts[:2] == [("bill.png", ""), ("virus.exe", "file_type_refused")]
    assert all(each.file.unsent_until is None for each in message.attachments.all())


def test_eml_6_a_mail_keeps_every_part_and_shows_none_that_can_do_harm(channel: MailChannel) -> None:
    brought = {
        "bill.png": (PNG, "image", "image/png"),
        "virus.exe": (b"MZ" + b"\0" * 60, "unsafe", OCTETS),
        "page.html": (b"<!doctype html><script>alert(1)</script>", "unsafe", OCTETS),
        "logs.gz": (gzip.compress(b"log"), "unsafe", OCTETS),
        "photo.jpg": (b"MZ" + b"\0" * 60, "unsafe", OCTETS),
        "smime.p7s": (b"0\x82\x01\x02", "other", OCTETS),
        "winmail.dat": (b"x\x9f>\x22", "other", OCTETS),
        "note.eml": (write(), "mail", OCTETS),
        "large.txt": (b"x" * (FileRules.load().max_bytes + 1), "text", "text/plain"),
    }
    filed(channel, write(files=[(name, content) for name, (content, _kind, _type) in brought.items()]))
    parts = {part.name: part for part in MailPart.objects.select_related("file")}
    for name, (content, kind, media_type) in brought.items():
        file = parts[name].file
        assert file is not None
        assert (file.kind, file.media_type, file.name) == (kind, media_type, name)
        assert file_content(file) == content
        answer = file_response(RequestFactory().get("/"), file)
        is_shown = kind == "image"
        assert answer.headers["Content-Disposition"].startswith("inline" if is_shown else "attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].endswith("; sandbox")


def test_rte_4_a_mail_waits_whatever_the_hours_are(channel: MailChannel) -> None:
    closed = channel.queue
    closed.closed_at = timezone.now()
    closed.save()
    filed(channel, write())
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.messages.count()) == ("waiting", 1)


def test_eml_2_a_queue_that_was_deactivated_leads_to_the_default_one(channel: MailChannel) -> None:
    other = type(channel.queue).objects.create(name="Old", is_active=False)
    MailChannel.objects.update(queue=other)
    filed(channel, write())
    assert Conversation.objects.get().queue == channel.queue


# --- No conversation


def test_con_10_whoever_is_blocked_opens_nothing(channel: MailChannel) -> None:
    first = filed(channel, write(mail_id="a@x.example"))
    Contact.objects.update(blocked_at=timezone.now())
    for raw in (write(), write(answers="a@x.example")):
        assert filed(channel, raw).reason == Reason.BLOCKED
    Contact.objects.update(blocked_at=None)
    Conversation.objects.filter(pk=first.conversation_id).update(is_spam=True)
    assert filed(channel, write(answers="a@x.example")).reason == Reason.SPAM
    assert Message.objects.count() == 1


def test_eml_2_a_copy_by_another_way_is_filed_once(channel: MailChannel) -> None:
    mail_id = new_id()
    filed(channel, write(mail_id=mail_id))
    # A list has written its own line under it.
    row = filed(channel, write("Where is my parcel?\n-- \nvia a list", mail_id=mail_id))
    assert (row.state, row.reason) == ("quarantined", Reason.COPY)
    # Somebody else under the same id is somebody else.
    assert filed(channel, write(mail_id=mail_id, sender="bo@customer.example")).state == "new"
