"""The demo: refused outside local mode, the same for everybody, and a past that actions could have made."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Sum
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import User
from apps.agents.models import Agent, StatusInterval
from apps.contacts.models import Contact
from apps.conversations.choices import MessageKind, Side
from apps.conversations.models import Conversation, Message, Segment
from apps.conversations.text import preview_line
from apps.demo.seeds.dialogue import read_dialogues
from apps.demo.seeds.tenants import PARTS, demo_seed
from apps.dispositions.models import Choice, CodeSet
from apps.email.body import mail_body
from apps.email.models import MailChannel, MailDay, RawMail
from apps.forms.actions import is_changed
from apps.forms.models import Form
from apps.mailin.actions import mail_content
from apps.mime.parse import parse_mail
from apps.queues.models import Queue
from apps.routing.models import Offer
from apps.surveys.figures import figures_of
from apps.surveys.models import Survey, SurveyRequest
from apps.tenants.models import Tenant
from apps.tenants.selectors import mail_address_of
from tests.support.browser import Browser
from tests.support.invariants import check_all

ACCOUNTS = ["owner", "admin", "supervisor", *(f"agent{n}" for n in range(1, 7))]


def test_it_is_refused_outside_local_mode(acme: Any, settings: Any) -> None:
    settings.LOCAL_MODE = False
    with pytest.raises(CommandError, match="local mode only"):
        call_command("demo_seed")
    assert not User.objects.exists()


@pytest.mark.slow
def test_it_makes_what_is_promised_once(acme: Any, globex: Any) -> None:
    with schema_context("public"):
        first, second = demo_seed(), demo_seed()
        assert (len(first), second) == (2 * len(PARTS), [])
        assert User.objects.get().is_operator
    for tenant in (acme, globex):
        with tenant_context(tenant):
            check_tenant(tenant)
            check_past()
            check_mails(tenant)
    check_surveys(acme, globex)


def check_tenant(tenant: Any) -> None:
    emails = [f"{account}@{tenant.schema_name}.test" for account in ACCOUNTS]
    assert sorted(User.objects.values_list("email", flat=True)) == sorted(emails)
    assert set(Queue.objects.values_list("name", flat=True)) == {"General", "Sales", "Support", "After hours"}
    for email in (emails[0], emails[3]):
        answer = Browser(f"{tenant.schema_name}.localhost").post(
            "/signin/", {"username": email, "password": "parley-demo"}
        )
        assert answer["Location"] == "/console/"
    assert {form.name: is_changed(form) for form in Form.objects.all()} == {"Refund": False, "Identity check": False}
    for queue in Queue.objects.all():
        assert queue.memberships.count() >= 2


def check_surveys(acme: Any, globex: Any) -> None:
    with tenant_context(acme):
        survey = Survey.objects.get()
        assert (survey.is_active, survey.agents_trigger, survey.frequency) == (True, True, "nobody")
        found = figures_of(SurveyRequest.objects.all())
        assert found.asked > 100
        assert found.rate is not None
        assert 40 < found.rate < 70
        assert not SurveyRequest.objects.exclude(conversation__agent=F("agent")).exists()
        assert not SurveyRequest.objects.filter(answered_at__gt=F("expires_at")).exists()
    with tenant_context(globex):
        assert not Survey.objects.get().is_active
        assert not SurveyRequest.objects.exists()


def check_past() -> None:
    check_all()
    assert 200 <= Conversation.objects.count() <= 400
    handled = Conversation.objects.filter(agent__isnull=False)
    chats = handled.filter(channel="chat")
    assert 0 < Conversation.objects.filter(end_cause="abandoned").count() < handled.count() / 4
    lengths = Counter(Message.objects.filter(kind=MessageKind.TEXT).values_list("conversation", flat=True))
    assert all(4 <= lengths[conversation.pk] <= 20 for conversation in chats)
    assert not Message.objects.filter(body__contains="{").exists()
    required = CodeSet.objects.get(is_required=True)
    assert set(Choice.objects.filter(code_set=required).values_list("conversation", flat=True)) == set(
        handled.values_list("pk", flat=True)
    )
    check_agents_were_there()
    check_times()
    assert all(email.endswith(".example") for email in Contact.objects.values_list("email", flat=True))


def check_mails(tenant: Any) -> None:
    """EML-1, EML-2: an address that takes mail, and a past in which received is filed, and every mail can be read."""
    channel = MailChannel.objects.get(address=f"support@{tenant.schema_name}.test")
    assert (channel.is_active, channel.queue.name) == (True, "Support")
    found = mail_address_of(f"support+x@{tenant.schema_name}.test")
    assert found is not None
    assert found.channel == channel.pk
    threads = Conversation.objects.filter(channel="email")
    assert 4 <= threads.count() <= 6
    days = MailDay.objects.aggregate(received=Sum("received"), matched=Sum("matched"), new=Sum("new"))
    raws = RawMail.objects.count()
    assert days == {"received": raws, "matched": raws - threads.count(), "new": threads.count()}
    for raw in RawMail.objects.select_related("mail"):
        mail = parse_mail(mail_content(raw))
        assert (mail.message_id, mail.defects) == (raw.mail.mail_id, ())
    for conversation in threads:
        said = list(conversation.messages.filter(kind=MessageKind.TEXT).order_by("number"))
        mails = [message.mail for message in said]
        assert [mail.is_outgoing for mail in mails] == [message.side == Side.AGENT for message in said]
        assert [mail.in_reply_to for mail in mails] == ["", *(mail.mail_id for mail in mails[:-1])]
        for message, mail in zip(said, mails, strict=True):
            assert (
                message.body == mail_body(parse_mail(mail_content(mail.raw))).body
                if mail.raw
                else message.body in mail.text
            )


def check_agents_were_there() -> None:
    """Whoever accepted was Available when it rang, and never had more than their slots."""
    stays: dict[Any, list[StatusInterval]] = {}
    for interval in StatusInterval.objects.order_by("started_at"):
        stays.setdefault(interval.agent_id, []).append(interval)
    for offer in Offer.objects.all():
        at = next(
            stay
            for stay in stays[offer.agent_id]
            if stay.started_at <= offer.created_at < (stay.ended_at or offer.expires_at)
        )
        assert at.base == "available", offer
    for agent in Agent.objects.all():
        limit = agent.capacities.get(family="chat").limit
        chats = Conversation.objects.filter(agent=agent.user, channel="chat")
        held = list(chats.values_list("accepted_at", "ended_at"))
        for since, _until in held:
            assert sum(a <= since < b for a, b in held) <= limit


def check_times() -> None:
    for conversation in Conversation.objects.prefetch_related("messages", "timeline"):
        times = [message.created_at for message in conversation.messages.all()]
        assert times == sorted(times)
        events = [event.at for event in conversation.timeline.all()]
        assert events == sorted(events)
        last = [message for message in conversation.messages.all() if message.kind == MessageKind.TEXT][-1]
        assert (conversation.last_message_at, conversation.last_line) == (last.created_at, preview_line(last.body))
        assert conversation.ended_at >= last.created_at
    for segment in Segment.objects.filter(kind="agent").select_related("conversation"):
        first = segment.conversation.messages.filter(side=Side.AGENT).order_by("number").first()
        assert segment.first_response_at == first.created_at
        assert segment.started_at <= first.created_at <= segment.wrap_up_at <= segment.ended_at


@pytest.mark.slow
def test_the_command_prints_what_it_did(acme: Any) -> None:
    out = StringIO()
    connection.set_schema_to_public()
    call_command("demo_seed", stdout=out)
    assert "acme: demo.history" in out.getvalue()
    assert Tenant.objects.count() == 2


@pytest.mark.parametrize("name", ["bicycles", "coffee"])
def test_dialogues_are_well_formed(name: str) -> None:
    for script in read_dialogues(name):
        assert 4 <= len(script.lines) <= 20
        assert not script.lines[0].by_agent
        assert any(line.by_agent for line in script.lines)
        assert script.queue in {"General", "Sales", "Support"}
        assert script.outcome in {"Resolved", "Pending"}
