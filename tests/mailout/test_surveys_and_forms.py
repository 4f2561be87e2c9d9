"""Mails that bring a customer what is theirs alone: surveys (SRV-5) and forms (FRM-2). No agent reads the link."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from apps.agents.models import Agent
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end
from apps.conversations.choices import Side
from apps.conversations.models import Conversation, Message
from apps.core.secrets import HIDDEN
from apps.dispositions.actions import wrap_up_close
from apps.email.models import MailChannel, MailMessage, MailThread, OutboundMail, RawMail
from apps.forms.actions import form_withdraw
from apps.forms.choices import Via
from apps.forms.tokens import token_make as form_token
from apps.mailin.actions import mail_release, mails_file
from apps.mailout.actions import mail_retry
from apps.mailout.actions.delivery import mail_deliver
from apps.routing.actions import offer_accept
from apps.surveys.actions import survey_mark
from apps.surveys.choices import SurveyEventKind
from apps.surveys.models import SurveyRequest, SurveyText
from apps.surveys.tokens import token_make as survey_token
from tests.support.browser import Browser
from tests.support.dispositions import resolution
from tests.support.forms import ANSWERS, given, published
from tests.support.forms import send as form_sent
from tests.support.inbound_mails import SUPPORT, receive, write
from tests.support.invariants import check_all
from tests.support.mail_server import MailServer, Taken
from tests.support.media import media_in
from tests.support.outbound_mails import channel_to, mailer, new_mail, reply, sent, thread_with
from tests.support.people import ringing
from tests.support.surveys import asked, end, survey

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@customer.example"
LINK = re.compile(r"http://acme\.localhost:8000(/(?:form|survey)/[^/\s]+/)")


@pytest.fixture(autouse=True)
def _here(settings: Any, tmp_path: Any) -> Any:
    settings.TENANT_ADDRESS = "http://{host}:8000"
    yield from media_in(settings, tmp_path)


@pytest.fixture
def agent(acme: Any) -> Agent:
    return mailer(first_name="Mia")


@pytest.fixture
def channel(server: MailServer) -> MailChannel:
    return channel_to(server, display_name="Acme", signature="{{agent.first_name}}, Acme")


@pytest.fixture
def thread(agent: Agent, channel: MailChannel) -> Conversation:
    return thread_with(agent, channel, sender=f"Ana <{ANA}>", subject="Parcel", mail_id="first@customer.example")


def text_of(taken: Taken) -> str:
    plain = taken.mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).replace("\r\n", "\n")


def path_in(taken: Taken) -> str:
    """The one link of a mail; its HTML has the same."""
    (path,) = LINK.findall(text_of(taken))
    markup = taken.mail.get_body(("html",))
    assert markup is not None
    shown = str(markup.get_content())
    assert LINK.findall(shown.split(">http")[0]) == [path]
    assert HIDDEN not in shown
    return path


def answers(channel: MailChannel, text: str = "One more thing", **mail: Any) -> RawMail:
    row = receive(channel, write(text, sender=ANA, answers="first@customer.example", **mail))
    mails_file(channel_id=channel.pk)
    return row


def in_html(markup: str) -> bytes:
    """An answer whose text does not say what its HTML says."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = ANA, SUPPORT, "Re: Parcel", "<two@customer.example>"
    mail["In-Reply-To"] = "<first@customer.example>"
    mail.set_content("Done again.")
    mail.add_alternative(f"<p>Done again.</p><blockquote>{markup}</blockquote>", subtype="html")
    return mail.as_bytes()


def wrap_up_over(conversation: Conversation, agent: Agent) -> None:
    wrap_up_close(conversation_id=conversation.pk, chosen=[resolution()], description="", actor=agent.user)


# --- Surveys


