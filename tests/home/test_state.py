"""The state on the home: what somebody should see to, each with its cure, and only what its reader may see (TEN-10)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.choices import LinkKind
from apps.accounts.models import AccountLink, Role, User
from apps.agents.actions import group_memberships_set, membership_set
from apps.agents.models import AgentSkill
from apps.audit.models import AuditSettings
from apps.chat.models import IdentityKey, WidgetChannel
from apps.conversations.models import Conversation
from apps.email.models import Mailbox, MailMessage, OutboundMail, RawMail
from apps.home.registry import row_address
from apps.operators.models import OperatorPass
from apps.queues.actions import hours_create, queue_create, skill_create
from apps.queues.models import HoursProfile, Queue, QueueSkill, Skill, SkillGroup
from apps.tenants.models import Tenant
from apps.timers.models import Wakeup
from tests.support.browser import Browser, signed_in, user_as
from tests.support.inbound_mails import filed, make_channel, write
from tests.support.people import PASSWORD, ContactFactory, arrive, default_queue, make_agent, make_operator

AGO = timedelta(hours=5)


@pytest.fixture
def owner(acme: Any) -> User:
    """Of a tenant in which nothing is wrong: they serve the only queue, and no skill is left over."""
    owner = user_as("owner")
    membership_set(agent_id=owner.pk, queue_id=default_queue().pk)
    Skill.objects.all().delete()
    return owner


def lines(user: User) -> dict[str, Any]:
    """The lines on somebody's home, by their text."""
    answer: Any = signed_in(user).get("/admin/")
    assert answer.status_code == 200
    return {line.text: line for line in answer.context["lines"]}


def queue_of(user: User, name: str, **fields: Any) -> Queue:
    """A queue that this user serves."""
    queue = queue_create(name=name, actor=None, **fields)
    membership_set(agent_id=user.pk, queue_id=queue.pk)
    return queue


def the_line(user: User) -> Any:
    """The only line there; its cure can be opened."""
    (line,) = lines(user).values()
    if line.address:
        assert signed_in(user).get(line.address).status_code == 200
    return line


def test_where_nothing_is_wrong_one_line_says_so(owner: User) -> None:
    page: Any = signed_in(owner).get("/admin/")
    assert page.context["lines"] == []
    assert "Everything works, and nothing waits for you." in page.content.decode()


def test_a_queue_that_is_closed_by_hand(owner: User) -> None:
    Queue.objects.update(closed_at=timezone.now())
    line = the_line(owner)
    assert (line.tone, line.text, line.detail) == ("check", "1 queue is closed by hand", "General")
    Queue.objects.update(is_active=False, is_default=False)
    assert lines(owner) == {}


def test_queues_outside_their_hours_are_no_trouble(owner: User) -> None:
    never = HoursProfile.objects.create(name="Never")
    for number in range(7):
        queue_of(owner, f"Night {number}", hours=never)
    week = {day: [(0, 24 * 60)] for day in range(7)}
    queue_of(owner, "Day and night", hours=hours_create(name="All the time", time_zone="UTC", week=week, actor=None))
    line = the_line(owner)
    assert (line.tone, line.text) == ("note", "7 queues are outside their hours")
    assert line.detail == "Night 0, Night 1, Night 2, Night 3, Night 4 and 2 more"


def test_invitations_that_have_expired(owner: User) -> None:
    for number, (age, ended) in enumerate([(AGO, None), (-AGO, None), (AGO, timezone.now())]):
        person = user_as("agent", email=f"new{number}@acme.test")
        AccountLink.objects.create(
            user=person,
            kind=LinkKind.INVITATION,
            email=person.email,
            signature="s",
            expires_at=timezone.now() - age,
            ended_at=ended,
            digest=str(number),
        )
    line = the_line(owner)
    assert (line.text, line.detail) == ("1 invitation has expired", "new0@acme.test")


def test_a_secret_that_is_about_to_end(owner: User) -> None:
    widget = WidgetChannel.objects.get()
    for days in (-1, 3, 30):
        IdentityKey.objects.create(channel=widget, ends_at=timezone.now() + timedelta(days=days))
    line = the_line(owner)
    assert (line.text, line.address) == (
        "The former identity secret of “Website” stops working soon",
        f"/admin/chat/widgetchannel/{widget.pk}/change/",
    )


def test_mail_that_stands_still(owner: User) -> None:
    channel = make_channel()
    filed(channel, write())
    raw = RawMail.objects.get()
    RawMail.objects.update(state="quarantined", reason="list", conversation=None)
    Mailbox.objects.create(channel=channel, host="imap.test", user="u", error="refused")
    found = lines(owner)
    assert list(found) == ["No mail comes in from 1 mailbox", "1 mail is in quarantine"]
    assert found["1 mail is in quarantine"].address.endswith("?state__exact=quarantined")
    RawMail.objects.update(state="received", reason="", filed_at=None, error="ValueError")
    assert "1 mail could not be filed so far" in lines(owner)
    RawMail.objects.filter(pk=raw.pk).update(error="")
    assert list(lines(owner)) == ["No mail comes in from 1 mailbox"]


