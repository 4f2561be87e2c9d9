"""TEN-10: the steps of a new tenant are done by what there is, dismissed, brought back; all of it is recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.agents.actions import group_memberships_set, membership_set
from apps.agents.models import AgentGroup
from apps.audit.models import AuditEntry
from apps.chat.models import Visitor, WidgetChannel
from apps.conversations.models import Segment
from apps.core.errors import DomainError
from apps.home.actions import step_dismiss, step_restore
from apps.home.models import Checklist
from apps.home.registry import all_steps, register_step
from apps.queues.actions import queue_update
from apps.queues.models import HoursProfile
from tests.support.browser import Browser, signed_in, user_as
from tests.support.inbound_mails import filed, make_channel, write
from tests.support.people import ContactFactory, default_queue, make_agent, talk
from tests.support.race import race

REQUIRED = ["hours", "people", "members", "widget", "first_chat"]


@pytest.fixture
def owner(acme: Any) -> User:
    return user_as("owner")


def shown_to(user: User) -> dict[str, bool]:
    """The steps on somebody's home, and which of them are done."""
    answer: Any = signed_in(user).get("/admin/")
    assert answer.status_code == 200
    return {shown.step.code: shown.is_done for shown in answer.context["checklist"].steps}


def press(browser: Browser, button: str, step: str) -> Any:
    return browser.post(reverse(f"admin:home_step_{button}", args=[step], urlconf="config.urls_tenant"))


def test_a_new_tenant_has_all_of_it_to_do(owner: User) -> None:
    assert shown_to(owner) == dict.fromkeys(["hours", "people", "members", "widget", "mail", "first_chat"], False)


def set_hours(_owner: User) -> None:
    queue_update(queue=default_queue(), fields={"hours": HoursProfile.objects.get()}, actor=None)


def invite(_owner: User) -> None:
    user_as("agent")


def serve(owner: User) -> None:
    membership_set(agent_id=owner.pk, queue_id=default_queue().pk)


def serve_by_group(owner: User) -> None:
    group_memberships_set(queue=default_queue(), groups={owner.agent.group_id})


def bring_browser(_owner: User) -> None:
    Visitor.objects.create(channel=WidgetChannel.objects.get(), contact=ContactFactory())


def receive_mail(_owner: User) -> None:
    channel = make_channel()
    filed(channel, write())


@pytest.mark.parametrize(
    ("deed", "step"),
    [
        (set_hours, "hours"),
        (invite, "people"),
        (serve, "members"),
        (serve_by_group, "members"),
        (bring_browser, "widget"),
        (receive_mail, "mail"),
    ],
)
def test_a_step_is_done_by_what_there_is(owner: User, deed: Callable[[User], None], step: str) -> None:
    deed(owner)
    assert [code for code, is_done in shown_to(owner).items() if is_done] == [step]


def test_what_does_not_count(owner: User) -> None:
    gone, visiting, off = (user_as("agent") for _ in range(3))
    User.objects.filter(pk=gone.pk).update(deleted_at="2026-01-01T00:00Z")
    User.objects.filter(pk=visiting.pk).update(leaves_at="2026-01-01T00:00Z")
    User.objects.filter(pk=off.pk).update(is_active=False)
    membership_set(agent_id=off.pk, queue_id=default_queue().pk)
    group_memberships_set(queue=default_queue(), groups={AgentGroup.objects.create(name="Nobody").pk})
    make_channel()  # Nothing has come in by it.
    assert not any(shown_to(owner).values())


@pytest.mark.django_db(transaction=True)
def test_the_first_chat_is_answered_when_an_agent_has_said_something(owner: User) -> None:
    talk(make_agent())
    assert (shown_to(owner)["widget"], shown_to(owner)["first_chat"]) == (True, False)
    Segment.objects.filter(kind="agent").update(first_response_at="2026-01-01T00:00Z")
    assert shown_to(owner)["first_chat"] is True


@pytest.mark.django_db(transaction=True)
def test_it_is_gone_when_what_counts_is_done(owner: User) -> None:
    talk(make_agent())  # Before there are hours that the time of day could lie outside of.
    set_hours(owner)
    assert shown_to(owner) != {}
    Segment.objects.filter(kind="agent").update(first_response_at="2026-01-01T00:00Z")
    assert shown_to(owner) == {}


def test_a_dismissed_step_is_off_the_list_and_comes_back(owner: User) -> None:
    browser = signed_in(owner)
    assert press(browser, "dismiss", "mail").status_code == 302
    assert press(browser, "dismiss", "mail").status_code == 302
    page: Any = browser.get("/admin/")
    assert "mail" not in shown_to(owner)
    assert [step.code for step in page.context["checklist"].dismissed] == ["mail"]
    entry = AuditEntry.objects.get(verb="checklist.change")
    assert (entry.actor_id, entry.changes["dismissed"][1]) == (owner.pk, ["mail"])
    press(browser, "restore", "mail")
    press(browser, "restore", "mail")
    assert "mail" in shown_to(owner)
    assert AuditEntry.objects.filter(verb="checklist.change").count() == 2


def test_it_is_gone_when_all_are_dismissed_and_can_be_brought_back(owner: User) -> None:
    for step in REQUIRED:
        step_dismiss(step=step, actor=owner)
    assert shown_to(owner) == {}
    page: Any = signed_in(owner).get("/admin/")
    assert page.content.decode().count("Bring back") == 2 * len(REQUIRED)
    step_restore(step="hours", actor=owner)
    assert set(shown_to(owner)) == {"hours", "mail"}


@pytest.mark.parametrize("step", ["", "none", "Mail", "x" * 200])
def test_an_unknown_step_is_refused(owner: User, step: str) -> None:
    with pytest.raises(DomainError, match="step_unknown"):
        step_dismiss(step=step, actor=owner)
    assert Checklist.load().dismissed == []


def test_an_unknown_step_has_no_address(owner: User) -> None:
    browser = signed_in(owner)
    assert press(browser, "dismiss", "none").status_code == 404
    assert (
        browser.get(reverse("admin:home_step_dismiss", args=["mail"], urlconf="config.urls_tenant")).status_code == 405
    )


@pytest.mark.parametrize("role", ["supervisor", "agent"])
def test_it_is_for_those_alone_who_set_up_everything(owner: User, role: str) -> None:
    other = make_agent(role=Role.objects.get(code=role)).user
    assert press(signed_in(other), "dismiss", "hours").status_code in {302, 403}
    assert not Checklist.objects.filter(dismissed__len__gt=0).exists()
    if role == "supervisor":
        assert shown_to(other) == {}


def test_who_may_not_open_its_page_does_not_see_a_step(owner: User) -> None:
    role = Role.objects.create(code="people", name="People", scope="all", permissions=["setup", "console"])
    other = make_agent(role=role, queues=[]).user
    assert set(shown_to(other)) == {"hours", "people", "members"}
    assert press(signed_in(other), "dismiss", "widget").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_dismiss_at_once_take_both_off(acme: Any) -> None:
    owner = user_as("owner")
    race([lambda step=each: step_dismiss(step=step, actor=owner) for each in (*REQUIRED, *REQUIRED)])
    assert Checklist.objects.get().dismissed == sorted(REQUIRED)
    assert AuditEntry.objects.filter(verb="checklist.change").count() == len(REQUIRED)


def test_a_code_stands_for_one_step() -> None:
    with pytest.raises(ValueError, match="hours"):
        register_step(all_steps()[0])