def test_srv_5_whoever_wrote_is_asked_by_mail_when_their_conversation_ends(
    server: MailServer, agent: Agent, thread: Conversation
) -> None:
    survey(frequency="everyone", kind="csat")
    Contact.objects.update(time_zone="Europe/Madrid")
    request = end(thread, Side.AGENT)
    assert request is not None
    (taken,) = server.mails
    mail = taken.mail
    reference = MailThread.objects.get().reference
    assert (mail["To"], mail["Subject"], mail["From"]) == (
        f"Ana <{ANA}>",
        f"Re: Parcel [#{reference}]",
        "Acme <support@acme.test>",
    )
    assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert (mail["In-Reply-To"], mail["References"]) == ("<first@customer.example>", "<first@customer.example>")
    path = path_in(taken)
    assert path == f"/survey/{survey_token(request)}/"
    said = text_of(taken)
    assert said.startswith("How satisfied are you with this conversation?\n\nhttp://")
    assert "You can answer until " in said
    assert said.rstrip().endswith((" (CET).", " (CEST)."))
    browser = Browser("acme.localhost")
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"score": "4", "comment": "Quick"}).status_code == 200
    assert browser.post(path, {"score": "1", "comment": ""}).status_code == 200
    request.refresh_from_db()
    assert (request.score, request.comment, request.via, request.agent_id) == (4, "Quick", "link", agent.pk)
    check_all()


def test_srv_5_no_agent_reads_the_link_anywhere(server: MailServer, agent: Agent, thread: Conversation) -> None:
    survey(frequency="everyone")
    request = end(thread, Side.AGENT)
    assert request is not None
    token = survey_token(request)
    assert token in path_in(server.mails[0])
    line = Message.objects.get(kind="notice")
    assert (line.side, HIDDEN in line.body, "http" in line.body) == ("system", True, False)
    mail = MailMessage.objects.get(is_outgoing=True)
    assert (HIDDEN in mail.text, HIDDEN in mail.html, "http" in mail.text + mail.html) == (True, True, False)
    rows = [*OutboundMail.objects.values(), *MailMessage.objects.values(), *Message.objects.values()]
    told = str([*rows, *thread.timeline.values()])
    assert (token in told, token.partition(".")[2] in told) == (False, False)


def test_srv_2_the_agent_marks_it_and_it_is_said_in_their_language(
    server: MailServer, agent: Agent, channel: MailChannel, thread: Conversation
) -> None:
    row = survey(agents_trigger=True)
    for language, said in (("", "How was our mail?"), ("es", "¿Qué tal nuestro correo?")):
        SurveyText.objects.create(survey=row, channel="email", language=language, request=said)
    SurveyText.objects.create(survey=row, channel="chat", request="How was our chat?")
    Contact.objects.update(language="es-MX")
    survey_mark(conversation_id=thread.pk, on=True, actor=agent.user)
    request = end(thread, Side.AGENT)
    assert request is not None
    assert request.reason == "agent"
    assert text_of(server.mails[0]).startswith("¿Qué tal nuestro correo?\n\n")


def test_srv_2_unmarked_nobody_is_asked(server: MailServer, thread: Conversation) -> None:
    survey(agents_trigger=True)
    assert (end(thread, Side.AGENT), server.mails) == (None, [])


def test_srv_5_one_that_goes_on_is_asked_at_its_last_end_and_gets_no_second_mail(
    server: MailServer, agent: Agent, channel: MailChannel, thread: Conversation
) -> None:
    survey(frequency="everyone", kind="csat", expires_hours=1)
    first = end(thread, Side.AGENT)
    assert first is not None
    wrap_up_over(thread, agent)
    SurveyRequest.objects.update(
        asked_at=timezone.now() - timedelta(hours=3), expires_at=timezone.now() - timedelta(hours=2)
    )
    path, browser = path_in(server.mails[0]), Browser("acme.localhost")
    assert browser.get(path).status_code == 410
    answers(channel)
    thread.refresh_from_db()
    assert thread.state not in {"wrap_up", "closed"}
    if thread.agent_id is None:
        offer = ringing(thread)
        assert offer is not None
        offer_accept(offer_id=offer.pk, actor=agent.user)
    again = end(thread, Side.AGENT)
    assert again is not None
    assert (again.pk, len(server.mails), browser.get(path).status_code) == (first.pk, 1, 200)
    assert thread.timeline.filter(kind=SurveyEventKind.SURVEY_ASKED).count() == 2
    assert browser.post(path, {"score": "5", "comment": ""}).status_code == 200
    check_all()


