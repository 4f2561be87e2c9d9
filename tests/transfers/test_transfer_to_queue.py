"""A transfer to a queue (XFR-1 to XFR-3, XFR-6, RTE-7, WRP-5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.accounts.models import Role
from apps.agents.models import Membership
from apps.conversations.actions import conversation_end
from apps.conversations.choices import State
from apps.conversations.models import Conversation, Segment
from apps.dispositions.models import CodeSet
from apps.dispositions.selectors import sets_for
from apps.queues.models import HoursProfile
from apps.routing.actions import offer_accept, wait_expire
from apps.routing.models import Requirement, Wait
from apps.transfers.actions import transfer_to_agent, transfer_to_queue
from apps.transfers.models import Recent, Transfer
from apps.transfers.selectors import stages_of
from tests.support import invariants
from tests.support.people import arrive, default_queue, make_agent, ringing, talk
from tests.support.transfers import (
    asked_for,
    asks,
    colleague,
    hops_of,
    queue,
    refused,
    rings,
    say,
    settings,
    skill,
    used,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tenant(acme):
    yield
    invariants.check_all()


def send(conversation, sender, where, **more):
    return transfer_to_queue(conversation_id=conversation.pk, queue_id=where.pk, actor=sender.user, **more)


def test_it_waits_there_with_its_first_arrival_and_the_sender_is_free():
    """XFR-3, RTE-7: no wrap-up owed, the slot free, the queue's own priority."""
    sender, sales = make_agent(), queue(priority=2)
    mine = talk(sender)
    arrived = mine.first_arrived_at
    send(mine, sender, sales, note="Asks for an offer")
    mine.refresh_from_db()
    assert (mine.state, mine.agent_id, mine.queue_id) == (State.WAITING, None, sales.pk)
    assert (mine.first_arrived_at, mine.priority, mine.returned) == (arrived, 2, False)
    assert mine.queue_entered_at == mine.queued_at > arrived
    assert used(sender) == [0]
    last = Segment.objects.filter(conversation=mine).order_by("started_at").last()
    assert (last.kind, last.queue_id, last.ended_at) == ("queue", sales.pk, None)
    assert mine.messages.order_by("-number").first().kind == "passed_on"
    assert Wait.objects.get(pk=mine.pk).max_wait_at == mine.queue_entered_at + timedelta(minutes=10)
    (stage,) = stages_of(mine)
    assert stage.hop is not None
    assert (stage.agent, stage.queue, stage.hop.to_queue) == (sender.user, default_queue(), sales)
    assert (stage.hop.destination, stage.hop.note) == ("Sales", "Asks for an offer")
    assert Recent.objects.get().queue == sales
    event = mine.timeline.get(kind="transferred")
    assert (event.actor, event.data) == (sender.user, {"left": str(default_queue().pk), "queue": str(sales.pk)})


def test_nobody_of_the_same_rank_overtakes_it_there():
    """RTE-7: by its first arrival, not by when it came to this queue."""
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    later = arrive(queue=sales)
    send(mine, sender, sales)
    buyer = make_agent(chat=1, queues=[sales])
    assert ringing(mine).agent_id == buyer.pk
    assert ringing(later) is None


def test_it_rings_at_the_sender_again_only_when_nobody_else_is_left():
    sales = queue()
    sender = make_agent(queues=[default_queue(), sales])
    mine = talk(sender)
    other = make_agent(queues=[sales])
    send(mine, sender, sales)
    assert ringing(mine).agent_id == other.pk
    alone = make_agent(queues=[default_queue()])
    second = arrive()
    offer = ringing(second)
    offer_accept(offer_id=offer.pk, actor=offer.agent)
    assert alone is not None


