"""What becomes of those who wait when their queue changes (RTE-8, RTE-13)."""

import pytest

from apps.queues.actions import queue_deactivate, queue_update
from apps.queues.models import Queue, QueueSkill, Skill, SkillGroup
from apps.routing.actions.sweep import stalled_conversations, sweep_run
from apps.routing.models import Requirement
from tests.support import invariants
from tests.support.people import arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_queue_that_is_deactivated_gives_its_waiters_to_another(acme):
    old, new = Queue.objects.create(name="Old"), default_queue()
    clerk = make_agent(queues=[old], chat=1)
    offered, waiting = arrive("offered", queue=old), arrive("waiting", queue=old)
    assert ringing(offered).agent_id == clerk.pk
    queue_deactivate(queue=old, move_to=new, actor=None)
    for conversation in (offered, waiting):
        conversation.refresh_from_db()
        assert (conversation.queue_id, conversation.state) == (new.pk, "waiting")
    agent = make_agent(queues=[new])
    assert ringing(offered).agent_id == agent.pk
    invariants.check_all()


def test_a_queue_that_is_drained_serves_those_who_wait(acme):
    old = Queue.objects.create(name="Old")
    clerk = make_agent(queues=[old], chat=1)
    first = talk(clerk, body="first", queue=old)
    waiting = arrive("waiting", queue=old)
    queue_deactivate(queue=old, move_to=None, drain=True, actor=None)
    from apps.conversations.actions import conversation_end

    conversation_end(conversation_id=first.pk, by="customer", actor=None)
    assert ringing(waiting).agent_id == clerk.pk


def test_a_skill_that_a_queue_no_longer_asks_for_is_no_longer_required(acme):
    billing = Skill.objects.create(group=SkillGroup.objects.create(name="G"), name="Billing")
    QueueSkill.objects.create(queue=default_queue(), skill=billing)
    agent = make_agent()
    conversation = arrive()
    assert ringing(conversation) is None
    queue_update(queue=default_queue(), actor=None, skills={})
    assert not Requirement.objects.exists()
    assert ringing(conversation).agent_id == agent.pk


def test_the_sweep_finds_who_stands_behind_somebody_unservable(acme):
    billing = Skill.objects.create(group=SkillGroup.objects.create(name="G"), name="Billing")
    unservable, servable = arrive("first"), arrive("second")
    Requirement.objects.create(conversation=unservable, skill=billing, source="agent")
    agent = make_agent(available=False)
    from datetime import timedelta

    from apps.agents.models import Agent, Status
    from apps.conversations.models import Conversation

    # As a crash between the commit and its dispatch would leave it: Available, and nobody told routing.
    before = servable.queued_at - timedelta(seconds=10)
    Agent.objects.filter(pk=agent.pk).update(base="available", status=Status.objects.get(code="available"))
    Agent.objects.update(status_since=before, console_opened_at=before, idle_since=before)
    Conversation.objects.update(queued_at=before)
    assert [conversation.pk for conversation in stalled_conversations()] == [servable.pk]
    assert sweep_run() == 1
    assert ringing(servable).agent_id == agent.pk
    assert sweep_run() == 0
