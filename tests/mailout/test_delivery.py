"""What becomes of a mail at other people's servers: it is tried, given up, shown, and never another mail (EML-10)."""

from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from apps.agents.models import Agent, Notice
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.email.actions.channels import channel_save
from apps.email.models import MailChannel, OutboundMail
from apps.email.secrets import smtp_password_set
from apps.email.servers import server_check
from apps.mailout import delivery_concurrency
from apps.mailout.actions import delivery, mail_retry
from apps.mailout.actions.delivery import mail_deliver, mail_send_due
from apps.mailout.delivery_concurrency import mails_deliver
from apps.mailout.steps.queue import SEND_DEADLINE
from apps.tenants.actions import tenant_freeze
from apps.tenants.models import Tenant
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from config.local import embedded
from tests.support.browser import user_as
from tests.support.inbound_mails import SUPPORT, make_channel
from tests.support.mail_server import MailServer, mail_server
from tests.support.outbound_mails import channel_to, depart, due_now, mailer, reply, send, sent, thread_with, told

pytestmark = pytest.mark.django_db(transaction=True)
ANA, BO = "ana@customer.example", "bo@customer.example"


@pytest.fixture
def agent(acme: Any) -> Agent:
    return mailer()


@pytest.fixture
def thread(agent: Agent, server: MailServer) -> Conversation:
    return thread_with(agent, channel_to(server))


def again(row: OutboundMail) -> OutboundMail:
    """Its pause is over, and a worker tries once more."""
    due_now(row)
    mail_deliver(outbound_id=row.pk)
    return OutboundMail.objects.get(pk=row.pk)


# --- Refused


