"""Every deadline at its edge: a moment before nothing, then once; moved, cancelled, late, and raced by what cancels it.

The table is in `deadline_cases`; the wrap-up's own deadline is proven with its app.
"""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.core.errors import DomainError
from apps.tenants.actions import tenant_freeze
from apps.timers.actions import FiringResult, wakeup_fire
from apps.timers.models import Outage, Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.clocks.deadline_cases import CASES, MONDAY, Case, World
from tests.support import invariants
from tests.support.clocks import MILLISECOND, at, seconds
from tests.support.databases import fresh_database
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)

every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "_"))
movable = pytest.mark.parametrize("case", [case for case in CASES if case.move], ids=lambda case: case.name)


def due(case: Case, world: World) -> datetime:
    """When it is due."""
    return Wakeup.objects.get(schema=connection.schema_name, kind=case.kind, object_id=world.owner).due_at


def begin(case: Case) -> tuple[World, datetime]:
    """Bring it about, and check that it runs as long as the product says."""
    began = timezone.now()
    world = case.begins()
    due_at = due(case, world)
    if began < MONDAY - timedelta(days=1) and due_at > MONDAY:
        began = MONDAY
    assert timedelta(0) <= due_at - began - seconds(case.after) < seconds(20)
    assert case.happened(world) == 0
    return world, due_at


def fire(case: Case, world: World, due_at: datetime) -> FiringResult:
    """What a worker does with it."""
    return wakeup_fire(schema="acme", kind=case.kind, object_id=world.owner, due_at=due_at)


def run(case: Case, world: World) -> int:
    """What runners and workers do with it at this moment."""
    rows = Wakeup.objects.filter(schema="acme", kind=case.kind, object_id=world.owner, due_at__lte=timezone.now())
    found = list(rows.values_list("due_at", flat=True))
    for due_at in found:
        assert fire(case, world, due_at) == FiringResult.DONE
    return len(found)


def check() -> None:
    """Nothing is broken, and every wake-up fits its column."""
    invariants.check_all()
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []


@every
def test_at_its_edge(acme, case):
    """Not a millisecond before, then once, however many workers have it in hand."""
    world, due_at = begin(case)
    with at(due_at - MILLISECOND):
        assert run(case, world) == 0
        assert case.happened(world) == 0
    with at(due_at):
        assert FiringResult.DONE in race([partial(fire, case, world, due_at)] * 4)
        assert case.happened(world) == 1
        run(case, world)
        assert case.happened(world) == 1
        check()


@every
def test_cancelled_in_the_last_moment(acme, case):
    """And whoever has it in hand already does nothing."""
    world, due_at = begin(case)
    with at(due_at - MILLISECOND):
        case.cancel(world)
        before = case.happened(world)
    with at(due_at):
        assert fire(case, world, due_at) in {FiringResult.DONE, FiringResult.GONE}
        run(case, world)
        assert case.happened(world) == before
        check()


@movable
def test_moved_in_the_last_moment(acme, case):
    """The old time means nothing, the new one acts once."""
    world, due_at = begin(case)
    with at(due_at - MILLISECOND):
        case.move(world)
    with at(due_at):
        fire(case, world, due_at)
        assert case.happened(world) == 0
        moved = due(case, world)
        assert moved > due_at
        check()
    with at(moved - MILLISECOND):
        assert run(case, world) == 0
    with at(moved):
        assert run(case, world) == 1
        assert case.happened(world) == 1
        check()


