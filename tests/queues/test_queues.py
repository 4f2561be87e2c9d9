"""Queues: what they may be, and what is said when they change (RTE-2, RTE-13)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from apps.core import events
from apps.core.errors import DomainError
from apps.queues import selectors
from apps.queues.actions import (
    hours_create,
    queue_activate,
    queue_close_now,
    queue_create,
    queue_deactivate,
    queue_delete,
    queue_make_default,
    queue_reopen,
    queue_update,
    skill_create,
)
from apps.queues.choices import Strategy
from apps.queues.events import QueueChanged, QueueClosing, QueueDeactivating
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAYS_30 = 30 * 24 * 60 * 60


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Every event of queues that was announced."""
    told: list[Any] = []
    for kind in (QueueChanged, QueueClosing, QueueDeactivating):
        monkeypatch.setitem(events._handlers, kind, [*events._handlers[kind], told.append])
    return told


@pytest.fixture
def sales(acme: Any) -> Queue:
    return queue_create(name="Sales", actor=None)


def french() -> Skill:
    return skill_create(group=SkillGroup.objects.get(), name="French", language="fr")


def general() -> Queue:
    return Queue.objects.get(is_default=True)


def test_a_new_queue(sales: Queue) -> None:
    stored = Queue.objects.get(pk=sales.pk)
    values = {name: getattr(stored, name) for name in ("strategy", "priority", "max_wait_seconds", "preferred_seconds")}
    assert values == {
        "strategy": Strategy.BEST_SKILL,
        "priority": 5,
        "max_wait_seconds": 600,
        "preferred_seconds": 0,
    }
    assert (stored.service_level_seconds, stored.service_level_percent) == (20, 80)
    assert (stored.last_agent_first, stored.limits_transfers, stored.closed_at) == (False, False, None)
    assert stored.hours is None
    assert selectors.is_accepting(stored, NOW)


def test_an_update_writes_what_it_names_and_tells(sales: Queue, heard: list[Any]) -> None:
    skill, other = french(), general()
    queue_update(queue=sales, fields={"priority": 1}, skills={skill.pk: 90}, transfer_to=[other], actor=None)
    assert heard == [QueueChanged(sales, None)]
    queue_update(queue=sales, fields={"description": "Buyers"}, actor=None)
    sales.refresh_from_db()
    assert (sales.priority, sales.description) == (1, "Buyers")
    assert list(sales.skills.values_list("skill", "expires_after_seconds")) == [(skill.pk, 90)]
    assert list(sales.transfer_to.all()) == [other]
    assert not other.transfer_to.exists()
    queue_update(queue=sales, skills={skill.pk: None}, transfer_to=[], actor=None)
    assert sales.skills.get().expires_after_seconds is None
    assert not sales.transfer_to.exists()
    queue_update(queue=sales, skills={}, actor=None)
    assert not sales.skills.exists()


def test_an_update_does_not_touch_what_an_action_of_its_own_changes(sales: Queue) -> None:
    for name in ("is_active", "is_default", "closed_at"):
        with pytest.raises(ValueError, match="not editable"):
            queue_update(queue=sales, fields={name: None}, actor=None)


