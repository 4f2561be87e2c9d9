"""A transfer to an agent: it rings there, and until it is accepted nothing has happened (XFR-4, XFR-5)."""

import pytest
from django.utils import timezone

from apps.agents.actions import agent_console_close, agent_status_choose
from apps.agents.models import Agent
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Conversation, Segment
from apps.routing.actions import console_grace_expire, offer_accept, offer_expire, offer_reject
from apps.routing.models import ChannelRules, Offer
from apps.timers.models import Wakeup
from apps.transfers.actions import transfer_cancel, transfer_to_agent
from apps.transfers.models import Recent, Transfer
from apps.transfers.selectors import stages_of
from tests.support import invariants
from tests.support.people import UserFactory, arrive, make_agent, ringing, talk
from tests.support.transfers import ask, colleague, hops_of, pair, queue, refused, rings, say, settings, state, used

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tenant(acme):
    yield
    invariants.check_all()


def test_it_rings_at_the_colleague_and_stays_with_the_sender():
    sender, receiver, mine = pair()
    version = mine.version
    ask(mine, sender, receiver, note="  Wants a\nrefund ")
    offer = rings(mine)
    assert (offer.agent_id, offer.sender_id, offer.note) == (receiver.pk, sender.pk, "Wants a refund")
    assert (offer.expires_at - offer.created_at).total_seconds() == 30
    assert Wakeup.objects.get(kind="routing.offer").object_id == offer.pk
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert mine.version == version + 1
    assert used(sender, receiver) == [1, 1]
    assert Segment.objects.get(conversation=mine, ended_at=None).agent_id == sender.pk
    assert hops_of(mine) == []


def test_messages_go_on_while_it_rings():
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    say(mine)
    say(mine, sender)
    assert mine.messages.filter(kind="text").count() == 3


def test_accepting_hands_it_over_in_one_go():
    """XFR-4, XFR-6: a segment of their own, the slot, the same queue, no wrap-up for the sender."""
    sender, receiver, mine = pair()
    say(mine, sender, "One moment")
    ask(mine, sender, receiver, note="VIP")
    accepted = offer_accept(offer_id=rings(mine).pk, actor=receiver.user)
    assert state(mine) == (State.ACTIVE, receiver.pk)
    assert accepted.queue_id == mine.queue_id
    assert (mine.agent_spoke_at, mine.reply_first, mine.wrap_up_due_at) == (None, False, None)
    assert used(sender, receiver) == [0, 1]
    before, after = Segment.objects.filter(conversation=mine, kind="agent")
    assert (before.agent_id, after.agent_id, after.ended_at) == (sender.pk, receiver.pk, None)
    assert before.ended_at == after.started_at
    last = mine.messages.order_by("-number").first()
    assert (last.kind, last.side, last.author_id) == ("took_over", "system", receiver.pk)
    assert ReplyClock.objects.get(pk=mine.pk).since == after.started_at
    stage, now = stages_of(mine)
    assert stage.hop is not None
    assert (stage.agent, stage.hop.to_agent, stage.hop.note) == (sender.user, receiver.user, "VIP")
    assert (stage.hop.customer_messages, stage.hop.agent_messages) == (1, 1)
    assert (now.agent, now.hop, now.length) == (receiver.user, None, None)
    assert (stage.started_at, stage.ended_at) == (before.started_at, before.ended_at)
    assert stage.waited == before.started_at - mine.first_arrived_at
    assert refused(lambda: conversation_end(conversation_id=mine.pk, by="agent", actor=sender.user)) == "not_yours"


def test_accepting_twice_is_accepting_once():
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    offer = rings(mine)
    offer_accept(offer_id=offer.pk, actor=receiver.user)
    assert offer_accept(offer_id=offer.pk, actor=receiver.user).agent_id == receiver.pk
    assert mine.timeline.filter(kind="transferred").count() == 1


def test_declining_gives_it_back_even_where_offers_cannot_be_rejected():
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    assert ChannelRules.objects.get(family="chat").may_reject is False
    offer_reject(offer_id=rings(mine).pk, actor=receiver.user)
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert used(sender, receiver) == [1, 0]
    assert Offer.objects.get(sender=sender.user).state == "rejected"
    assert Transfer.objects.get().state == "declined"
    receiver.refresh_from_db()
    assert receiver.base == "available"
    assert mine.timeline.get(kind="transfer_back").data["end"] == "declined"
    ask(mine, sender, receiver)  # It may ring again.
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)


