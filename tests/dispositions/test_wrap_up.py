"""Timed wrap-up, drafts, the sets of queues and groups (WRP-3 to WRP-7, EDG-6, EDG-8)."""

import threading
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from apps.agents.models import AgentGroup, Capacity
from apps.conversations.choices import EndCause, Side, State
from apps.conversations.models import Conversation, ConversationEvent
from apps.core.errors import DomainError
from apps.dispositions.actions import (
    CodeChoice,
    code_delete,
    code_save,
    code_set_save,
    wrap_up_close,
    wrap_up_draft,
    wrap_up_expire,
)
from apps.dispositions.models import Choice, Code, CodeSet, Outcome, SetEntry
from apps.dispositions.selectors import sets_for
from apps.queues.choices import AcwMode
from apps.queues.models import Queue
from apps.routing.actions import conversation_force_close
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from apps.timers.reconciliation import tenant_wakeups_reconcile
from tests.support import invariants
from tests.support.browser import user_as
from tests.support.dispositions import end, resolution
from tests.support.people import arrive, default_queue, make_agent, ringing, talk
from tests.support.race import race

pytestmark = pytest.mark.django_db(transaction=True)


def timed(seconds: int = 30, queue: Queue | None = None) -> Queue:
    queue = queue or default_queue()
    queue.acw_mode, queue.acw_seconds = AcwMode.TIMED, seconds
    queue.save(update_fields=["acw_mode", "acw_seconds"])
    return queue


def used(agent: Any) -> int:
    return Capacity.objects.get(agent=agent, family="chat").used


def topic(code: str = "Delivery", *, required: bool = False) -> CodeChoice:
    code_set = CodeSet.objects.create(name="Topic", is_required=required, position=3)
    made = Code.objects.create(name=code)
    SetEntry.objects.create(code_set=code_set, code=made)
    return CodeChoice(code_set.pk, made.pk)


def expire(conversation: Conversation) -> str:
    """What the runner of timers does when the time has come."""
    due_at = conversation.wrap_up_due_at
    assert due_at is not None
    with time_machine.travel(due_at, tick=False):
        return str(wakeup_fire(schema="acme", kind="conversations.wrap_up", object_id=conversation.pk, due_at=due_at))


def test_a_timed_wrap_up_keeps_its_slot_until_close(acme: Any) -> None:
    """WRP-3, EDG-6: the next one rings after the slot is free, not before."""
    timed(45)
    agent = make_agent(chat=1)
    talking = talk(agent)
    waiting = arrive("next")
    end(talking)
    assert talking.wrap_up_due_at is not None
    assert talking.ended_at is not None
    assert (talking.state, talking.wrap_up_seconds) == (State.WRAP_UP, 45)
    assert talking.wrap_up_due_at - talking.ended_at == timedelta(seconds=45)
    assert talking.wrap_up_from == talking.ended_at
    assert (used(agent), ringing(waiting)) == (1, None)
    invariants.check_all()
    wrap_up_close(conversation_id=talking.pk, chosen=[resolution()], description="", actor=agent.user)
    offer = ringing(waiting)
    assert offer is not None
    assert (offer.agent_id, used(agent)) == (agent.pk, 1)
    assert not Wakeup.objects.filter(kind="conversations.wrap_up").exists()
    invariants.check_all()


def test_the_clock_closes_it_frees_the_slot_and_tells_the_agent(acme: Any) -> None:
    """WRP-3: every empty set gets the system's code."""
    timed()
    topic()
    agent = make_agent(chat=1)
    talking = talk(agent)
    waiting = arrive("next")
    end(talking)
    assert expire(talking) == "done"
    talking.refresh_from_db()
    assert talking.state == State.CLOSED
    assert set(talking.dispositions.values_list("set_name", "code_name", "chosen_by")) == {
        ("Resolution", "System", None),
        ("Topic", "System", None),
    }
    name = talking.contact.display_name
    notice = agent.notices.get()
    assert notice.text == f"The time to wrap up {name} is over. It was closed for you."
    assert notice.about == talking.pk
    closed = ConversationEvent.objects.get(conversation=talking, kind="closed")
    assert (closed.side, closed.data) == ("system", {"expired": True})
    assert ringing(waiting) is not None
    invariants.check_all()


