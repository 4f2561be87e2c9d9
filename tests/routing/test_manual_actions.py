"""What supervisors and agents do by hand (RTE-9, RTE-11, RTE-12)."""

import pytest

from apps.accounts.models import Role
from apps.agents.models import Capacity
from apps.conversations.choices import State
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.routing.actions import (
    conversation_assign,
    conversation_change_queue,
    conversation_force_close,
    conversation_pick,
    conversation_requeue,
    conversation_set_priority,
)
from apps.routing.models import ChannelRules, Offer, SlotHold
from tests.support import invariants
from tests.support.people import UserFactory, arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(acme):
    return UserFactory(role=Role.objects.get(code="administrator"))


def refused(code: str):
    return pytest.raises(DomainError, match=f"^{code}:")


def test_a_forced_assignment_ignores_slots_and_blocks_new_offers(boss):
    agent = make_agent(chat=1)
    talk(agent)
    waiting = arrive("second")
    conversation_assign(conversation_id=waiting.pk, agent_id=agent.pk, actor=boss)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.agent_id) == (State.ACTIVE, agent.pk)
    capacity = Capacity.objects.get(agent=agent, family="chat")
    assert (capacity.used, capacity.forced, capacity.limit) == (1, 1, 1)
    assert SlotHold.objects.get(conversation=waiting).forced
    assert waiting.timeline.get(kind="assigned").actor_id == boss.pk
    third = arrive("third")
    assert ringing(third) is None


def test_assigning_takes_it_from_whoever_has_it_or_is_offered_it(boss):
    agent, colleague = make_agent(), make_agent(available=False)
    talking, offered = talk(agent), arrive("offered")
    for conversation in (talking, offered):
        conversation_assign(conversation_id=conversation.pk, agent_id=colleague.pk, actor=boss)
        conversation.refresh_from_db()
        assert conversation.agent_id == colleague.pk
    assert Offer.objects.filter(conversation=offered).order_by("created_at").first().state == "withdrawn"
    assert Capacity.objects.get(agent=agent, family="chat").used == 0
    invariants.check_offers()
    invariants.check_segments()
    with refused("assigned_already"):
        conversation_assign(conversation_id=talking.pk, agent_id=colleague.pk, actor=boss)


def test_who_is_not_signed_in_is_not_assigned_anything(boss):
    conversation = arrive()
    agent = make_agent(available=False, queues=[])
    agent.console_id = None
    agent.save()
    with refused("not_available"):
        conversation_assign(conversation_id=conversation.pk, agent_id=agent.pk, actor=boss)
    conversation.refresh_from_db()
    assert conversation.state == State.WAITING


def test_another_queue_keeps_the_first_arrival(boss):
    other = Queue.objects.create(name="Other", priority=2)
    agent = make_agent(queues=[other])
    conversation = arrive()
    conversation_change_queue(conversation_id=conversation.pk, queue=other, actor=boss)
    arrived = conversation.first_arrived_at
    conversation.refresh_from_db()
    assert (conversation.queue_id, conversation.priority, conversation.first_arrived_at) == (other.pk, 2, arrived)
    assert ringing(conversation).agent_id == agent.pk
    invariants.check_all()


def test_requeue_priority_and_force_close(boss):
    agent = make_agent(chat=1)
    talking, waiting = talk(agent), arrive("waits")
    conversation_set_priority(conversation_id=waiting.pk, priority=1, actor=boss)
    conversation_requeue(conversation_id=talking.pk, actor=boss)
    assert ringing(waiting).agent_id == agent.pk
    conversation_force_close(conversation_id=talking.pk, actor=boss)
    talking.refresh_from_db()
    assert (talking.state, talking.end_cause) == (State.CLOSED, "forced")
    with refused("conversation_ended"):
        conversation_requeue(conversation_id=talking.pk, actor=boss)
    invariants.check_all()


def test_supervisors_reach_as_far_as_their_own_queues_and_agents_nowhere(acme):
    supervisor = make_agent(queues=[], available=False, role=Role.objects.get(code="supervisor"))
    agent = make_agent(available=False)
    conversation = arrive()
    for actor in (supervisor.user, agent.user):
        with refused("not_allowed"):
            conversation_force_close(conversation_id=conversation.pk, actor=actor)
    supervisor.memberships.create(queue=default_queue())
    conversation_force_close(conversation_id=conversation.pk, actor=supervisor.user)


def test_picking_is_for_members_with_a_free_slot_where_it_is_allowed(acme):
    agent = make_agent(chat=1, available=False)
    stranger = make_agent(queues=[])
    first, second = arrive("first"), arrive("second")
    with refused("pick_not_allowed"):
        conversation_pick(conversation_id=second.pk, actor=agent.user)
    ChannelRules.objects.filter(family="chat").update(may_pick=True)
    with refused("not_in_queue"):
        conversation_pick(conversation_id=second.pk, actor=stranger.user)
    with refused("not_available"):
        conversation_pick(conversation_id=second.pk, actor=agent.user)
    from apps.agents.actions import agent_status_choose

    agent_status_choose(agent_id=agent.pk, code="available")
    assert ringing(first).agent_id == agent.pk
    with refused("no_free_slot"):
        conversation_pick(conversation_id=second.pk, actor=agent.user)
    Capacity.objects.filter(agent=agent, family="chat").update(limit=2)
    conversation_pick(conversation_id=second.pk, actor=agent.user)
    second.refresh_from_db()
    assert (second.state, second.agent_id) == (State.ACTIVE, agent.pk)
    with refused("not_waiting"):
        conversation_pick(conversation_id=second.pk, actor=agent.user)
    invariants.check_all()