def test_mail_that_does_not_go_out(owner: User) -> None:
    agent = make_agent()
    conversation = filed(make_channel(), write()).conversation
    message = MailMessage.objects.get()
    mail = OutboundMail.objects.create(
        state="queued",
        conversation=conversation,
        channel=conversation.mail_thread.channel,
        agent=agent.user,
        message=message,
        mail_id="m",
    )
    assert "1 mail waits for its server" not in lines(owner)
    OutboundMail.objects.update(error="451 later")
    assert lines(owner)["1 mail waits for its server"].tone == "check"
    OutboundMail.objects.filter(pk=mail.pk).update(state="failed", failed_at=timezone.now())
    assert lines(owner)["1 mail was not sent"].tone == "broken"


def test_deadlines_that_nobody_sees_to(owner: User, globex: Any) -> None:
    now = timezone.now()
    Wakeup.objects.update(due_at=now + AGO)
    for number, (schema, ago) in enumerate([("acme", AGO), ("globex", AGO), ("acme", timedelta())]):
        Wakeup.objects.create(schema=schema, kind="snooze.wake", object_id=f"{number:032}", due_at=now - ago)
    line = the_line(owner)
    assert (line.tone, line.text) == ("broken", "1 deadline is late")


def test_an_audit_log_that_is_not_signed(owner: User) -> None:
    AuditSettings.load()
    AuditSettings.objects.update(seal_due_at=timezone.now() - timedelta(minutes=30))
    assert lines(owner) == {}
    AuditSettings.objects.update(seal_due_at=timezone.now() - AGO)
    assert the_line(owner).text == "The audit log has not been signed today"


def test_an_operator_who_may_be_here(owner: User) -> None:
    visitor = user_as("owner", email="visitor@parley.test")
    OperatorPass.objects.create(
        operator_id=visitor.pk,
        operator_name="Op",
        operator_email="op@parley.test",
        user=visitor,
        reason="Asked to",
        expires_at=timezone.now() + AGO,
        link_expires_at=timezone.now(),
    )
    line = the_line(owner)
    assert line.text.startswith("Op may be in here until ")
    assert (line.tone, line.detail) == ("note", "Asked to")
    OperatorPass.objects.update(ended_at=timezone.now())
    assert lines(owner) == {}


def test_queues_that_nobody_serves(owner: User) -> None:
    queue_of(owner, "Served")
    by_group = queue_create(name="By a group", actor=None)
    group_memberships_set(queue=by_group, groups={owner.agent.group_id})
    alone = queue_create(name="Alone", actor=None)
    membership_set(agent_id=user_as("agent", is_active=False).pk, queue_id=alone.pk)
    line = the_line(owner)
    assert (line.tone, line.text, line.detail) == ("check", "Nobody serves 1 queue", "Alone")
    assert line.address == row_address(alone)
    Queue.objects.filter(pk=alone.pk).update(is_active=False)
    assert lines(owner) == {}


def test_queues_whose_members_all_lack_a_skill(owner: User) -> None:
    queue = queue_of(owner, "Served")
    skill = skill_create(name="Bicycles", group=SkillGroup.objects.create(name="Products"))
    QueueSkill.objects.create(queue=queue, skill=skill)
    AgentSkill.objects.create(agent=user_as("agent").agent, skill=skill)  # Who doesn't serve it.
    found = lines(owner)["What comes to 1 queue reaches nobody"]
    assert (found.tone, found.detail, found.address) == ("check", "Served", row_address(queue))
    AgentSkill.objects.create(agent=owner.agent, skill=skill)
    assert lines(owner) == {}


def test_skills_that_nobody_holds(owner: User) -> None:
    group = SkillGroup.objects.create(name="Products")
    held, asked, _unused = (Skill.objects.create(group=group, name=name) for name in ("Held", "Asked", "Unused"))
    AgentSkill.objects.create(agent=owner.agent, skill=held)
    AgentSkill.objects.create(agent=user_as("agent", is_active=False).agent, skill=asked)
    QueueSkill.objects.create(queue=default_queue(), skill=asked)
    assert {text: (line.tone, line.detail) for text, line in lines(owner).items()} == {
        "What comes to 1 queue reaches nobody": ("check", "General"),
        "Nobody holds 1 required skill": ("check", "Asked"),
        "1 skill is not used": ("note", "Unused"),
    }
    Queue.objects.update(is_active=False, is_default=False)
    assert lines(owner)["2 skills are not used"].detail == "Asked, Unused"


# --- Who sees what


