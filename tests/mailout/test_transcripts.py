"""A chat by mail: what its customer may keep, sent once, into no thread; what is answered to it (CHAT-1, EML-10)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.chat import limits
from apps.chat.actions import Introduction, OpenedVisitor, visitor_mail_transcript, visitor_open, visitor_start
from apps.chat.models import Visitor, WidgetChannel
from apps.chat.transcript import customer_locale
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, message_post, message_redact
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.conversations.steps import MessageDraft
from apps.core.errors import DomainError
from apps.email.models import MailChannel, MailMessage, MailNotice, MailThread, OutboundMail, RawMail
from apps.mailin.actions import mails_file
from apps.mailout.actions.delivery import mail_deliver
from apps.mailout.outgoing_server import return_address
from apps.notes.actions import note_add
from apps.routing.actions import offer_accept
from tests.support.browser import user_as
from tests.support.inbound_mails import SUPPORT, receive, write
from tests.support.invariants import check_all
from tests.support.mail_server import MailServer, mail_server
from tests.support.outbound_mails import channel_to, due_now
from tests.support.people import make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@customer.example"
CARD = "4111 1111 1111 1111"


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests have counted for the same address counts no more."""
    monkeypatch.setattr(limits, "MAIL_TO", limits.Limit(uuid4().hex, 5, 86_400))


@pytest.fixture
def server(acme: Any) -> Iterator[MailServer]:
    WidgetChannel.objects.update(mails_transcripts=True)
    with mail_server() as found:
        yield found


@pytest.fixture
def mail_channel(server: MailServer) -> MailChannel:
    return channel_to(server, display_name="Acme")


@pytest.fixture
def agent(acme: Any) -> Agent:
    return make_agent(nick_name="Marta")


def begin(
    email: str = ANA, body: str = "<b>Where</b> is it?", name: str = "Ana Ruiz"
) -> tuple[OpenedVisitor, Conversation]:
    channel = WidgetChannel.objects.get()
    opened = visitor_open(channel=channel, token=None, page={})
    who = Introduction(name=name, email=email, page={})
    first = MessageDraft(client_id=uuid4(), body=body)
    message = visitor_start(channel=channel, opened=opened, start_key=uuid4(), who=who, first=first)
    return opened, message.conversation


def accepted(agent: Agent, **who: str) -> tuple[OpenedVisitor, Conversation]:
    """A chat that an agent has answered."""
    opened, conversation = begin(**who)
    offer = ringing(conversation)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=agent.user)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="On its way.", author=agent.user),
    )
    return opened, conversation


def ask(opened: OpenedVisitor, conversation: Conversation, email: str = ANA, client_id: UUID | None = None) -> str:
    return visitor_mail_transcript(
        channel=WidgetChannel.objects.get(),
        visitor_id=opened.visitor_id,
        conversation_id=conversation.pk,
        client_id=client_id or uuid4(),
        email=email,
    )


def refused(opened: OpenedVisitor, conversation: Conversation, email: str = ANA) -> str:
    with pytest.raises(DomainError) as refusal:
        ask(opened, conversation, email)
    return refusal.value.code


