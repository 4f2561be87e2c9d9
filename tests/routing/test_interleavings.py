"""An arrival and an agent who becomes free at the same time, stopped at every statement while the other runs.

Two changes do not see each other before they commit; whoever commits last must find both (decision 7). Here that is
tried at every point where one can be: before each statement and before each commit.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.agents.actions import agent_console_close, agent_console_open, agent_drain, agent_status_choose
from apps.agents.models import Agent, AgentSkill, Membership, Status
from apps.agents.steps import agent_lock
from apps.conversations.actions import conversation_end
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.routing.actions import conversation_dispatch, offer_accept
from apps.routing.actions.sweep import IN_FLIGHT, sweep_run
from apps.routing.models import Offer
from tests.support import invariants
from tests.support.people import ContactFactory, arrive, make_agent, ringing
from tests.support.transfers import asks, queue, skill

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 400
"""No move takes so many statements."""


class Stopped:
    """A move in a thread of its own that stops at one point.

    Args:
        move: what it does.
        at: the number of the point, from 0; -1 stops nowhere.
        commits: points are before and after each commit; otherwise before each statement and each commit.
    """

    def __init__(self, move: Callable[[], Any], at: int = -1, *, commits: bool = False) -> None:
        self._move, self._at, self._commits, self._seen = move, at, commits, 0
        self._arrived, self._go_on = threading.Event(), threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def reach(self) -> bool:
        """Wait till it stands there. Returns whether it does; False when it was over before."""
        while not self._arrived.wait(0.005):
            if not self._thread.is_alive():
                return self._arrived.is_set()
        return True

    def is_over(self) -> bool:
        """Whether it has come to its end."""
        return not self._thread.is_alive()

    def finish(self) -> None:
        """Let it go on to its end."""
        self._go_on.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        commit = connection.commit

        def commit_later() -> None:
            self._point()
            commit()
            if self._commits:
                self._point()

        try:
            with schema_context("acme"), connection.execute_wrapper(self._each):
                connection.commit = commit_later  # type: ignore[method-assign]
                self._move()
        except DomainError:
            pass
        except BaseException as failure:
            self._failure = failure
        finally:
            connection.commit = commit  # type: ignore[method-assign]
            connection.close()

    def _each(self, execute: Any, *statement: Any) -> Any:
        if not self._commits:
            self._point()
        return execute(*statement)

    def _point(self) -> None:
        self._seen += 1
        if self._seen - 1 == self._at:
            self._arrived.set()
            assert self._go_on.wait(60)


def cross(one: Callable[[], Any], other: Callable[[], Any], *, at: int, commits: bool = False) -> bool:
    """Stop one move at a point, run the other to its end or until it waits for the first one's locks, and go on.

    Returns:
        Whether there is such a point.
    """
    first = Stopped(one, at, commits=commits)
    if not first.reach():
        first.finish()
        return False
    second = Stopped(other)
    until(lambda: second.is_over() or somebody_waits())
    first.finish()
    second.finish()
    return True


def until(condition: Callable[[], Any]) -> None:
    """Wait for something."""
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def somebody_waits() -> int:
    """How many wait for a lock in this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks l JOIN pg_database d ON d.datname = current_database()"
            " WHERE NOT l.granted AND (l.database = d.oid OR l.locktype = 'transactionid')"
        )
        return int(cursor.fetchone()[0])


def everywhere(prepare: Callable[[], tuple[Callable[[], Any], Callable[[], Any]]], check: Callable[[], None]) -> int:
    """Cross two moves at every point of each. Returns how many points there were."""
    points = 0
    for turned in (False, True):
        for at in range(MOST):
            moves = prepare()
            one, other = reversed(moves) if turned else moves
            if not cross(one, other, at=at):
                break
            check()
            points += 1
        else:
            raise AssertionError("it never ended")
    return points


def leave_all() -> None:
    """Everybody is gone, and nothing is left of the round before."""
    for conversation in Conversation.objects.exclude(state__in=[State.WRAP_UP, State.CLOSED]):
        conversation_end(conversation_id=conversation.pk, by="customer", actor=None)