def test_a_sender_who_alone_serves_the_queue_gets_it_back():
    sales = queue()
    sender = make_agent(queues=[default_queue(), sales])
    mine = talk(sender)
    send(mine, sender, sales)
    assert ringing(mine).agent_id == sender.pk


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("same", "same_queue"),
        ("nowhere", "queue_unknown"),
        ("out_of_hours", "queue_closed"),
        ("closed", "queue_closed"),
        ("inactive", "queue_closed"),
        ("rules", "queue_not_allowed"),
        ("setting", "no_queues"),
        ("skills", "skills_fixed"),
    ],
)
def test_only_queues_that_are_open_now_and_that_the_rules_allow(wrong, code):
    """XFR-2, XFR-3."""
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    more = {}
    if wrong == "same":
        sales = default_queue()
    elif wrong == "nowhere":
        sales.pk = uuid4()
    elif wrong == "out_of_hours":
        sales.hours = HoursProfile.objects.create(name="Never")
        sales.save(update_fields=["hours"])
    elif wrong == "closed":
        sales.closed_at = timezone.now()
        sales.save(update_fields=["closed_at"])
    elif wrong == "inactive":
        sales.is_active = False
        sales.save(update_fields=["is_active"])
    elif wrong == "rules":
        type(sales).objects.filter(pk=default_queue().pk).update(limits_transfers=True)
    elif wrong == "setting":
        settings(destinations="agents")
    else:
        more = {"skills": []}
    before = mine.timeline.count()
    assert refused(lambda: send(mine, sender, sales, **more)) == code
    mine.refresh_from_db()
    assert (mine.state, mine.agent_id, mine.timeline.count()) == (State.ACTIVE, sender.pk, before)
    assert not Transfer.objects.exists()
    assert used(sender) == [1]


def test_transfer_rules_name_the_queues_and_supervisors_override_them():
    """XFR-3 and the last table of product.md."""
    sales, support = queue(), queue("Support")
    home = default_queue()
    home.limits_transfers = True
    home.save(update_fields=["limits_transfers"])
    home.transfer_to.add(support)
    sender = make_agent()
    mine = talk(sender)
    assert refused(lambda: send(mine, sender, sales)) == "queue_not_allowed"
    assert refused(lambda: send(mine, sender, support)) == "done"
    sender.user.role = Role.objects.get(code="supervisor")
    sender.user.save(update_fields=["role"])
    second = talk(sender)
    assert refused(lambda: send(second, sender, sales)) == "done"


def test_with_skill_match_off_it_waits_for_anybody_there():
    """XFR-3: skills are ignored after the transfer, its own and those of the queue."""
    spanish, billing = skill("Spanish"), skill("Billing")
    sender = make_agent()
    mine = talk(sender)
    sales = queue()
    asks(sales, billing)
    Requirement.objects.create(conversation=mine, skill=spanish, source="agent")
    anybody = make_agent(queues=[sales])
    send(mine, sender, sales)
    assert ringing(mine).agent_id == anybody.pk
    mine.refresh_from_db()
    assert mine.ignores_skills is True
    assert asked_for(mine) == ["Billing", "Spanish"]


def test_with_skill_match_on_it_waits_for_who_has_them_and_then_for_the_flow():
    """XFR-3: without a match until max wait, then the no-agents flow."""
    settings(enforces_skills=True)
    sender = make_agent()
    mine = talk(sender)
    spanish = skill("Spanish")
    Requirement.objects.create(conversation=mine, skill=spanish, source="agent")
    sales = queue()
    make_agent(queues=[sales])
    send(mine, sender, sales)
    assert ringing(mine) is None
    speaker = make_agent(queues=[])
    other = talk_of(speaker)
    assert other is None
    wait = Wait.objects.get(pk=mine.pk)
    Wait.objects.filter(pk=mine.pk).update(max_wait_at=timezone.now())
    wait_expire(conversation_id=mine.pk, due_at=wait.due_at)
    mine.refresh_from_db()
    assert (mine.state, mine.end_cause) == (State.CLOSED, "no_agents")


def talk_of(agent):
    """What an agent has."""
    return Conversation.objects.filter(agent=agent.user).first()


def test_a_match_that_comes_later_gets_it():
    settings(enforces_skills=True)
    sender = make_agent()
    mine = talk(sender)
    sales = queue()
    asks(sales, skill("Billing"))
    send(mine, sender, sales)
    assert ringing(mine) is None
    buyer = make_agent(queues=[sales], available=False)
    from apps.agents.actions import agent_status_choose
    from apps.agents.models import AgentSkill
    from apps.queues.models import Skill

    AgentSkill.objects.create(agent=buyer, skill=Skill.objects.get(name="Billing"), level=1)
    agent_status_choose(agent_id=buyer.pk, code="available")
    assert ringing(mine).agent_id == buyer.pk