@pytest.mark.parametrize(
    "mail",
    [
        {"sender": "no-reply@shop.example"},
        {"sender": "Shop <bounces+17@shop.example>"},
        {"reply_to": "support@acme.test"},
    ],
    ids=["no-reply", "bounces", "ourselves"],
)
def test_srv_5_no_machine_is_asked(
    server: MailServer, agent: Agent, channel: MailChannel, mail: dict[str, str]
) -> None:
    survey(frequency="everyone")
    assert (end(thread_with(agent, channel, **mail), Side.AGENT), server.mails) == (None, [])


def test_srv_5_what_was_let_out_of_quarantine_is_no_customer(
    server: MailServer, agent: Agent, channel: MailChannel
) -> None:
    survey(frequency="everyone")
    row = receive(channel, write("I am away", sender=ANA, Auto_Submitted="auto-replied"))
    mails_file(channel_id=channel.pk)
    mail_release(raw_id=row.pk, actor=agent.user)
    mails_file(channel_id=channel.pk)
    conversation = Conversation.objects.get()
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    assert (asked(conversation), server.mails) == (None, [])


def test_srv_5_whoever_has_never_written_is_not_asked(server: MailServer, agent: Agent, channel: MailChannel) -> None:
    survey(frequency="everyone")
    row = sent(new_mail(agent, channel, to=ANA))
    assert end(row.conversation, Side.AGENT) is None
    assert [taken.mail["Subject"].partition(" [")[0] for taken in server.mails] == ["Your order"]


def test_srv_5_spam_is_not_asked_and_what_waits_is_not_sent(
    server: MailServer, agent: Agent, thread: Conversation
) -> None:
    """Found out in its wrap-up, while the other server is away: the mail stays here."""
    survey(frequency="everyone")
    server.says[ANA] = "450 later"
    assert end(thread, Side.AGENT) is not None
    SurveyRequest.objects.all().delete()
    server.says.clear()
    row = OutboundMail.objects.get(kind="survey")
    OutboundMail.objects.update(retry_at=None)
    mail_deliver(outbound_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.error, server.mails) == ("failed", "What it asks for is not asked any more.", [])


def test_srv_5_every_attempt_is_the_same_mail(server: MailServer, thread: Conversation) -> None:
    """EML-10: byte for byte, though its link is put in anew each time."""
    survey(frequency="everyone")
    end(thread, Side.AGENT)
    row = OutboundMail.objects.get(kind="survey")
    OutboundMail.objects.update(state="queued", sent_at=None, recipients=[ANA], retry_at=None)
    mail_deliver(outbound_id=row.pk)
    first, second = server.mails
    # What stands between the parts of a mail is made of what it says.
    assert (first.content, first.mail_id) == (second.content, row.mail_id)


# --- Forms


def test_frm_2_the_link_of_a_form_goes_to_the_customer_and_nobody_copies_it(
    server: MailServer, agent: Agent, thread: Conversation
) -> None:
    form = form_sent(agent, conversation=thread)
    (taken,) = server.mails
    mail, reference = taken.mail, MailThread.objects.get().reference
    assert (mail["To"], mail["Subject"], mail["Auto-Submitted"]) == (
        f"Ana <{ANA}>",
        f"Re: Parcel [#{reference}]",
        None,
    )
    assert mail["In-Reply-To"] == "<first@customer.example>"
    path = path_in(taken)
    assert path == f"/form/{form_token(form.pk, Via.LINK)}/"
    said = text_of(taken)
    assert said.startswith("Please fill in “Identity check” here:\n\nhttp://")
    assert "It can be used once, until " in said
    assert said.rstrip().endswith("-- \nMia, Acme")
    browser = Browser("acme.localhost")
    assert "Card number" in browser.get(path).content.decode()
    assert browser.post(path, given(**ANSWERS)).status_code == 200
    form.refresh_from_db()
    assert (form.via, form.is_filled) == ("link", True)
    kinds = list(Message.objects.order_by("number").values_list("side", "kind"))
    assert [kind for _side, kind in kinds][-2:] == ["form", "filled"]
    row = OutboundMail.objects.get()
    assert (row.kind, row.agent_id, row.form_id, row.message_id) == ("form", agent.pk, form.pk, form.message_id)
    check_all()


