"""Several rows changed at once: looked at first, all or none, and nothing that their own pages refuse (TEN-10)."""

from typing import Any
from uuid import UUID

import pytest

from apps.accounts.models import Role, User
from apps.audit.models import AuditEntry
from apps.queues.actions import queue_create
from apps.queues.models import HoursProfile, Queue
from tests.support.browser import Browser, signed_in, user_as
from tests.support.people import default_queue, make_agent

pytestmark = pytest.mark.django_db
QUEUES, USERS = "/admin/queues/queue/", "/admin/accounts/user/"


def ask(browser: Browser, address: str, rows: list[Any], **data: Any) -> Any:
    sent = {"action": "change_selected", "_selected_action": [str(row.pk) for row in rows], **data}
    return browser.post(address, sent)


def told(answer: Any) -> dict[UUID, tuple[str, str, list[str]]]:
    """What would become of each row."""
    return {each.row.pk: (each.now, each.then, each.refusals) for each in answer.context["changes"]}


@pytest.fixture
def queues(acme: Any) -> list[Queue]:
    return [queue_create(name=name, actor=None) for name in ("North", "South")]


def test_a_field_is_changed_in_all_of_them_once_it_was_looked_at(queues: list[Queue]) -> None:
    owner, hours = signed_in(user_as("owner")), HoursProfile.objects.get()
    offered = [name for name, _label in ask(owner, QUEUES, queues).context["chooser"]]
    assert "hours" in offered
    assert "name" not in offered
    value = {"bulk_field": "hours", "hours": str(hours.pk)}
    looked = ask(owner, QUEUES, queues, **value, bulk_look="")
    assert told(looked) == {queue.pk: ("–", hours.name, []) for queue in queues}
    assert not Queue.objects.filter(hours=hours).exists()
    assert ask(owner, QUEUES, queues, **value, bulk_apply="").status_code == 302
    assert set(Queue.objects.filter(hours=hours)) == set(queues)
    assert AuditEntry.objects.filter(verb="queue.change", target_id__in=[str(each.pk) for each in queues]).count() == 2


def test_durations_are_typed_as_on_the_page(queues: list[Queue]) -> None:
    owner = signed_in(user_as("owner"))
    ask(owner, QUEUES, queues, bulk_field="max_wait_seconds", max_wait_seconds="5 min", bulk_apply="")
    assert {each.max_wait_seconds for each in Queue.objects.exclude(is_default=True)} == {300}


def test_what_the_page_refuses_keeps_all_as_they_are(queues: list[Queue]) -> None:
    owner = signed_in(user_as("owner"))
    answer = ask(owner, QUEUES, queues, bulk_field="priority", priority="11", bulk_apply="")
    assert answer.status_code == 200
    assert all(refusals for _now, _then, refusals in told(answer).values())
    assert set(Queue.objects.values_list("priority", flat=True)) == {5}


def test_one_row_that_is_refused_keeps_all_as_they_are(acme: Any) -> None:
    owner, admin = user_as("owner"), signed_in(user_as("administrator"))
    agent = user_as("agent")
    role = Role.objects.get(code="supervisor")
    answer = ask(admin, USERS, [agent, owner], bulk_field="role", role=str(role.pk), bulk_apply="")
    assert told(answer)[owner.pk][2]
    assert told(answer)[agent.pk] == ("Agent", "Supervisor", [])
    agent.refresh_from_db()
    assert agent.role.code == "agent"


def test_nobody_is_given_more_than_ones_own_page_gives(acme: Any) -> None:
    admin, agent = signed_in(user_as("administrator")), user_as("agent")
    owner_role = Role.objects.get(code="owner")
    answer = ask(admin, USERS, [agent], bulk_field="role", role=str(owner_role.pk), bulk_apply="")
    assert told(answer)[agent.pk][2]
    assert User.objects.get(pk=agent.pk).role.code == "agent"


def test_only_named_fields_and_only_for_whom_all_is_in_reach(queues: list[Queue]) -> None:
    owner = signed_in(user_as("owner"))
    answer = ask(owner, QUEUES, queues, bulk_field="name", name="Same", bulk_apply="")
    assert "changes" not in answer.context or answer.context["changes"] == []
    supervisor = signed_in(make_agent(role=Role.objects.get(code="supervisor"), available=False).user)
    ask(supervisor, QUEUES, [default_queue()], bulk_field="priority", priority="1", bulk_apply="")
    assert set(Queue.objects.values_list("priority", flat=True)) == {5}