def test_timing_out_gives_it_back_and_the_receiver_is_away_idle():
    """AGT-7: like every offer; whatever else rings at them is withdrawn."""
    sender, receiver, mine = pair()
    other = make_agent()
    second = talk(other)
    ask(mine, sender, receiver)
    ask(second, other, receiver)
    offer = rings(mine)
    offer_expire(offer_id=offer.pk, due_at=offer.expires_at)
    receiver.refresh_from_db()
    assert receiver.status.code == "system_away"
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert state(second) == (State.ACTIVE, other.pk)
    assert used(sender, other, receiver) == [1, 1, 0]
    assert sorted(Transfer.objects.values_list("state", flat=True)) == ["timed_out", "unreachable"]
    sender.refresh_from_db()
    assert sender.base == "available"


def test_the_sender_cancels():
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    offer = rings(mine)
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert used(sender, receiver) == [1, 0]
    assert Transfer.objects.get().state == "cancelled"
    assert refused(lambda: offer_accept(offer_id=offer.pk, actor=receiver.user)) == "offer_gone"
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)
    receiver.refresh_from_db()
    assert receiver.base == "available"
    assert refused(lambda: transfer_cancel(conversation_id=mine.pk, actor=receiver.user)) == "not_yours"


@pytest.mark.parametrize("leaves", ["away", "busy", "offline"])
def test_a_receiver_who_goes_away_gives_it_back(leaves):
    """EDG-1: no Away (Idle)."""
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    agent_status_choose(agent_id=receiver.pk, code=leaves)
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert used(sender, receiver) == [1, 0]
    assert Transfer.objects.get().state == "unreachable"
    receiver.refresh_from_db()
    assert receiver.status.code == leaves


def test_a_customer_who_leaves_drops_it():
    """XFR-5: nobody gets it; it ends with the sender, as every end with an agent does (WRP-1)."""
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    offer = rings(mine)
    conversation_end(conversation_id=mine.pk, by="customer", actor=None)
    assert state(mine) == (State.WRAP_UP, sender.pk)
    assert used(sender, receiver) == [0, 0]
    assert Transfer.objects.get().state == "dropped"
    assert refused(lambda: offer_accept(offer_id=offer.pk, actor=receiver.user)) == "offer_gone"
    assert not Wakeup.objects.filter(kind="routing.offer").exists()


def test_a_sender_who_is_lost_meanwhile_leaves_it_at_the_front_of_its_queue():
    sender, receiver, mine = pair()
    arrivals = [arrive() for _ in range(2)]  # The sender's other two slots.
    later = arrive()
    ask(mine, sender, receiver)
    agent_console_close(agent_id=sender.pk, console_id=sender.console_id)
    wakeup = Wakeup.objects.get(kind="agents.console")
    console_grace_expire(agent_id=sender.pk, due_at=wakeup.due_at)
    assert state(mine) == (State.WAITING, None)
    assert mine.returned is True
    assert used(sender, receiver) == [0, 0]
    assert Transfer.objects.get().state == "dropped"
    assert mine.timeline.get(kind="returned").data["cause"] == ReturnCause.CONSOLE_LOST
    follower = make_agent(chat=1)
    assert ringing(mine).agent_id == follower.pk
    assert ringing(later) is None
    assert len(arrivals) == 2


def test_a_sender_of_whom_nothing_is_heard_can_still_be_helped_out():
    """A console that is lost and comes back changes nothing (AGT-9), and the colleague may accept meanwhile."""
    sender, receiver, mine = pair()
    ask(mine, sender, receiver)
    agent_console_close(agent_id=sender.pk, console_id=sender.console_id)
    offer_accept(offer_id=rings(mine).pk, actor=receiver.user)
    console_grace_expire(agent_id=sender.pk, due_at=Wakeup.objects.get(kind="agents.console").due_at)
    assert state(mine) == (State.ACTIVE, receiver.pk)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("self", "transfer_to_self"),
        ("nobody", "agent_unknown"),
        ("away", "agent_not_available"),
        ("no_console", "agent_not_available"),
        ("draining", "agent_not_available"),
        ("inactive", "agent_not_available"),
        ("full", "no_free_slot"),
        ("no_slots", "no_free_slot"),
    ],
)
def test_only_agents_who_can_take_it_now(wrong, code):
    """XFR-4, AGT-2."""
    sender, receiver, mine = pair()
    agent_id = receiver.pk
    if wrong == "self":
        agent_id = sender.pk
    elif wrong == "nobody":
        agent_id = UserFactory().pk
        Agent.objects.filter(pk=agent_id).delete()
    elif wrong == "away":
        agent_status_choose(agent_id=receiver.pk, code="away")
    elif wrong == "no_console":
        agent_console_close(agent_id=receiver.pk, console_id=receiver.console_id)
    elif wrong == "draining":
        Agent.objects.filter(pk=receiver.pk).update(is_draining=True)
    elif wrong == "inactive":
        receiver.user.is_active = False
        receiver.user.save(update_fields=["is_active"])
    else:
        receiver.capacities.filter(family="chat").update(limit=0)
    before = (Offer.objects.count(), Transfer.objects.count(), mine.timeline.count())
    asked = lambda: transfer_to_agent(conversation_id=mine.pk, agent_id=agent_id, actor=sender.user)  # noqa: E731
    assert refused(asked) == code
    assert (Offer.objects.count(), Transfer.objects.count(), mine.timeline.count()) == before
    assert not Recent.objects.exists()
    assert used(sender, receiver) == [1, 0]