def test_what_was_begun_is_kept_when_the_clock_fires(acme: Any) -> None:
    """WRP-3, WRP-6: the codes chosen so far and the description."""
    timed()
    extra = topic()
    agent = make_agent()
    talking = end(talk(agent))
    wrap_up_draft(conversation_id=talking.pk, chosen=[extra], description=" Calls back ", actor=agent.user)
    wrap_up_draft(
        conversation_id=talking.pk,
        chosen=[extra, CodeChoice(uuid4(), uuid4()), CodeChoice(resolution().code_set, extra.code)],
        description="Calls back on Monday",
        actor=agent.user,
    )
    assert Outcome.objects.get().draft == {str(extra.code_set): str(extra.code)}
    expire(talking)
    outcome = Outcome.objects.get(conversation=talking)
    assert (outcome.description, outcome.draft) == ("Calls back on Monday", {})
    assert set(talking.dispositions.values_list("set_name", "code_name", "chosen_by")) == {
        ("Resolution", "System", None),
        ("Topic", "Delivery", agent.pk),
    }


def test_a_code_that_was_switched_off_meanwhile_is_not_kept(acme: Any) -> None:
    timed()
    agent = make_agent()
    talking = end(talk(agent))
    wrap_up_draft(conversation_id=talking.pk, chosen=[resolution()], description="", actor=agent.user)
    Code.objects.filter(name="Resolved").update(is_enabled=False)
    expire(talking)
    assert talking.dispositions.get().code_name == "System"


def test_a_draft_is_for_the_agent_and_for_a_wrap_up(acme: Any) -> None:
    agent, other = make_agent(), make_agent(available=False)
    talking = talk(agent)

    def refused(actor: Any) -> str:
        with pytest.raises(DomainError) as refusal:
            wrap_up_draft(conversation_id=talking.pk, chosen=[], description="", actor=actor)
        return str(refusal.value.message)

    assert refused(agent.user) == "End the conversation first."
    end(talking)
    assert refused(other.user) == "This conversation is not with you."
    wrap_up_close(conversation_id=talking.pk, chosen=[resolution()], description="", actor=agent.user)
    assert refused(agent.user) == "This conversation was closed meanwhile."


def test_a_queue_without_after_call_work_leaves_nothing(acme: Any) -> None:
    """WRP-4."""
    Queue.objects.update(acw_mode=AcwMode.OFF)
    agent = make_agent(chat=1)
    talking = talk(agent)
    waiting = arrive()
    end(talking, by=Side.AGENT, actor=agent.user)
    assert (talking.state, talking.wrap_up_due_at, used(agent)) == (State.CLOSED, None, 1)
    assert ringing(waiting) is not None
    assert not Outcome.objects.exists()
    invariants.check_all()


@pytest.mark.parametrize("cause", ["force", "inactivity"])
def test_every_end_is_the_same_end(acme: Any, cause: str) -> None:
    """WRP-1, EDG-8: with the cause recorded."""
    timed()
    agent = make_agent()
    talking = talk(agent)
    if cause == "force":
        conversation_force_close(conversation_id=talking.pk, actor=user_as("administrator"))
        talking.refresh_from_db()
    else:
        end(talking, by=Side.SYSTEM, cause=EndCause.INACTIVITY)
    expected = EndCause.FORCED if cause == "force" else EndCause.INACTIVITY
    assert (talking.state, talking.end_cause, talking.wrap_up_seconds) == (State.WRAP_UP, expected, 30)
    invariants.check_all()


def test_the_mode_of_the_moment_of_the_end_applies(acme: Any) -> None:
    """WRP-5: what is changed later is for later ends."""
    queue = timed(60)
    agent = make_agent()
    first, second = talk(agent), talk(agent)
    end(first)
    queue.acw_mode = AcwMode.IMMEDIATE
    queue.save(update_fields=["acw_mode"])
    end(second)
    assert (first.wrap_up_seconds, second.wrap_up_seconds, used(agent)) == (60, None, 1)
    invariants.check_all()


@pytest.mark.parametrize(("seconds", "fine"), [(9, False), (10, True), (900, True), (901, False)])
def test_a_timer_is_of_10_seconds_to_15_minutes(acme: Any, seconds: int, fine: bool) -> None:
    """WRP-3."""
    from django.core.exceptions import ValidationError

    from apps.queues.actions import queue_update

    fields = {"acw_mode": AcwMode.TIMED, "acw_seconds": seconds}
    if fine:
        assert queue_update(queue=default_queue(), fields=fields, actor=None).acw_seconds == seconds
    else:
        with pytest.raises(ValidationError):
            queue_update(queue=default_queue(), fields=fields, actor=None)