def test_the_skills_step_says_exactly_what_is_asked_for_there():
    """XFR-1, XFR-3: also against what the queue asks for."""
    settings(enforces_skills=True, skills_on_transfer=True)
    sender = make_agent()
    home, sales = default_queue(), queue()
    old, billing, refunds, spanish = skill("Old"), skill("Billing"), skill("Refunds"), skill("Spanish")
    mine = talk(sender)
    Requirement.objects.create(conversation=mine, skill=old, source="queue")
    Requirement.objects.create(conversation=mine, skill=spanish, source="agent")
    asks(sales, billing)
    send(mine, sender, sales, skills=[refunds.pk])
    assert asked_for(mine) == ["Refunds"]
    event = mine.timeline.get(kind="skills_changed")
    assert event.data == {"added": ["Refunds"], "removed": ["Billing", "Spanish"]}
    assert home.pk != sales.pk
    # The queue's rules may change: what was removed by hand stays removed.
    from apps.routing.actions import queue_reevaluate

    queue_reevaluate(queue=sales)
    assert asked_for(mine) == ["Refunds"]


def test_what_was_removed_before_is_asked_for_again_by_a_queue_that_needs_it():
    settings(enforces_skills=True)
    sender = make_agent()
    billing = skill("Billing")
    sales = queue()
    asks(sales, billing)
    mine = talk(sender)
    Requirement.objects.create(conversation=mine, skill=billing, source="agent", is_removed=True)
    send(mine, sender, sales)
    assert asked_for(mine) == ["Billing"]


def test_a_skill_that_is_unknown_is_refused():
    settings(skills_on_transfer=True)
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    assert refused(lambda: send(mine, sender, sales, skills=[uuid4()])) == "skill_unknown"


@pytest.mark.parametrize(("mode", "end"), [("off", State.CLOSED), ("immediate", State.WRAP_UP)])
def test_the_last_queues_wrap_up_applies(mode, end):
    """WRP-5: its mode, and its sets."""
    sender, sales = make_agent(), queue(acw_mode=mode)
    own = CodeSet.objects.create(name="Sales outcome")
    own.queues.add(sales)
    mine = talk(sender)
    assert "Sales outcome" not in [each.code_set.name for each in sets_for(mine)]
    buyer = make_agent(queues=[sales])
    send(mine, sender, sales)
    offer_accept(offer_id=ringing(mine).pk, actor=buyer.user)
    conversation_end(conversation_id=mine.pk, by="agent", actor=buyer.user)
    mine.refresh_from_db()
    assert (mine.state, mine.agent_id) == (end, buyer.pk)
    assert "Sales outcome" in [each.code_set.name for each in sets_for(mine)]


def test_a_customer_who_leaves_before_anybody_takes_it_leaves_nobody_with_it():
    """XFR-5."""
    sender, sales = make_agent(), queue()
    mine = talk(sender)
    send(mine, sender, sales)
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    mine.refresh_from_db()
    assert (mine.state, mine.agent_id, mine.end_cause) == (State.CLOSED, None, "abandoned")


def test_every_hop_keeps_its_stage():
    """XFR-6: one for each transfer, the oldest first, with what was said in it."""
    sender, sales = make_agent(), queue()
    buyer = make_agent(queues=[sales])
    helper = colleague()
    mine = talk(sender)
    say(mine, sender)
    say(mine, sender)
    send(mine, sender, sales, note="one")
    say(mine)
    offer_accept(offer_id=ringing(mine).pk, actor=buyer.user)
    say(mine, buyer)
    transfer_to_agent(conversation_id=mine.pk, agent_id=helper.pk, actor=buyer.user, note="two")
    offer_accept(offer_id=rings(mine).pk, actor=helper.user)
    first, second, now = stages_of(mine)
    one, two = hops_of(mine)
    assert [(stage.agent, stage.queue.name, stage.hop) for stage in (first, second, now)] == [
        (sender.user, "General", one),
        (buyer.user, "Sales", two),
        (helper.user, "Sales", None),
    ]
    assert [(hop.note, hop.customer_messages, hop.agent_messages) for hop in (one, two)] == [
        ("one", 1, 2),
        ("two", 1, 1),
    ]
    assert one.last_number + 1 == two.first_number
    assert second.waited == second.started_at - first.ended_at
    assert [hop.destination for hop in (one, two)] == ["Sales", helper.user.public_name]


def test_the_freed_slot_serves_the_next_in_line():
    """RTE-7."""
    sender, sales = make_agent(chat=1), queue()
    mine = talk(sender)
    waiting = arrive()
    assert ringing(waiting) is None
    send(mine, sender, sales)
    assert ringing(waiting).agent_id == sender.pk
    assert not Membership.objects.filter(agent=sender, queue=sales).exists()