def test_frm_2_no_row_holds_the_link_and_no_quotation_brings_it_back(
    server: MailServer, agent: Agent, channel: MailChannel, thread: Conversation
) -> None:
    """Whoever answers quotes it: in text, in HTML, behind some filter's own address."""
    form = form_sent(agent, conversation=thread)
    token = form_token(form.pk, Via.LINK)
    link = f"http://acme.localhost:8000/form/{token}/"
    answers(channel, f"Done.\n\n> Please fill in here:\n> {link}\n", mail_id="one@customer.example")
    receive(channel, in_html(f'<a href="https://safe.example/?url=http%3A%2F%2Facme%2Fform%2F{token}%2F">{link}</a>'))
    mails_file(channel_id=channel.pk)
    quoting = MailMessage.objects.filter(is_outgoing=False).exclude(mail_id="first@customer.example")
    assert [HIDDEN in f"{mail.text}{mail.html}" for mail in quoting] == [True, True]
    rows = [*OutboundMail.objects.values(), *MailMessage.objects.values(), *Message.objects.values()]
    told = str([*rows, *thread.timeline.values(), *RawMail.objects.values()])
    assert (token in told, token.partition(".")[2] in told) == (False, False)


def test_frm_2_only_the_customer_gets_it(server: MailServer, agent: Agent, channel: MailChannel) -> None:
    """Not who else takes part, even where they have written last."""
    thread = thread_with(agent, channel, sender=ANA, mail_id="first@customer.example", cc="boss@customer.example")
    row = receive(channel, write("Me too", sender="boss@customer.example", answers="first@customer.example"))
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    assert row.conversation_id == thread.pk
    form_sent(agent, conversation=thread)
    assert [taken.recipients for taken in server.mails] == [[ANA]]


def test_frm_2_to_whom_we_wrote_first_it_goes_too(server: MailServer, agent: Agent, channel: MailChannel) -> None:
    row = sent(new_mail(agent, channel, to=ANA))
    form_sent(agent, conversation=row.conversation)
    first, second = server.mails
    assert (second.recipients, second.mail["In-Reply-To"]) == ([ANA], f"<{first.mail_id}>")


def test_frm_2_where_no_mail_can_be_sent_the_form_is_sent_all_the_same(
    settings: Any, server: MailServer, agent: Agent, channel: MailChannel, thread: Conversation
) -> None:
    """Then its link is copied, as ever."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    MailChannel.objects.update(smtp_host="")
    form = form_sent(agent, conversation=thread)
    assert (form.filled_at, OutboundMail.objects.count(), server.mails) == (None, 0, [])


def test_frm_2_one_that_failed_is_sent_again_and_one_taken_back_leads_nowhere(
    server: MailServer, agent: Agent, thread: Conversation
) -> None:
    server.says[ANA] = "550 unknown"
    form = form_sent(agent, published(), thread)
    row = OutboundMail.objects.get()
    assert (row.state, [each["address"] for each in row.refused]) == ("failed", [ANA])
    server.says.clear()
    mail_retry(outbound_id=row.pk, actor=agent.user)
    path = path_in(server.mails[0])
    form_withdraw(sent_id=form.pk, actor=agent.user)
    assert Browser("acme.localhost").get(path).status_code == 410


def test_frm_2_its_mail_and_an_agents_own_keep_apart(server: MailServer, agent: Agent, thread: Conversation) -> None:
    """What an agent writes with the same sign in it stays what they wrote."""
    sent(reply(thread, agent, body=f"Look at {HIDDEN} please"))
    assert HIDDEN in text_of(server.mails[0])