def test_only_the_agent_who_has_it_and_only_while_it_lives():
    sender, receiver, mine = pair()
    third = colleague()
    assert refused(lambda: ask(mine, receiver, third)) == "not_yours"
    ghost = Conversation(pk=UserFactory().pk)
    assert refused(lambda: ask(ghost, sender, receiver)) == "conversation_unknown"
    conversation_end(conversation_id=mine.pk, by="agent", actor=sender.user)
    assert refused(lambda: ask(mine, sender, receiver)) == "conversation_ended"


def test_while_it_rings_nothing_else_is_done_to_it():
    """XFR-4: not transferred again, not ended."""
    sender, receiver, mine = pair()
    third, sales = colleague(), queue()
    from apps.transfers.actions import transfer_to_queue

    ask(mine, sender, receiver)
    assert refused(lambda: ask(mine, sender, third)) == "transfer_pending"
    again = lambda: transfer_to_queue(conversation_id=mine.pk, queue_id=sales.pk, actor=sender.user)  # noqa: E731
    assert refused(again) == "transfer_pending"
    assert refused(lambda: conversation_end(conversation_id=mine.pk, by="agent", actor=sender.user)) == (
        "transfer_pending"
    )
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)
    conversation_end(conversation_id=mine.pk, by="agent", actor=sender.user)


def test_while_it_rings_it_is_not_snoozed():
    """SNZ-2, XFR-4."""
    from datetime import timedelta

    from apps.snooze.actions import conversation_snooze
    from apps.snooze.models import SnoozeSettings

    SnoozeSettings.load()
    SnoozeSettings.objects.update(is_on=True, allows_custom=True)
    sender, receiver, mine = pair()
    say(mine, sender)
    ask(mine, sender, receiver)
    until = timezone.now() + timedelta(hours=2)
    snooze = lambda: conversation_snooze(conversation_id=mine.pk, option="custom", until=until, actor=sender.user)  # noqa: E731
    assert refused(snooze) == ("transfer_pending")
    transfer_cancel(conversation_id=mine.pk, actor=sender.user)


def test_where_only_queues_are_destinations():
    """XFR-2."""
    settings(destinations="queues")
    sender, receiver, mine = pair()
    assert refused(lambda: ask(mine, sender, receiver)) == "no_agents"


def test_a_drained_sender_goes_away_with_the_hand_over():
    """AGT-5."""
    from apps.agents.actions import agent_drain

    sender, receiver, mine = pair()
    agent_drain(agent_id=sender.pk)
    ask(mine, sender, receiver)
    offer_accept(offer_id=rings(mine).pk, actor=receiver.user)
    sender.refresh_from_db()
    assert (sender.base, sender.is_draining) == ("away", False)


def test_the_slot_that_a_hand_over_frees_serves_the_next_in_line():
    """RTE-7."""
    sender = make_agent(chat=1)
    mine = talk(sender)
    receiver = colleague()
    waiting = arrive()
    assert ringing(waiting) is None
    ask(mine, sender, receiver)
    assert ringing(waiting) is None
    offer_accept(offer_id=rings(mine).pk, actor=receiver.user)
    assert ringing(waiting).agent_id == sender.pk


def test_recent_destinations_are_five_and_the_newest_first():
    """XFR-2."""
    sender = make_agent()
    mine = talk(sender)
    people = [colleague() for _ in range(6)]
    for person in [*people, people[2]]:
        ask(mine, sender, person)
        transfer_cancel(conversation_id=mine.pk, actor=sender.user)
    mine_now = Recent.objects.filter(agent=sender.user).order_by("-used_at")
    wanted = [people[2], people[5], people[4], people[3], people[1]]
    assert [row.colleague_id for row in mine_now] == [person.pk for person in wanted]
    assert all(row.used_at <= timezone.now() for row in mine_now)