@pytest.mark.slow
def test_close_and_the_clock_at_the_same_instant_have_one_outcome_500_times(acme: Any) -> None:
    """WRP-3."""
    timed()
    agent = make_agent()
    chosen = resolution()
    outcomes = set()
    conversation = end(talk(agent))
    rows = [conversation]
    fixed = {
        field.attname: getattr(conversation, field.attname)
        for field in Conversation._meta.concrete_fields
        if field.attname not in {"id", "start_key"}
    }
    rows += Conversation.objects.bulk_create([Conversation(**fixed) for _ in range(499)])
    due_at = conversation.wrap_up_due_at
    assert due_at is not None

    gate = threading.Barrier(2)

    def close_all() -> None:
        for row in rows:
            gate.wait(30)
            wrap_up_close(conversation_id=row.pk, chosen=[chosen], description="", actor=agent.user)

    def expire_all() -> None:
        for row in rows:
            gate.wait(30)
            wrap_up_expire(conversation_id=row.pk, due_at=due_at)

    race([close_all, expire_all])
    for row in Conversation.objects.filter(pk__in=[row.pk for row in rows]).prefetch_related("dispositions"):
        (choice,) = row.dispositions.all()
        outcomes.add(choice.code_name)
        assert row.state == State.CLOSED
        assert (choice.code_name == "System") == (choice.chosen_by_id is None)
    assert ConversationEvent.objects.filter(kind="closed").count() == 500
    assert outcomes == {"System", "Resolved"}
    assert used(agent) == 0


def test_a_deadline_that_comes_late_closes_as_one_in_time(acme: Any) -> None:
    """After an outage."""
    timed()
    talking = end(talk(make_agent()))
    due_at = talking.wrap_up_due_at
    assert due_at is not None
    with time_machine.travel(due_at + timedelta(hours=5), tick=False):
        fired = wakeup_fire(schema="acme", kind="conversations.wrap_up", object_id=talking.pk, due_at=due_at)
    assert fired == "done"
    talking.refresh_from_db()
    assert talking.state == State.CLOSED
    invariants.check_all()


def test_a_wake_up_that_was_lost_is_found_again(acme: Any) -> None:
    end(talk(make_agent()))
    assert tenant_wakeups_reconcile(schema="acme", repair=True) == []
    Wakeup.objects.filter(kind="conversations.wrap_up").delete()
    (difference,) = tenant_wakeups_reconcile(schema="acme", repair=True)
    assert (difference.kind, difference.due_at) == ("conversations.wrap_up", None)
    assert tenant_wakeups_reconcile(schema="acme", repair=False) == []


# --- Which sets are shown


def test_sets_are_of_queues_and_of_agent_groups(acme: Any) -> None:
    """WRP-6: those of the conversation's queue, those of its agent's group, and those for all, in their order."""
    agent = make_agent()
    elsewhere, night = Queue.objects.create(name="Elsewhere"), AgentGroup.objects.create(name="Night")
    sets = {
        "of the queue": ([default_queue()], []),
        "of another queue": ([elsewhere], []),
        "of the group": ([], [agent.group]),
        "of another group": ([], [night]),
        "of another queue, of the group": ([elsewhere], [agent.group]),
        "for all": ([], []),
    }
    for place, (name, (queues, groups)) in enumerate(sets.items(), start=1):
        code_set_save(code_set=CodeSet(name=name, position=place), queues=queues, groups=groups)
    CodeSet.objects.create(name="Switched off", is_enabled=False)
    conversation = talk(agent)
    shown = [each.code_set.name for each in sets_for(conversation)]
    assert shown == ["Resolution", "of the queue", "of the group", "of another queue, of the group", "for all"]


def test_a_code_in_use_is_disabled_not_deleted_and_what_was_chosen_keeps_its_name(acme: Any) -> None:
    """WRP-7."""
    agent = make_agent()
    talking = end(talk(agent))
    wrap_up_close(conversation_id=talking.pk, chosen=[resolution()], description="", actor=agent.user)
    code = Code.objects.get(name="Resolved")
    with pytest.raises(DomainError, match="code_in_use"):
        code_delete(code=code)
    code.name, code.is_enabled = "Done", False
    code_save(code=code)
    choice = Choice.objects.get()
    assert (choice.code_name, choice.code_id) == ("Resolved", code.pk)
    assert code.pk not in {each.pk for offered in sets_for(talking) for each in offered.codes}
    assert SetEntry.objects.filter(code=code).exists()
