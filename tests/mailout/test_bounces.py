"""A mail that comes back: shown at it, sent again to whom it came back from (EML-10)."""

from typing import Any

import pytest

from apps.agents.models import Agent
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.choices import OutboundState
from apps.email.models import MailChannel, MailNotice, OutboundMail
from apps.mailin.actions import mails_file
from apps.mailout.actions import mail_retry
from tests.support.inbound_mails import receive
from tests.support.mail_server import MailServer
from tests.support.outbound_mails import channel_to, mailer, reply, sent, thread_with, told

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "ana@customer.example", "bo@customer.example"


@pytest.fixture
def agent(acme: Any) -> Agent:
    return mailer()


@pytest.fixture
def thread(agent: Agent, server: MailServer) -> Conversation:
    return thread_with(agent, channel_to(server))


REPORT = "\r\n".join(
    [
        "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
        "To: somebody",
        "Subject: Undelivered Mail",
        "Message-ID: <dsn1@mx.example>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "It did not arrive.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        f"Final-Recipient: rfc822; {ANA}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 No such user",
        "",
        "--b--",
        "",
    ]
).encode()
"""A report that names no mail: the address that it comes to does."""


def test_eml_10_a_bounce_is_shown_on_its_mail_and_wakes_nobody(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = sent(reply(thread, agent))
    before = Conversation.objects.get(pk=thread.pk)
    channel = MailChannel.objects.get()
    receive(channel, REPORT, sender="", recipient=server.mails[0].sender)
    mails_file(channel_id=channel.pk)
    row.refresh_from_db()
    notice = MailNotice.objects.get()
    assert (notice.about_id, notice.is_failure, row.bounced_at) == (row.message_id, True, notice.at)
    state, detail, failures, may_retry = told(row)
    assert (state, may_retry, [address for address, _why in failures]) == ("bounced", True, [ANA])
    assert detail == f"Not delivered to {ANA}."
    after = Conversation.objects.get(pk=thread.pk)
    assert (after.last_number, after.unanswered_since, after.state) == (before.last_number, None, "active")
    assert after.version > before.version
    assert row.state == OutboundState.SENT


def returned(server: MailServer, report: bytes = REPORT, name: str = "dsn1") -> None:
    """The report of some server reaches the address that the last mail is returned to."""
    channel = MailChannel.objects.get()
    raw = report.replace(b"<dsn1@", f"<{name}@".encode())
    receive(channel, raw, sender="", recipient=server.mails[-1].sender)
    mails_file(channel_id=channel.pk)


def test_eml_10_what_came_back_is_sent_again_to_whom_it_came_back_from(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    """The same mail once more; a report of the first attempt says nothing of the second."""
    row = sent(reply(thread, agent, cc=BO))
    with pytest.raises(DomainError, match="mail_not_failed"):
        mail_retry(outbound_id=row.pk, actor=agent.user)
    returned(server)
    assert mail_retry(outbound_id=row.pk, actor=agent.user).bounced_at is None
    first, second = server.mails
    assert (first.recipients, second.recipients) == ([ANA, BO], [ANA])
    assert first.content == second.content
    assert told(OutboundMail.objects.get()) == ("sent", "", [], False)
    with pytest.raises(DomainError, match="mail_not_failed"):
        mail_retry(outbound_id=row.pk, actor=agent.user)
    returned(server, name="dsn2")
    assert told(OutboundMail.objects.get()) == (
        "bounced",
        f"Not delivered to {ANA}.",
        [(ANA, "550 No such user")],
        True,
    )


def test_eml_10_a_report_that_names_somebody_else_means_the_only_recipient(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    """Of several nobody knows who is meant: then it says so, and offers nothing."""
    stranger = REPORT.replace(ANA.encode(), b"ana.ruiz@elsewhere.example")
    row = sent(reply(thread, agent))
    returned(server, stranger)
    mail_retry(outbound_id=row.pk, actor=agent.user)
    assert [taken.recipients for taken in server.mails] == [[ANA], [ANA]]
    other = sent(reply(thread, agent, cc=BO))
    returned(server, stranger, "dsn2")
    other.refresh_from_db()
    assert told(other)[::3] == ("bounced", False)
    with pytest.raises(DomainError, match="mail_not_failed"):
        mail_retry(outbound_id=other.pk, actor=agent.user)


def test_eml_10_refused_by_one_and_returned_by_another(thread: Conversation, agent: Agent, server: MailServer) -> None:
    server.says[BO] = "550 5.1.1 Unknown"
    row = sent(reply(thread, agent, cc=BO))
    returned(server)
    row.refresh_from_db()
    assert told(row)[::3] == ("bounced", True)
    assert told(row)[1] == f"Not delivered to {BO}, {ANA}."
    server.says.clear()
    mail_retry(outbound_id=row.pk, actor=agent.user)
    assert sorted(server.mails[-1].recipients) == [ANA, BO]
