"""An end: when there is one, by whom, and what it is called (AGT-6, EDG-8)."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft, conversation_return
from apps.core.errors import DomainError
from tests.support import invariants
from tests.support.people import arrive, make_agent, talk
from tests.support.steps import under_lock

pytestmark = pytest.mark.django_db(transaction=True)


def say(conversation, actor=None):
    side = Side.AGENT if actor else Side.CUSTOMER
    return message_post(
        conversation_id=conversation.pk, draft=MessageDraft(side=side, client_id=uuid4(), body="Hi", author=actor)
    )


def test_who_must_reply_first_can_not_end(acme):
    """AGT-6: End does not exist before the agent's first message in this stay."""
    agent = make_agent()
    conversation = talk(agent)
    Conversation.objects.update(reply_first=True)
    with pytest.raises(DomainError) as refused:
        conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user)
    assert refused.value.code == "reply_first"
    said = say(conversation, agent.user)
    conversation.refresh_from_db()
    assert (conversation.reply_first, conversation.agent_spoke_at) == (False, said.created_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.update(reply_first=True)
    assert conversation_end(conversation_id=conversation.pk, by=Side.AGENT, actor=agent.user).state == State.WRAP_UP


def test_a_stay_that_ends_takes_what_the_agent_said_with_it(acme):
    agent = make_agent()
    conversation = talk(agent)
    say(conversation, agent.user)
    back = under_lock(conversation_return, conversation, cause=ReturnCause.REQUEUED)
    assert (back.agent_spoke_at, back.agent_replied, back.reply_first) == (None, False, False)


@pytest.mark.parametrize("cause", ["out_of_hours", "no_agents", "inactivity", "forced"])
def test_the_systems_ends_are_ends_like_all_others(acme, cause):
    """EDG-8: the same end, the cause recorded; customers are not told who forced it."""
    agent = make_agent()
    conversation = talk(agent)
    ended = conversation_end(conversation_id=conversation.pk, by=Side.SYSTEM, actor=agent.user, cause=EndCause(cause))
    assert (ended.state, ended.end_cause, ended.ended_by) == (State.WRAP_UP, cause, "system")
    event = ended.timeline.get(kind="ended")
    assert (event.data, event.actor) == ({"cause": cause}, agent.user)
    assert ended.messages.get(kind="ended").author is None
    invariants.check_all()


def test_a_customer_or_agent_ends_without_the_systems_causes(acme):
    conversation = arrive()
    for by, cause in ((Side.CUSTOMER, EndCause.FORCED), (Side.SYSTEM, EndCause.ABANDONED)):
        with pytest.raises(ValueError, match="no cause"):
            conversation_end(conversation_id=conversation.pk, by=by, actor=None, cause=cause)
