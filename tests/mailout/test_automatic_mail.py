"""What we answer by ourselves: with a reference, once in a conversation, never to machines (EML-11)."""

import pytest
from django.utils import timezone

from apps.contacts.models import Contact, ProvenEmail
from apps.conversations.models import Conversation, Message
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel, MailNotice, MailText, MailThread, OutboundMail, RawMail
from apps.mailin.actions import mails_file
from apps.queues.models import Queue
from tests.support.inbound_mails import receive, write
from tests.support.invariants import check_all
from tests.support.mail_server import MailServer
from tests.support.outbound_mails import channel_to
from tests.support.people import ContactFactory

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@customer.example"


@pytest.fixture
def channel(server: MailServer) -> MailChannel:
    return channel_to(server, acknowledges=True, display_name="Acme")


def filed(channel: MailChannel, raw: bytes, **envelope: str) -> RawMail:
    row = receive(channel, raw, **envelope)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    return row


def close() -> None:
    """Nobody is here."""
    Queue.objects.update(closed_at=timezone.now())


def test_eml_11_whoever_opens_a_conversation_gets_its_reference_once(channel: MailChannel, server: MailServer) -> None:
    filed(channel, write("Where is it?", sender=f"Ana <{ANA}>", mail_id="first@x.example", subject="Parcel"))
    reference = MailThread.objects.get().reference
    (taken,) = server.mails
    mail = taken.mail
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert (mail["To"], mail["Subject"]) == (f"Ana <{ANA}>", f"Re: Parcel [#{reference}]")
    assert (mail["Auto-Submitted"], mail["In-Reply-To"], mail["X-Auto-Response-Suppress"]) == (
        "auto-replied",
        "<first@x.example>",
        "All",
    )
    assert f"Your reference is {reference}: please leave it" in plain.get_content()
    filed(channel, write("And?", sender=ANA, answers="first@x.example"))
    assert (len(server.mails), Conversation.objects.count()) == (1, 1)
    assert list(Message.objects.order_by("number").values_list("side", "kind")) == [
        ("customer", "text"),
        ("system", "notice"),
        ("customer", "text"),
    ]
    assert Conversation.objects.get().unanswered_since == Message.objects.get(number=1).created_at
    check_all()


def test_eml_11_it_is_off_unless_it_is_switched_on(server: MailServer) -> None:
    filed(channel_to(server), write())
    close()
    filed(MailChannel.objects.get(), write())
    assert (server.mails, Conversation.objects.count(), OutboundMail.objects.count()) == ([], 2, 0)


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "no-reply@shop.example"},
        {"X_Auto_Response_Suppress": "All"},
        {"reply_to": "support@acme.test"},
        {"Return_Path": "<>"},
    ],
    ids=["no-reply", "suppressed", "ourselves", "null-sender"],
)
def test_eml_11_no_machine_is_answered(channel: MailChannel, server: MailServer, headers: dict[str, str]) -> None:
    filed(channel, write(**headers))
    assert (server.mails, OutboundMail.objects.count()) == ([], 0)


def test_eml_11_out_of_hours_that_is_said_instead_also_to_who_goes_on(channel: MailChannel, server: MailServer) -> None:
    channel.replies_out_of_hours = True
    channel_save(channel=channel)
    filed(channel, write(sender=ANA, mail_id="first@x.example"))
    close()
    for _again in range(2):
        filed(channel, write("Still there?", sender=ANA, answers="first@x.example"))
    filed(channel, write(sender="bo@customer.example"))
    kinds = list(OutboundMail.objects.order_by("created_at").values_list("kind", "message__to"))
    assert [kind for kind, _to in kinds] == ["receipt", "out_of_hours", "out_of_hours"]
    assert [taken.recipients for taken in server.mails] == [[ANA], [ANA], ["bo@customer.example"]]


def test_eml_11_it_says_what_the_channel_says_in_the_customers_language(
    channel: MailChannel, server: MailServer
) -> None:
    for language, body in (("", "Hello {{contact.first_name}}: {{reference}}"), ("es", "Hola, {{contact.name}}.")):
        MailText.objects.create(channel=channel, kind="receipt", language=language, body=body)
    leo = ContactFactory(email="leo@customer.example", name="Leo Paz", language="es-MX")
    ProvenEmail.objects.create(email=leo.email, contact=leo)
    filed(channel, write(sender="leo@customer.example"))
    filed(channel, write(sender="Ana Ruiz <ana@customer.example>"))
    plain = [taken.mail.get_body(("plain",)) for taken in server.mails]
    ana = MailThread.objects.get(conversation__contact__email=ANA)
    said = [body.get_content().strip() for body in plain if body is not None]
    assert said == ["Hola, Leo Paz.", f"Hello Ana: {ana.reference}"]


def test_eml_11_a_machine_that_does_not_say_so_is_answered_five_times_a_day(
    channel: MailChannel, server: MailServer
) -> None:
    for number in range(7):
        filed(channel, write(f"Ticket {number} was opened", sender=ANA))
    assert (len(server.mails), Conversation.objects.count(), Contact.objects.count()) == (5, 7, 1)


def test_eml_11_what_a_machine_says_to_it_wakes_nobody(channel: MailChannel, server: MailServer) -> None:
    filed(channel, write(sender=ANA))
    (taken,) = server.mails
    row = filed(
        channel,
        write("I am away", sender=ANA, mail_id="", Auto_Submitted="auto-replied"),
        sender="",
        recipient=taken.sender,
    )
    notice = MailNotice.objects.get()
    assert (row.state, notice.about_id, len(server.mails)) == ("matched", OutboundMail.objects.get().message_id, 1)
