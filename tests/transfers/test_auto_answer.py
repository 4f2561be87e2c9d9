"""A transfer to an agent whose conversations open by themselves (AGT-6, AGT-7, EDG-3)."""

import pytest
import time_machine

from apps.agents.actions import agent_status_choose
from apps.conversations.choices import ReturnCause, State
from apps.conversations.models import Segment
from apps.routing.models import ChannelRules, Offer
from apps.timers.actions import wakeup_fire
from apps.timers.models import Wakeup
from apps.transfers.models import Transfer
from tests.support import invariants
from tests.support.people import arrive, make_agent
from tests.support.transfers import ask, colleague, hops_of, refused, say, state, used

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _tenant(acme):
    yield
    invariants.check_all()


@pytest.fixture
def auto():
    """Chats open by themselves from now on."""
    ChannelRules.objects.filter(family="chat").update(answer_mode="auto")


def auto_talk(agent):
    conversation = arrive()
    conversation.refresh_from_db()
    assert conversation.agent_id == agent.pk
    return conversation


def fire_first_response(receiver):
    offer = Offer.objects.get(agent=receiver.user, sender__isnull=False)
    wakeup = Wakeup.objects.get(kind="routing.first_response", object_id=offer.pk)
    with time_machine.travel(wakeup.due_at, tick=False):
        return wakeup_fire(schema="acme", kind=wakeup.kind, object_id=wakeup.object_id, due_at=wakeup.due_at)


def test_no_transfer_before_the_first_message(auto):
    """AGT-6."""
    sender = make_agent()
    receiver = colleague()
    mine = auto_talk(sender)
    assert refused(lambda: ask(mine, sender, receiver)) == "reply_first"
    say(mine, sender)
    assert refused(lambda: ask(mine, sender, receiver)) == "done"


def test_it_opens_at_once_at_the_receiver(auto):
    """EDG-3."""
    sender = make_agent()
    receiver = colleague()
    mine = auto_talk(sender)
    say(mine, sender)
    ask(mine, sender, receiver)
    assert state(mine) == (State.ACTIVE, receiver.pk)
    assert mine.reply_first is True
    assert used(sender, receiver) == [0, 1]
    assert Transfer.objects.get().state == "done"
    assert refused(lambda: ask(mine, receiver, sender)) == "reply_first"
    say(mine, receiver)
    assert refused(lambda: ask(mine, receiver, sender)) == "done"
    assert len(hops_of(mine)) == 2


def test_without_a_first_message_it_goes_back_to_its_sender(auto):
    """AGT-7: and the receiver is Away (Idle)."""
    sender = make_agent()
    receiver = colleague()
    mine = auto_talk(sender)
    say(mine, sender)
    ask(mine, sender, receiver)
    assert fire_first_response(receiver) == "done"
    assert state(mine) == (State.ACTIVE, sender.pk)
    assert mine.reply_first is False
    assert used(sender, receiver) == [1, 0]
    assert Transfer.objects.get().state == "unanswered"
    assert hops_of(mine) == []
    receiver.refresh_from_db()
    assert receiver.status.code == "system_away"
    assert [stay.agent_id for stay in Segment.objects.filter(conversation=mine, kind="agent")] == [
        sender.pk,
        receiver.pk,
        sender.pk,
    ]


@pytest.mark.parametrize("why", ["full", "away"])
def test_without_a_first_message_and_without_its_sender_it_goes_to_the_front(auto, why):
    sender = make_agent(chat=1)
    receiver = colleague()
    mine = auto_talk(sender)
    say(mine, sender)
    ask(mine, sender, receiver)
    if why == "full":
        auto_talk(sender)
    else:
        agent_status_choose(agent_id=sender.pk, code="away")
    fire_first_response(receiver)
    assert state(mine) == (State.WAITING, None)
    assert mine.returned is True
    assert Transfer.objects.get().state == "unanswered"
    assert mine.timeline.get(kind="returned").data["cause"] == ReturnCause.NO_FIRST_RESPONSE