BAD = [
    ("priority", 0),
    ("priority", 11),
    ("max_wait_seconds", 9),
    ("max_wait_seconds", DAYS_30 + 1),
    ("preferred_seconds", DAYS_30 + 1),
    ("service_level_seconds", 0),
    ("service_level_seconds", DAYS_30 + 1),
    ("service_level_percent", 0),
    ("service_level_percent", 101),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_values_out_of_range_are_refused_by_the_action_and_by_the_database(sales: Queue, name: str, value: int) -> None:
    with pytest.raises(ValidationError):
        queue_update(queue=sales, fields={name: value}, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.filter(pk=sales.pk).update(**{name: value})


ENDS = {
    "priority": (1, 10),
    "max_wait_seconds": (10, DAYS_30),
    "preferred_seconds": (0, DAYS_30),
    "service_level_seconds": (1, DAYS_30),
    "service_level_percent": (1, 100),
}


@pytest.mark.parametrize(("name", "value"), [(name, end) for name, ends in ENDS.items() for end in ends])
def test_the_ends_of_a_range_are_within_it(sales: Queue, name: str, value: int) -> None:
    queue_update(queue=sales, fields={name: value}, actor=None)
    assert getattr(Queue.objects.get(pk=sales.pk), name) == value


def test_required_skills_have_a_range_too(sales: Queue) -> None:
    skill = french()
    for after in (0, DAYS_30 + 1):
        with pytest.raises(ValidationError):
            queue_update(queue=sales, skills={skill.pk: after}, actor=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            QueueSkill.objects.create(queue=sales, skill=skill, expires_after_seconds=after)
    QueueSkill.objects.create(queue=sales, skill=skill)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueSkill.objects.create(queue=sales, skill=skill)


class TestClosedByHand:
    def test_takes_nobody_until_it_is_opened_again(self, sales: Queue, heard: list[Any]) -> None:
        queue_close_now(queue=sales, message="Back tomorrow.", actor=None)
        closed = Queue.objects.get(pk=sales.pk)
        assert closed.closing_message == "Back tomorrow."
        assert not selectors.is_accepting(closed, NOW)
        again = queue_close_now(queue=sales, actor=None)
        assert (again.closed_at, again.closing_message) == (closed.closed_at, "Back tomorrow.")
        opened = queue_reopen(queue=sales, actor=None)
        assert opened.closed_at is None
        assert selectors.is_accepting(Queue.objects.get(pk=sales.pk), NOW)
        assert heard == [QueueChanged(sales, None)] * 3

    def test_the_default_queue_can_be_closed(self, acme: Any) -> None:
        assert queue_close_now(queue=general(), actor=None).closed_at is not None

    def test_it_is_closed_outside_its_hours(self, sales: Queue) -> None:
        hours = hours_create(name="Nights", time_zone="UTC", week={0: [(0, 60)]}, actor=None)
        queue_update(queue=sales, fields={"hours": hours}, actor=None)
        sales.refresh_from_db()
        assert not selectors.is_accepting(sales, NOW)
        assert selectors.is_accepting(sales, NOW.replace(hour=0))


class TestDeactivating:
    def test_says_where_those_who_wait_go(self, sales: Queue, heard: list[Any]) -> None:
        queue_deactivate(queue=sales, move_to=general(), actor=None)
        assert heard == [QueueDeactivating(sales, general(), None), QueueChanged(sales, None)]
        assert not Queue.objects.get(pk=sales.pk).is_active
        assert not selectors.is_accepting(Queue.objects.get(pk=sales.pk), NOW)

    def test_says_that_those_who_wait_are_served(self, sales: Queue, heard: list[Any]) -> None:
        queue_deactivate(queue=sales, drain=True, actor=None)
        assert heard == [QueueDeactivating(sales, None, None), QueueChanged(sales, None)]

    def test_asks_whether_anybody_waits(self, sales: Queue, heard: list[Any]) -> None:
        queue_deactivate(queue=sales, actor=None)
        assert heard == [QueueClosing(sales), QueueChanged(sales, None)]

    def test_is_refused_by_whoever_knows_of_somebody_who_waits(
        self, sales: Queue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_event: QueueClosing) -> None:
            raise DomainError("queue_has_waiters", "Somebody waits.")

        monkeypatch.setitem(events._handlers, QueueClosing, [refuse])
        with pytest.raises(DomainError, match="queue_has_waiters"):
            queue_deactivate(queue=sales, actor=None)
        assert Queue.objects.get(pk=sales.pk).is_active

    def test_not_the_default(self, acme: Any, heard: list[Any]) -> None:
        with pytest.raises(DomainError, match="queue_is_default"):
            queue_deactivate(queue=general(), drain=True, actor=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Queue.objects.filter(is_default=True).update(is_active=False)
        assert heard == []

    def test_not_to_itself_nor_to_one_that_is_inactive(self, sales: Queue) -> None:
        other = queue_create(name="Other", actor=None)
        queue_deactivate(queue=other, drain=True, actor=None)
        for unfit in (sales, other):
            with pytest.raises(DomainError, match="queue_move_unfit"):
                queue_deactivate(queue=sales, move_to=unfit, actor=None)
        with pytest.raises(ValueError, match="either"):
            queue_deactivate(queue=sales, move_to=general(), drain=True, actor=None)

    def test_twice_is_once_and_activating_undoes_it(self, sales: Queue, heard: list[Any]) -> None:
        queue_deactivate(queue=sales, drain=True, actor=None)
        queue_deactivate(queue=sales, drain=True, actor=None)
        assert len(heard) == 2
        queue_activate(queue=sales, actor=None)
        assert Queue.objects.get(pk=sales.pk).is_active


def test_there_is_one_default(sales: Queue) -> None:
    before = general()
    queue_make_default(queue=sales, actor=None)
    queue_make_default(queue=sales, actor=None)
    assert general() == sales
    queue_deactivate(queue=before, drain=True, actor=None)
    with pytest.raises(DomainError, match="queue_inactive"):
        queue_make_default(queue=before, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Queue.objects.create(name="Second", is_default=True)


def test_deleting(sales: Queue) -> None:
    queue_delete(queue=sales, actor=None)
    assert not Queue.objects.filter(pk=sales.pk).exists()
    with pytest.raises(DomainError, match="gone"):
        queue_delete(queue=sales, actor=None)
    with pytest.raises(DomainError, match="queue_is_default"):
        queue_delete(queue=general(), actor=None)


def test_one_tenant_s_queues_are_not_the_other_s(sales: Queue, globex: Any) -> None:
    with tenant_context(globex):
        assert list(Queue.objects.values_list("name", flat=True)) == ["General"]
        with pytest.raises(DomainError, match="gone"):
            queue_close_now(queue=sales, actor=None)
        queue_close_now(queue=general(), actor=None)
    assert general().closed_at is None