def parts(server: MailServer) -> tuple[str, str]:
    """The two texts of the one mail that was taken."""
    (taken,) = server.mails
    plain, page = (taken.mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


def filed(channel: MailChannel, raw: bytes, **envelope: str) -> RawMail:
    row = receive(channel, raw, **envelope)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    return row


# --- What is sent


def test_chat_1_a_chat_is_mailed_to_its_customer(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    opened, conversation = accepted(agent, body=f"<b>My</b> card is {CARD}")
    note_add(conversation_id=conversation.pk, body="Between us", actor=agent.user, key=uuid4(), on_contact=False)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    Message.objects.filter(conversation=conversation).update(created_at="2026-07-01T22:30:00Z")
    with customer_locale("en", "Europe/Madrid"):
        assert ask(opened, conversation, " ANA@customer.example ") == ANA
    row = OutboundMail.objects.get()
    (taken,) = server.mails
    assert (row.kind, row.state, taken.mail_id, taken.recipients) == ("transcript", "sent", row.mail_id, [ANA])
    mail = taken.mail
    assert (mail["From"], mail["To"]) == (f"Acme <{SUPPORT}>", f"Ana Ruiz <{ANA}>")
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"], mail["In-Reply-To"]) == (
        "auto-generated",
        "All",
        None,
    )
    assert mail["Subject"].startswith(f"{WidgetChannel.objects.get().title}, ")
    text, page = parts(server)
    for said in (text, page):
        assert "On its way." in said
        assert "Marta" in said
        assert "You ended the chat" in said
        assert "Europe/Madrid" in said
        assert CARD not in said
        assert "Between us" not in said
        assert "by email" not in said
    assert "Ana Ruiz (00:30)\n<b>My</b> card is" in text.replace("\r\n", "\n")
    assert "&lt;b&gt;My&lt;/b&gt; card is" in page
    assert "<script" not in page
    last = conversation.messages.get(number=5)
    assert (last.side, last.kind, last.body) == ("system", "notice", f"This conversation goes to {ANA} by email.")
    assert (MailThread.objects.count(), Conversation.objects.count()) == (0, 1)
    check_all()


def test_chat_1_one_wish_is_one_mail(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    opened, conversation = accepted(agent)
    wish = uuid4()
    for _again in range(3):
        assert ask(opened, conversation, client_id=wish) == ANA
    assert (len(server.mails), OutboundMail.objects.count()) == (1, 1)
    ask(opened, conversation, "ben@customer.example")
    assert [taken.recipients for taken in server.mails] == [[ANA], ["ben@customer.example"]]
    assert sorted(server.times().values()) == [1, 1]
    assert Contact.objects.get().email == ANA
    check_all()


def test_eml_10_it_is_tried_again_as_the_same_mail(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    opened, conversation = accepted(agent)
    server.says[""] = "451 4.3.0 Later"
    ask(opened, conversation)
    row = OutboundMail.objects.get()
    assert (row.state, row.attempts, server.mails) == ("queued", 1, [])
    server.says.clear()
    due_now(row)
    mail_deliver(outbound_id=row.pk)
    assert [taken.mail_id for taken in server.mails] == [row.mail_id]
    assert OutboundMail.objects.get().state == "sent"


def test_frm_6_what_is_redacted_before_it_leaves_is_not_in_it(
    mail_channel: MailChannel, server: MailServer, agent: Agent
) -> None:
    opened, conversation = accepted(agent, body="The word is hippopotamus, please")
    server.says[""] = "451 4.3.0 Later"
    ask(opened, conversation)
    message_redact(
        conversation_id=conversation.pk, number=1, start=12, end=24, revision=0, actor=user_as("administrator")
    )
    server.says.clear()
    row = OutboundMail.objects.get()
    due_now(row)
    mail_deliver(outbound_id=row.pk)
    text, page = parts(server)
    assert "hippopotamus" not in text + page
    assert "The word is" in text
    assert "The word is" in page


def test_it_speaks_the_customers_language(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    opened, conversation = accepted(agent)
    with customer_locale("he", "UTC"):
        ask(opened, conversation)
    assert 'dir="rtl"' in parts(server)[1]


# --- What is not


def test_chat_1_it_is_off_unless_it_is_switched_on(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    WidgetChannel.objects.update(mails_transcripts=False)
    opened, conversation = accepted(agent)
    assert refused(opened, conversation) == "transcript_not_mailed"
    WidgetChannel.objects.update(mails_transcripts=True)
    MailChannel.objects.update(is_active=False)
    assert refused(opened, conversation) == "transcript_not_mailed"
    assert OutboundMail.objects.count() == 0


def test_a_chat_without_an_agent_goes_to_nobody(mail_channel: MailChannel, server: MailServer) -> None:
    """Whoever wants to write to a stranger in our name needs an agent's help."""
    opened, conversation = begin()
    assert refused(opened, conversation) == "transcript_not_mailed"
    assert conversation.messages.count() == 1


def test_only_whose_chat_it_is(mail_channel: MailChannel, server: MailServer, agent: Agent) -> None:
    """CHAT-12, CON-10: another browser, and somebody who was blocked meanwhile."""
    opened, conversation = accepted(agent)
    other, _theirs = begin(email="eve@customer.example", name="Eve")
    assert refused(other, conversation) == "conversation_unknown"
    Contact.objects.filter(email=ANA).update(blocked_at=timezone.now())
    assert refused(opened, conversation) == "transcript_not_mailed"
    assert server.mails == []


@pytest.mark.parametrize(
    ("email", "code"),
    [
        ("", "bad_frame"),
        ("ana", "bad_frame"),
        ("ana@customer.example\r\nBcc: eve@x.example", "bad_frame"),
        (SUPPORT, "mail_recipient_ours"),
        ("support+more@acme.test", "mail_recipient_ours"),
    ],
    ids=["none", "half", "two-lines", "ours", "ours-plus"],
)
def test_what_is_no_customers_address(
    mail_channel: MailChannel, server: MailServer, agent: Agent, email: str, code: str
) -> None:
    opened, conversation = accepted(agent)
    before = conversation.messages.count()
    assert refused(opened, conversation, email) == code
    assert (conversation.messages.count(), OutboundMail.objects.count()) == (before, 0)


def test_one_address_gets_a_few_a_day(
    mail_channel: MailChannel, server: MailServer, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAIL_TO", limits.Limit(uuid4().hex, 2, 86_400))
    opened, conversation = accepted(agent)
    for _each in range(2):
        ask(opened, conversation)
    assert refused(opened, conversation) == "slow_down"
    assert ask(opened, conversation, "ben@customer.example") == "ben@customer.example"
    assert len(server.mails) == 3


# --- What comes back


def test_an_answer_to_it_begins_a_conversation_by_mail_that_names_the_chat(
    mail_channel: MailChannel, server: MailServer, agent: Agent
) -> None:
    opened, conversation = accepted(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    ask(opened, conversation)
    (taken,) = server.mails
    lines = conversation.messages.count()
    to = str(taken.mail["Reply-To"].addresses[0].addr_spec)
    assert to.startswith("support+")
    row = filed(mail_channel, write("One more thing", sender=ANA, to=to, answers=taken.mail_id), recipient=to)
    assert row.state == "new"
    begun = row.conversation
    assert begun is not None
    assert begun != conversation
    assert (begun.channel, begun.mail_thread.may_belong_to) == ("email", conversation)
    # Whose the address is has been proven, and whose the chat is has not: there it was only typed (CHAT-12).
    assert begun.contact != conversation.contact
    assert (begun.contact.email, begun.contact.claims) == (ANA, conversation.contact)
    assert conversation.messages.count() == lines
    again = filed(mail_channel, write("And?", sender=ANA, answers=MailMessage.objects.get(raw=row).mail_id))
    assert (again.state, again.conversation) == ("matched", begun)
    check_all()


def test_eml_11_a_report_about_it_is_noted_and_wakes_nobody(
    mail_channel: MailChannel, server: MailServer, agent: Agent
) -> None:
    opened, conversation = accepted(agent)
    ask(opened, conversation)
    outbound = OutboundMail.objects.get()
    to = return_address(outbound)
    report = (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>\r\nTo: x\r\nSubject: Undelivered\r\n"
        "Message-ID: <dsn9@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {ANA}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    ).encode()
    row = filed(mail_channel, report, recipient=to)
    assert (row.state, row.conversation) == ("matched", conversation)
    outbound.refresh_from_db()
    assert outbound.bounced_at == MailNotice.objects.get().at
    assert Conversation.objects.count() == 1
    check_all()


def test_a_browser_that_never_gave_an_address_may_type_one(
    mail_channel: MailChannel, server: MailServer, agent: Agent
) -> None:
    WidgetChannel.objects.update(need_email=False)
    opened, conversation = accepted(agent, email="")
    assert ask(opened, conversation) == ANA
    assert (Visitor.objects.get().email, Contact.objects.get().email) == ("", "")
