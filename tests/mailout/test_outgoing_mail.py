"""What leaves: headers, references, files, and what others' programs make of it (EML-3, EML-5, EML-6, EML-10)."""

import re

import pytest

from apps.agents.models import Agent
from apps.conversations.models import Conversation, Message
from apps.email.choices import DraftKind
from apps.email.models import MailChannel, MailThread
from apps.email.tokens import reply_conversation_id
from apps.files.models import StoredFile
from apps.mailin.actions import mails_file
from tests.support.inbound_mails import SUPPORT, receive, write
from tests.support.invariants import check_all
from tests.support.mail_server import MailServer
from tests.support.outbound_mails import channel_to, file_of, reply, sent, thread_with

pytestmark = pytest.mark.django_db(transaction=True)
ANA = "ana@customer.example"


def test_eml_5_a_reply_is_what_other_programs_understand(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    tag = f"[#{MailThread.objects.get().reference}]"
    row = sent(reply(thread, agent, cc="Bo <bo@customer.example>", bcc="carol@customer.example"))
    (taken,) = server.mails
    mail = taken.mail
    assert taken.mail_id == row.mail_id
    # Its agent's page knows the key; the rest nobody does who has not had the mail.
    assert re.fullmatch(rf"{row.pk.hex}\.[a-z2-7]{{13}}@acme\.test", row.mail_id)
    assert (mail["From"], mail["To"], mail["Cc"], mail["Bcc"]) == (
        f"Acme Support <{SUPPORT}>",
        ANA,
        "Bo <bo@customer.example>",
        None,
    )
    assert (mail["Subject"], mail["In-Reply-To"], mail["References"]) == (
        f"Re: Parcel {tag}",
        "<first@customer.example>",
        "<first@customer.example>",
    )
    assert mail["Auto-Submitted"] is None
    assert row.message is not None
    assert mail["Date"].datetime == row.message.date.replace(microsecond=0)
    (answers_to,) = mail["Reply-To"].addresses
    assert reply_conversation_id(answers_to.addr_spec) == thread.pk
    assert taken.recipients == [ANA, "bo@customer.example", "carol@customer.example"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    text = plain.get_content().replace("\r\n", "\n")
    assert text.rstrip() == (
        "It is on its way.\n\n-- \nMia, Acme\n\nOn Feb. 2, 2026, 9 a.m., Ana Ruiz wrote:\n> Where is my parcel?"
    )
    assert "<blockquote" in html.get_content()
    assert "It is on its way.<br>" in html.get_content()


def test_eml_3_an_answer_to_it_finds_its_conversation(
    thread: Conversation, agent: Agent, channel: MailChannel, server: MailServer
) -> None:
    sent(reply(thread, agent, cc="bo@customer.example"))
    mail = server.mails[0].mail
    (answers_to,) = mail["Reply-To"].addresses
    answer = write("Thanks", sender="bo@customer.example", to=answers_to.addr_spec, answers=server.mails[0].mail_id)
    row = receive(channel, answer)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.state, row.conversation_id) == ("matched", thread.pk)


def test_eml_6_files_go_with_it(thread: Conversation, agent: Agent, server: MailServer) -> None:
    file_id = file_of(agent)
    draft = reply(thread, agent, file_ids=(file_id,))
    assert StoredFile.objects.get(pk=file_id).unsent_until is None
    row = sent(draft)
    (attached,) = server.mails[0].mail.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("terms.txt", "text/plain")
    assert attached.get_payload(decode=True) == b"Terms of delivery"
    assert row.message is not None
    assert [part.file_id for part in row.message.parts.all()] == [file_id]
    message = Message.objects.get(pk=row.message_id)
    assert [each.file_id for each in message.attachments.all()] == [file_id]
    assert StoredFile.objects.get(pk=file_id).unsent_until is None
    check_all()


def test_eml_5_who_hands_a_mail_on_need_not_say_anything(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    sent(reply(thread, agent, kind=DraftKind.FORWARD, to="bo@lawyer.example", subject="Fwd: Parcel", body=""))
    plain = server.mails[0].mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content().replace("\r\n", "\n")
    assert text.startswith("-- \nMia, Acme\n\n---------- Forwarded message ---------\nFrom: Ana Ruiz <ana@customer")
    assert "\nSubject: Parcel\n" in text


def test_eml_10_a_plain_channel_sends_from_its_plain_address(agent: Agent, server: MailServer) -> None:
    channel = channel_to(server, plus_addresses=False, tags_subjects=False)
    thread = thread_with(agent, channel)
    sent(reply(thread, agent, quotes=False))
    (taken,) = server.mails
    assert (taken.sender, taken.mail["Reply-To"], taken.mail["Subject"]) == (SUPPORT, None, "Re: Parcel")