def test_eml_10_what_is_refused_for_good_has_failed_at_once(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    server.says[ANA] = "550 5.1.1 No such user"
    row = sent(reply(thread, agent))
    assert (row.state, row.attempts, row.recipients, server.mails) == ("failed", 1, [], [])
    assert told(row) == ("failed", "550 5.1.1 No such user", [(ANA, "550 5.1.1 No such user")], True)
    assert row.message is not None
    said = f"“{row.message.subject}” was not delivered to {ANA}. 550 5.1.1 No such user"
    assert [notice.text for notice in Notice.objects.all()] == [said]
    assert Wakeup.objects.filter(kind=SEND_DEADLINE).count() == 0


def test_eml_10_a_failed_one_is_sent_again_as_the_same_mail(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    server.says[""] = "554 5.7.1 Looks like spam"
    row = sent(reply(thread, agent))
    assert (row.state, row.error) == ("failed", "554 5.7.1 Looks like spam")
    with pytest.raises(DomainError, match="not_yours"):
        mail_retry(outbound_id=row.pk, actor=user_as("supervisor"))
    del server.says[""]
    mail_retry(outbound_id=row.pk, actor=agent.user)
    row.refresh_from_db()
    (taken,) = server.mails
    assert (row.state, taken.mail_id, taken.recipients) == ("sent", row.mail_id, [ANA])


def test_eml_10_those_who_did_not_get_it_get_it_alone(thread: Conversation, agent: Agent, server: MailServer) -> None:
    server.says[BO] = "550 5.1.1 Unknown"
    row = sent(reply(thread, agent, cc=BO))
    assert (row.state, row.refused) == ("sent", [{"address": BO, "text": "550 5.1.1 Unknown"}])
    assert told(row) == ("partly", f"Not delivered to {BO}.", [(BO, "550 5.1.1 Unknown")], True)
    server.says.clear()
    mail_retry(outbound_id=row.pk, actor=agent.user)
    first, second = server.mails
    assert (first.recipients, second.recipients) == ([ANA], [BO])
    assert first.content == second.content
    assert told(OutboundMail.objects.get()) == ("sent", "", [], False)


# --- Later


def test_eml_10_what_fails_for_now_is_tried_less_and_less_often(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    server.says[""] = "451 4.7.1 Greylisted"
    row = send(reply(thread, agent))
    begun = timezone.now()
    with time_machine.travel(begun, tick=False):
        row = depart(row)
        pauses = []
        for _attempt in range(9):
            assert row.retry_at is not None
            pauses.append(int((row.retry_at - timezone.now()).total_seconds() / 60))
            assert (row.state, row.error) == ("queued", "451 4.7.1 Greylisted")
            assert Wakeup.objects.get(kind=SEND_DEADLINE).due_at == row.retry_at
            row = again(row)
    assert pauses == [1, 5, 15, 60, 120, 240, 480, 720, 720]
    assert told(row) == ("late", "451 4.7.1 Greylisted", [], False)
    assert Notice.objects.count() == 0
    with time_machine.travel(begun + timedelta(hours=36, minutes=1), tick=False):
        row = again(row)
    assert (row.state, row.error, Wakeup.objects.filter(kind=SEND_DEADLINE).count()) == (
        "failed",
        "451 4.7.1 Greylisted",
        0,
    )
    assert Notice.objects.count() == 1


def test_eml_10_one_who_is_greylisted_holds_up_nobody_else(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    server.says[BO] = "450 4.2.0 Later"
    row = sent(reply(thread, agent, cc=BO))
    assert (row.state, row.recipients, row.sent_at is not None) == ("queued", [BO], True)
    server.says.clear()
    row = again(row)
    assert (row.state, [taken.recipients for taken in server.mails]) == ("sent", [[ANA], [BO]])
    assert server.mails[0].content == server.mails[1].content


def test_eml_10_a_server_that_is_away_gets_it_later(agent: Agent, server: MailServer) -> None:
    channel = channel_to(server)
    thread = thread_with(agent, channel)
    port, channel.smtp_port = channel.smtp_port, 9
    channel_save(channel=channel)
    row = sent(reply(thread, agent))
    assert (row.state, row.error) == ("queued", "The mail server can't be reached, or hung up.")
    channel.smtp_port = port
    channel_save(channel=channel)
    assert (again(row).state, len(server.mails)) == ("sent", 1)


def test_eml_1_a_channel_signs_in_with_its_own_password(agent: Agent, server: MailServer) -> None:
    server.password = "right"
    channel = channel_to(server, smtp_user="acme")
    smtp_password_set(channel, "wrong")
    channel_save(channel=channel)
    assert b"wrong" not in bytes(channel.smtp_sealed or b"")
    row = sent(reply(thread_with(agent, channel), agent))
    assert row.state == "queued"
    assert row.error.startswith("The mail server does not accept the user name and password of this channel. (535")
    smtp_password_set(channel, "right")
    channel_save(channel=channel)
    assert (again(row).state, server.signed_in, len(server.mails)) == ("sent", ["acme"], 1)


def test_eml_1_what_a_channel_needs_and_the_server_lacks_is_said(agent: Agent, server: MailServer) -> None:
    channel = channel_to(server)
    channel.smtp_security = "starttls"
    channel_save(channel=channel)
    row = sent(reply(thread_with(agent, channel), agent))
    assert (row.state, server.mails) == ("queued", [])
    assert row.error == "The mail server does not offer what this channel needs: STARTTLS, or signing in."


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.1.2.3", "::1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_eml_1_no_channel_reaches_into_a_private_network(settings: Any, host: str) -> None:
    settings.MAIL_PRIVATE_SERVERS = False
    with pytest.raises(DomainError, match="server_private"):
        server_check(host, 25)
    settings.MAIL_PRIVATE_SERVERS = True
    assert server_check("127.0.0.1", 25) == "127.0.0.1"


# --- Once


def test_eml_10_nobody_begins_while_somebody_is_at_it(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = interrupted(thread, agent, monkeypatch)
    mail_deliver(outbound_id=row.pk)
    mail_send_due_now(row)
    row.refresh_from_db()
    assert (row.state, row.attempts, server.mails) == ("sending", 1, [])
    row = again(row)
    assert (row.state, row.attempts, row.unsure, len(server.mails)) == ("sent", 2, 0, 1)


def interrupted(
    thread: Conversation, agent: Agent, monkeypatch: pytest.MonkeyPatch, *, after: str = "outgoing_mail"
) -> OutboundMail:
    """A mail whose worker was killed."""

    class Killed(BaseException):
        pass

    def die(*_args: object) -> None:
        raise Killed

    row = send(reply(thread, agent))
    with monkeypatch.context() as patch:
        patch.setattr(delivery, after, die)
        with pytest.raises(Killed):
            depart(row)
    row.refresh_from_db()
    return row


def mail_send_due_now(row: OutboundMail) -> None:
    with transaction.atomic():
        mail_send_due(outbound_id=row.pk)


def test_eml_10_killed_before_we_know_it_goes_again_byte_for_byte(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = interrupted(thread, agent, monkeypatch, after="_settle")
    assert (row.state, row.handing_at is not None, len(server.mails)) == ("sending", True, 1)
    row = again(row)
    first, second = server.mails
    assert (row.state, row.unsure, first == second, server.times()) == ("sent", 1, True, {row.mail_id: 2})


def test_eml_10_who_was_overtaken_sends_nothing(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that stood still for longer than its lease finds that somebody else has begun."""
    row = send(reply(thread, agent))

    def slow(found: OutboundMail) -> Any:
        monkeypatch.undo()
        due_now(found)
        mail_deliver(outbound_id=found.pk)
        return delivery.outgoing_mail(found)

    monkeypatch.setattr(delivery, "outgoing_mail", slow)
    row = depart(row)
    assert (row.state, row.attempts, len(server.mails)) == ("sent", 2, 1)


def test_eml_10_its_wake_up_has_it_sent_when_the_broker_was_away(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("apps.mailout.steps.queue.mail_deliver_soon", lambda **_mail: None)
        row = sent(reply(thread, agent))
    assert (row.state, server.mails, tenant_wakeups_reconcile(schema="acme", repair=False)) == ("queued", [], [])
    mail_send_due_now(row)
    assert (OutboundMail.objects.get().state, len(server.mails)) == ("sent", 1)
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []


def test_ten_2_a_frozen_tenant_sends_nothing_until_it_is_thawed(
    thread: Conversation, agent: Agent, server: MailServer
) -> None:
    row = send(reply(thread, agent))
    tenant = Tenant.objects.get(schema_name="acme")
    tenant_freeze(tenant=tenant, frozen=True)
    connection.set_tenant(tenant)
    row = depart(row)
    assert (row.state, server.mails) == ("queued", [])
    tenant_freeze(tenant=tenant, frozen=False)
    connection.set_tenant(tenant)
    mail_deliver(outbound_id=row.pk)
    assert (OutboundMail.objects.get().state, len(server.mails)) == ("sent", 1)


# --- And nobody else waits for it


def test_eml_10_who_sends_goes_on_with_what_else_waits(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.mailout.steps.queue.mail_deliver_soon", lambda **_mail: None)
    first, second, later = (sent(reply(thread, agent, body=f"Mail {number}")) for number in range(3))
    OutboundMail.objects.filter(pk=later.pk).update(retry_at=timezone.now() + timedelta(minutes=1))
    assert mails_deliver(first=second.pk) == 2
    assert [taken.mail_id for taken in server.mails] == [second.mail_id, first.mail_id]


def test_eml_10_slow_servers_hold_up_two_threads_at_most(
    thread: Conversation, agent: Agent, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_concurrency, "_deliveries", BoundedSemaphore(1))
    inside: list[int] = []
    deliver = delivery_concurrency.mail_deliver

    def slow(*, outbound_id: UUID) -> None:
        inside.append(mails_deliver(first=outbound_id))
        deliver(outbound_id=outbound_id)

    monkeypatch.setattr(delivery_concurrency, "mail_deliver", slow)
    row = sent(reply(thread, agent))
    assert (row.state, inside, delivery_concurrency.MOST_AT_ONCE, len(server.mails)) == ("sent", [0], 2, 1)


def test_eml_10_a_server_that_is_away_costs_one_of_them_its_time(agent: Agent, acme: Any) -> None:
    port = embedded.free_port()
    channel = make_channel(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
    thread = thread_with(agent, channel)
    sent(reply(thread, agent))
    with mail_server(port=port) as server:
        row = sent(reply(thread, agent))
        assert (row.state, row.error) == ("queued", "The mail server can't be reached, or hung up.")
        assert server.mails == []
        cache.clear()
        assert (again(row).state, len(server.mails)) == ("sent", 1)


# --- Where a channel has no server of its own


def test_eml_1_without_a_server_of_its_own_it_leaves_by_djangos_backend(agent: Agent, acme: Any) -> None:
    thread = thread_with(agent, make_channel(display_name="Acme Süd"), mail_id="first@x.example")
    row = sent(reply(thread, agent, to="Ana Ruiz <ana@customer.example>", bcc=BO))
    (message,) = django_mail.outbox
    written = message.message()
    assert (row.state, message.to, message.bcc) == ("sent", ['"Ana Ruiz" <ana@customer.example>'], [BO])
    assert (written["Message-ID"], written["In-Reply-To"]) == (f"<{row.mail_id}>", "<first@x.example>")
    assert message.from_email == f'"Acme Süd" <{SUPPORT}>'
    assert message.envelope_sender != SUPPORT


def test_eml_1_without_any_server_it_says_so(agent: Agent, server: MailServer, settings: Any) -> None:
    channel = channel_to(server)
    row = send(reply(thread_with(agent, channel), agent))
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", ""
    MailChannel.objects.update(smtp_host="")
    row = depart(row)
    assert (row.state, row.error) == ("queued", "This channel has no outgoing server.")
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    assert (again(row).state, len(server.mails)) == ("sent", 1)