@every
@pytest.mark.parametrize("frozen", [False, True], ids=["down", "frozen"])
def test_late_after_an_outage(acme, case, frozen):
    """EDG-4, TEN-2: what runs against customers gets the time back in which nothing could fire; the rest fires late."""
    world, due_at = begin(case)
    stopped, back = due_at - seconds(10), due_at + seconds(90)
    with at(stopped):
        tenant_freeze(tenant=acme, frozen=frozen)
    with at(back):
        if frozen:
            assert fire(case, world, due_at) == FiringResult.FROZEN
            assert case.happened(world) == 0
            tenant_freeze(tenant=acme, frozen=False)
        else:
            Outage.objects.create(started_at=stopped, ended_at=back)
        assert run(case, world) == 1
        check()
        if case.outage == "late":
            assert case.happened(world) == 1
            return
        assert case.happened(world) == 0
        later = due(case, world)
        assert later == (due_at + seconds(100) if case.outage == "added" else back + seconds(case.after))
    with at(later - MILLISECOND):
        assert run(case, world) == 0
    with at(later):
        assert run(case, world) == 1
        assert case.happened(world) == 1
        check()


@every
def test_at_the_same_instant_as_what_cancels_it(acme, case):
    """Either it acted or it was cancelled; never both halves, and nothing is left over."""
    outcomes = set()
    for turn in range(4):
        if turn:
            fresh_database("acme")
        world, due_at = begin(case)
        with at(due_at):
            work = [partial(fire, case, world, due_at), partial(case.cancel, world)]
            race(work if turn % 2 else work[::-1])
            run(case, world)
            outcomes.add(case.happened(world))
            check()
    assert outcomes <= {0, 1}


@every
def test_a_wake_up_that_was_lost_or_moved_is_found_and_put_right(acme, case):
    """`timers_reconcile` compares every kind with the columns it stands for."""
    world, due_at = begin(case)
    rows = Wakeup.objects.filter(schema="acme", kind=case.kind, object_id=world.owner)
    for damage in (lambda: rows.delete(), lambda: rows.update(due_at=due_at + seconds(5))):
        damage()
        (found,) = tenant_wakeups_reconcile(schema="acme", repair=True)
        assert (found.kind, found.object_id, found.wanted) == (case.kind, world.owner, due_at)
        check()
        assert rows.get().due_at == due_at


@pytest.mark.parametrize("kind", ["agents.presence", "routing.sweep"])
def test_a_sweep_that_was_lost_is_found_while_it_is_needed(acme, kind):
    begin(next(case for case in CASES if case.name == "preferred window"))
    Wakeup.objects.filter(schema="acme", kind=kind).delete()
    (found,) = tenant_wakeups_reconcile(schema="acme", repair=True)
    assert (found.kind, found.due_at) == (kind, None)
    check()


def test_a_frozen_tenants_deadlines_stay_and_come_up_at_once_when_it_is_thawed(acme, globex):
    """TEN-2: whatever the lease had become; the other tenant's fire all the while."""
    case = CASES[0]
    world, due_at = begin(case)
    tenant_freeze(tenant=acme, frozen=True)
    with at(due_at):
        Wakeup.objects.filter(object_id=world.owner).update(attempts=9, run_after=due_at + seconds(300))
        assert fire(case, world, due_at) == FiringResult.FROZEN
        with schema_context("globex"):
            other, other_due = begin(case)
        with at(other_due):
            fired = wakeup_fire(schema="globex", kind=case.kind, object_id=other.owner, due_at=other_due)
            assert fired == FiringResult.DONE
        tenant_freeze(tenant=acme, frozen=False)
        assert Wakeup.objects.get(object_id=world.owner).run_after == due_at
        with schema_context("globex"):
            assert Outage.objects.filter(schema="globex").count() == 0
    assert Outage.objects.get().schema == "acme"


def test_freezing_twice_is_freezing_once(acme):
    noon = timezone.now()
    for moment, frozen in ((0, True), (10, True), (60, False), (70, False)):
        with at(noon + seconds(moment)):
            tenant_freeze(tenant=acme, frozen=frozen)
    outage = Outage.objects.get()
    assert (outage.schema, outage.started_at, outage.ended_at) == ("acme", noon, noon + seconds(60))


def test_what_cannot_be_cancelled_any_more_is_refused(acme):
    """AGT-7: an offer that has run out is gone, and the agent is told so."""
    case = CASES[0]
    world, due_at = begin(case)
    with at(due_at):
        run(case, world)
        with pytest.raises(DomainError, match="offer_gone"):
            case.cancel(world)
