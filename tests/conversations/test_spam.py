"""Spam: it ends at once and counts nowhere, and its customer may be shut out (CON-10)."""

from typing import Any

import pytest

from apps.agents.models import Capacity
from apps.conversations.actions import conversation_end, conversation_spam
from apps.conversations.choices import EndCause, Side, State
from apps.core.errors import DomainError
from apps.timers.models import Wakeup
from tests.support.browsing import signed_in, user_as
from tests.support.people import make_agent, talk

# Offers follow the commit.
pytestmark = pytest.mark.django_db(transaction=True)


def test_it_closes_at_once_without_a_wrap_up(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    conversation.refresh_from_db()
    assert (conversation.state, conversation.end_cause, conversation.is_spam) == (State.CLOSED, EndCause.SPAM, True)
    assert (conversation.ended_by, conversation.unanswered_since) == (Side.AGENT, None)
    assert conversation.ended_at == conversation.closed_at
    assert not conversation.dispositions.exists()
    assert not conversation.segments.filter(ended_at=None).exists()
    assert Capacity.objects.get(agent=agent, family="chat").used == 0
    assert not Wakeup.objects.filter(object_id=conversation.pk).exists()
    kinds = list(conversation.timeline.order_by("id").values_list("kind", flat=True))
    assert kinds[-2:] == ["ended", "closed"]
    contact = conversation.contact
    contact.refresh_from_db()
    assert contact.blocked_at is None
    # Twice changes nothing, but the customer can still be shut out.
    conversation_spam(conversation_id=conversation.pk, block=True, actor=agent.user)
    contact.refresh_from_db()
    assert (contact.blocked_at is not None, contact.blocked_by) == (True, agent.user.full_name)
    assert conversation.timeline.count() == len(kinds)


def test_in_wrap_up_too_and_nothing_ends_twice(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    lines = conversation.messages.count()
    done = conversation_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    assert (done.state, done.is_spam, done.end_cause) == (State.CLOSED, True, EndCause.SPAM)
    assert (done.ended_by, done.messages.count(), done.wrap_up_due_at) == (Side.CUSTOMER, lines, None)
    assert not Wakeup.objects.filter(object_id=conversation.pk).exists()


def test_of_others_and_of_what_is_closed_it_is_refused(acme: Any) -> None:
    agent, other = make_agent(), make_agent(available=False)
    conversation = talk(agent)
    with pytest.raises(DomainError, match="not_yours"):
        conversation_spam(conversation_id=conversation.pk, block=True, actor=other.user)
    conversation.contact.refresh_from_db()
    assert conversation.contact.blocked_at is None


def test_the_agents_button_and_the_way_back(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    browser = signed_in(agent.user)
    page = browser.get(f"/console/c/{conversation.pk}/?ask=spam").content.decode()
    assert 'id="spam-dialog"' in page
    assert browser.post(f"/console/c/{conversation.pk}/spam/", {"block": "on"}).status_code == 302
    contact = conversation.contact
    contact.refresh_from_db()
    assert contact.blocked_at is not None
    blocked = "/admin/contacts/blockedcontact/"
    assert browser.get(blocked).status_code in {302, 403}
    boss = signed_in(user_as("administrator"))
    assert contact.display_name in boss.get(blocked).content.decode()
    boss.post(blocked, {"action": "unblock", "_selected_action": [str(contact.pk)]})
    contact.refresh_from_db()
    assert (contact.blocked_at, contact.blocked_by) == (None, "")
    assert contact.display_name not in boss.get(blocked).content.decode()
    # A supervisor sees, and lets back in, those who have written to their queues.
    browser.post(f"/console/c/{conversation.pk}/spam/", {"block": "on"})
    assert contact.display_name not in signed_in(user_as("supervisor")).get(blocked).content.decode()