@pytest.mark.slow
@pytest.mark.parametrize("ready", ["chooses Available", "has a slot again"])
def test_an_arrival_and_an_agent_who_becomes_free_always_meet(acme, ready):
    agent, contact = make_agent(chat=1), ContactFactory()

    def prepare():
        leave_all()
        if ready == "chooses Available":
            agent_status_choose(agent_id=agent.pk, code="away")
            return arrival, lambda: agent_status_choose(agent_id=agent.pk, code="available")
        current = arrival()
        offer_accept(offer_id=ringing(current).pk, actor=agent.user)
        return arrival, lambda: conversation_end(conversation_id=current.pk, by="customer", actor=None)

    def arrival():
        return arrive(contact=contact)

    def check():
        assert not Conversation.objects.filter(state=State.WAITING).exists()
        assert Offer.objects.filter(state="ringing", agent=agent.pk).count() == 1

    assert everywhere(prepare, check) > 20
    invariants.check_all()


@pytest.mark.parametrize("ready", ["chooses Available", "has a slot again", "comes back", "stays after all"])
def test_the_sweep_takes_nobody_for_left_behind_who_is_on_the_way(acme, ready):
    """Somebody has waited for minutes when an agent becomes free: nothing is wrong until the offer is made."""
    agent, contact = make_agent(chat=2 if ready == "stays after all" else 1), ContactFactory()
    found = []
    long_ago = timezone.now() - timedelta(minutes=5)

    def prepare():
        leave_all()
        if ready == "chooses Available":
            agent_status_choose(agent_id=agent.pk, code="away")
            frees = partial(agent_status_choose, agent_id=agent.pk, code="available")
        elif ready == "comes back":
            agent.refresh_from_db()
            agent_console_close(agent_id=agent.pk, console_id=agent.console_id)
            frees = partial(agent_console_open, agent_id=agent.pk, console_id=uuid4())
        else:
            current = arrive(contact=contact)
            offer_accept(offer_id=ringing(current).pk, actor=agent.user)
        if ready == "stays after all":
            agent_drain(agent_id=agent.pk)
            frees = partial(agent_status_choose, agent_id=agent.pk, code="available")
        elif ready == "has a slot again":
            frees = partial(conversation_end, conversation_id=current.pk, by="customer", actor=None)
        waiting = arrive(contact=contact)
        Conversation.objects.filter(pk=waiting.pk).update(queued_at=long_ago)
        Agent.objects.filter(pk=agent.pk).update(status_since=long_ago, console_opened_at=long_ago, idle_since=long_ago)
        return frees, lambda: found.append(sweep_run())

    for at in range(MOST):
        if not cross(*prepare(), at=at, commits=True):
            break
        assert Offer.objects.filter(state="ringing", agent=agent.pk).count() == 1
    assert found == [0] * at
    assert at >= 3


def test_the_sweep_still_finds_who_is_left_behind(acme):
    agent = make_agent(available=False)
    waiting = arrive()
    long_ago = timezone.now() - IN_FLIGHT * 2
    # As after a process that died between its commit and the dispatch.
    available = Status.objects.get(code="available")
    Agent.objects.filter(pk=agent.pk).update(
        status=available, base="available", status_since=long_ago, console_opened_at=long_ago, idle_since=long_ago
    )
    Conversation.objects.filter(pk=waiting.pk).update(queued_at=long_ago)
    assert sweep_run() == 1
    assert ringing(waiting).agent_id == agent.pk


def test_two_routers_that_rank_their_agents_differently_never_wait_in_a_circle(acme):
    """Each finds its best agent held by somebody, waits, and then finds that they have gone away."""
    novice, expert = 1, 4
    agents = [make_agent(), make_agent()]
    waiting = []
    for agent_id in (agent.pk for agent in agents):
        agent_status_choose(agent_id=agent_id, code="away")
    for best, topic in zip(agents, ("Billing", "Returns"), strict=True):
        where, what = queue(topic), skill(topic)
        asks(where, what)
        for agent in agents:
            Membership.objects.create(agent=agent, queue=where)
            AgentSkill.objects.create(agent=agent, skill=what, level=expert if agent is best else novice)
        waiting.append(arrive(queue=where))
    Agent.objects.update(status=Status.objects.get(code="available"), base="available")
    routers = []
    with transaction.atomic():
        for agent in agents:
            agent_lock(agent.pk)
        for each in waiting:
            routers.append(Stopped(partial(conversation_dispatch, conversation_id=each.pk)))
            until(lambda: somebody_waits() == len(routers))
        Agent.objects.update(status=Status.objects.get(code="away"), base="away")
    for router in routers:
        router.finish()
    assert not Offer.objects.exists()
