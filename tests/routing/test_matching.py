"""Who is asked first, and who at all (RTE-1, RTE-2, RTE-6, RTE-10)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.agents.models import Agent, AgentSkill, Capacity, Membership
from apps.conversations.actions import conversation_end
from apps.queues.models import QueueSkill, Skill, SkillGroup
from apps.routing.actions import conversation_dispatch
from apps.routing.models import Offer, Requirement
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, ringing, talk

pytestmark = pytest.mark.django_db(transaction=True)


def skill(name: str, language: str = "") -> Skill:
    group = SkillGroup.objects.get_or_create(name="Tests")[0]
    return Skill.objects.create(group=group, name=name, language=language)


def holds(agent: Agent, wanted: Skill, level: int = 2) -> None:
    AgentSkill.objects.create(agent=agent, skill=wanted, level=level)


def asks(wanted: Skill, expires: int | None = None) -> None:
    QueueSkill.objects.create(queue=default_queue(), skill=wanted, expires_after_seconds=expires)


def use(strategy: str, **fields: object) -> None:
    queue = default_queue()
    for name, value in {"strategy": strategy, **fields}.items():
        setattr(queue, name, value)
    queue.save()


def fire_wait() -> None:
    wakeup = Wakeup.objects.get(kind="routing.wait")
    with time_machine.travel(wakeup.due_at, tick=False):
        assert wakeup_fire(schema="acme", kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at) == "done"


def test_best_skill_takes_the_highest_mean_proficiency(acme):
    use("best_skill")
    billing, refunds = skill("Billing"), skill("Refunds")
    asks(billing)
    asks(refunds)
    middling, best, partial = make_agent(), make_agent(), make_agent()
    for agent, levels in ((middling, (3, 3)), (best, (4, 3))):
        holds(agent, billing, levels[0])
        holds(agent, refunds, levels[1])
    holds(partial, billing, 4)
    assert ringing(arrive()).agent_id == best.pk


def test_best_skill_between_equals_takes_fewest_used_slots_then_longest_idle(acme):
    use("best_skill")
    first, second = make_agent(), make_agent()
    assert ringing(arrive()).agent_id == first.pk
    assert ringing(arrive()).agent_id == second.pk
    Agent.objects.filter(pk=second.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    assert ringing(arrive()).agent_id == second.pk


def test_longest_idle_does_not_look_at_load(acme):
    use("longest_idle")
    busy, fresh = make_agent(), make_agent()
    Capacity.objects.filter(agent=busy, family="email").update(used=4)
    Agent.objects.filter(pk=busy.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    assert ringing(arrive()).agent_id == busy.pk
    assert fresh.base == "available"


def test_fewest_active_looks_at_load(acme):
    use("fewest_active")
    busy, fresh = make_agent(), make_agent()
    Capacity.objects.filter(agent=busy, family="email").update(used=4)
    Agent.objects.filter(pk=busy.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    assert ringing(arrive()).agent_id == fresh.pk


def test_round_robin_takes_turns_whoever_has_been_idle(acme):
    use("round_robin")
    agents = [make_agent() for _ in range(3)]
    turns = []
    for number in range(6):
        conversation = arrive(str(number))
        turns.append(ringing(conversation).agent_id)
        conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert turns == [agent.pk for agent in agents] * 2


def test_a_skill_stops_being_required_when_it_expires(acme):
    billing = skill("Billing")
    asks(billing, expires=60)
    agent = make_agent()
    conversation = arrive()
    assert ringing(conversation) is None
    fire_wait()
    assert ringing(conversation).agent_id == agent.pk


def test_the_customers_language_is_a_skill_where_the_tenant_has_it(acme):
    spanish = skill("Spanish", "es")
    english_only, both = make_agent(), make_agent()
    holds(both, spanish)
    Agent.objects.filter(pk=english_only.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    assert ringing(arrive(contact=ContactFactory(language="es-MX"))).agent_id == both.pk
    assert ringing(arrive(contact=ContactFactory(language="fr"))).agent_id == english_only.pk


def test_preferred_agents_alone_are_asked_within_the_window_whatever_their_skills(acme):
    use("best_skill", preferred_seconds=45)
    billing = skill("Billing")
    asks(billing)
    preferred, skilled = make_agent(chat=1), make_agent()
    holds(skilled, billing, 4)
    Membership.objects.filter(agent=preferred).update(is_preferred=True)
    first = arrive("first")
    assert ringing(first).agent_id == preferred.pk
    second = arrive("second")
    assert ringing(second) is None
    conversation_end(conversation_id=first.pk, by="customer", actor=None)
    assert ringing(second).agent_id == preferred.pk


def test_after_the_window_everybody_is_asked(acme):
    use("best_skill", preferred_seconds=45)
    preferred, other = make_agent(available=False), make_agent()
    Membership.objects.filter(agent=preferred).update(is_preferred=True)
    conversation = arrive()
    assert ringing(conversation) is None
    fire_wait()
    assert ringing(conversation).agent_id == other.pk


def test_a_window_without_anybody_preferred_is_none(acme):
    use("best_skill", preferred_seconds=45)
    agent = make_agent()
    assert ringing(arrive()).agent_id == agent.pk


def test_the_last_agent_comes_first_where_the_queue_wants_it(acme):
    use("longest_idle", last_agent_first=True)
    contact = ContactFactory()
    agent = make_agent()
    before = talk(agent, contact=contact)
    conversation_end(conversation_id=before.pk, by="customer", actor=None)
    other = make_agent()
    Agent.objects.filter(pk=other.pk).update(idle_since=timezone.now() - timedelta(hours=1))
    assert ringing(arrive(contact=contact)).agent_id == agent.pk
    assert ringing(arrive()).agent_id == other.pk


def test_a_freed_slot_passes_over_who_this_agent_cannot_serve(acme):
    """RTE-7: nobody is overtaken by somebody of the same rank whom the same agent could serve."""
    billing = skill("Billing")
    agent = make_agent(chat=1)
    current = talk(agent)
    unservable, servable = arrive("needs billing"), arrive("needs nothing")
    Requirement.objects.create(conversation=unservable, skill=billing, source="agent")
    conversation_end(conversation_id=current.pk, by="customer", actor=None)
    assert ringing(unservable) is None
    assert ringing(servable).agent_id == agent.pk


def test_every_offer_explains_itself(acme):
    """RTE-10: who was considered, what matched, who was passed over and why."""
    billing = skill("Billing")
    asks(billing)
    chosen, weaker, lacking, away, full = (make_agent(chat=1) for _ in range(5))
    for agent, level in ((chosen, 4), (weaker, 2), (away, 4), (full, 4)):
        holds(agent, billing, level)
    Capacity.objects.filter(agent=full, family="chat").update(used=1)
    from apps.agents.actions import agent_status_choose

    agent_status_choose(agent_id=away.pk, code="busy")
    offer = ringing(arrive())
    story = offer.explanation
    assert (story["agent"], story["strategy"], story["counted"]) == (str(chosen.pk), "best_skill", 5)
    assert story["skills"] == [str(billing.pk)]
    assert story["considered"] == [str(weaker.pk)]
    assert dict(story["passed_over"]) == {
        str(lacking.pk): "lacks a skill",
        str(away.pk): "status: Busy",
        str(full.pk): "no free slot",
    }


def test_dispatching_what_no_longer_waits_does_nothing(acme):
    make_agent()
    conversation = arrive()
    assert conversation_dispatch(conversation_id=conversation.pk) is None
    assert Offer.objects.count() == 1


def test_the_explanation_can_be_printed(acme, capsys):
    from django.core.management import CommandError, call_command

    billing = skill("Billing")
    asks(billing)
    chosen, lacking = make_agent(), make_agent()
    holds(chosen, billing, 4)
    conversation = arrive()
    call_command("routing_explain", str(conversation.pk), "--tenant", "acme")
    printed = capsys.readouterr().out
    assert f"{chosen.user.full_name}: Ringing" in printed
    assert "strategy best_skill, 2 in the queue" in printed
    assert "skills   Billing" in printed
    assert f"{lacking.user.full_name}: lacks a skill" in printed
    with pytest.raises(CommandError):
        call_command("routing_explain", str(conversation.pk), "--tenant", "globex")