def test_supervisors_are_told_of_their_own_queues(owner: User) -> None:
    own, other = queue_of(owner, "Own"), queue_of(owner, "Other")
    Queue.objects.filter(pk__in=[own.pk, other.pk]).update(closed_at=timezone.now())
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), queues=[own]).user
    line = the_line(supervisor)
    assert (line.detail, line.address) == ("Own", row_address(own))
    assert the_line(owner).detail == "Other, Own"


def test_who_reads_the_audit_log_alone_is_told_of_that_alone(owner: User) -> None:
    Queue.objects.update(closed_at=timezone.now())
    AuditSettings.load()
    AuditSettings.objects.update(seal_due_at=timezone.now() - AGO)
    role = Role.objects.create(code="auditor", name="Auditor", scope="all", permissions=["audit", "console"])
    auditor = make_agent(role=role, queues=[]).user
    page: Any = signed_in(auditor).get("/admin/")
    assert [line.text for line in page.context["lines"]] == ["The audit log has not been signed today"]
    assert page.context["panels"] == []
    assert page.context["checklist"].steps == []


def test_other_tenants_do_not_count(owner: User, globex: Any) -> None:
    with tenant_context(globex):
        Queue.objects.update(closed_at=timezone.now())
    assert lines(owner) == {}


# --- Who waits


def waiting_panel(user: User) -> str:
    page: Any = signed_in(user).get("/admin/")
    return re.sub(r"<[^>]+>|\s+", " ", "".join(page.context["panels"]))


def words(text: str) -> str:
    return " ".join(text.split())


def test_who_waits_and_who_is_there(owner: User) -> None:
    sales = queue_create(name="Sales", actor=owner)
    now = timezone.now()
    for queue, minutes in [(default_queue(), 3), (sales, 90), (sales, 5)]:
        conversation = arrive(queue=queue)
        Conversation.objects.filter(pk=conversation.pk).update(
            queue_entered_at=now - timedelta(minutes=minutes, seconds=5)
        )
    make_agent(available=False)
    make_agent(queues=[], available=True)
    text = words(waiting_panel(owner))
    assert "Waiting 3 Longest wait 1 h 30 min Agents available 1 of 2 signed in" in text
    assert text.endswith("Sales 2 1 h 30 min nobody General 1 3 min nobody")
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), queues=[sales], available=True).user
    text = words(waiting_panel(supervisor))
    assert "Waiting 2 Longest wait 1 h 30 min Agents available 1 of 1 signed in" in text
    assert text.endswith("Sales 2 1 h 30 min 1")


def test_agents_who_serve_by_their_group_are_counted_once(owner: User) -> None:
    agent = make_agent()
    group_memberships_set(queue=default_queue(), groups={agent.group_id})
    by_group = queue_create(name="By a group", actor=None)
    group_memberships_set(queue=by_group, groups={agent.group_id})
    arrive(queue=default_queue())
    arrive(queue=by_group)
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), available=False).user
    text = words(waiting_panel(supervisor))
    assert "Agents available 1 of 2 signed in" in text
    assert re.findall(r"(General|By a group) 1 \d+ s (\w+)", words(waiting_panel(owner))) == [
        ("General", "1"),
        ("By a group", "1"),
    ]


def queries(user: User) -> int:
    browser = signed_in(user)
    browser.get("/admin/")
    with CaptureQueriesContext(connection) as captured:
        browser.get("/admin/")
    return len(captured)


@pytest.mark.slow
def test_two_hundred_queues_cost_no_more_queries_than_one(owner: User) -> None:
    never = HoursProfile.objects.create(name="Never")
    closed = queue_create(name="Closed", hours=never, actor=owner)
    arrive()
    before = queries(owner)
    Queue.objects.bulk_create(Queue(name=f"Queue {number}", hours=never) for number in range(200))
    for queue in Queue.objects.exclude(pk=closed.pk)[:20]:
        Conversation.objects.create(
            channel="chat", state="waiting", queue=queue, contact=ContactFactory(), queue_entered_at=timezone.now()
        )
    assert queries(owner) == before
    supervisor = make_agent(role=Role.objects.get(code="supervisor"), queues=list(Queue.objects.all())).user
    assert queries(supervisor) <= before


# --- The operators' home


def test_operators_are_told_how_tenants_stand(acme: Any, globex: Any) -> None:
    make_operator()
    browser = Browser("localhost")
    browser.post("/signin/", {"username": "op@parley.test", "password": PASSWORD})
    Tenant.objects.filter(schema_name="globex").update(is_frozen=True)
    page: Any = browser.get("/admin/")
    found = {line.text: line for line in page.context["lines"]}
    assert found["1 tenant is frozen"].detail == "Globex"
    assert list(found)[-1] == f"{Tenant.objects.exclude(schema_name='public').count()} tenants"
    for line in found.values():
        assert browser.get(line.address).status_code == 200
