"""Spam: it ends at once and counts nowhere, and its customer may be shut out (CON-10)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from apps.agents.models import Capacity
from apps.contacts.actions import contact_block
from apps.contacts.models import Contact
from apps.conversations.actions import conversation_end, conversation_mark_spam, conversation_unmark_spam
from apps.conversations.choices import EndCause, Side, State
from apps.conversations.models import Conversation
from apps.core.errors import DomainError
from apps.dispositions.choices import SYSTEM_CODE
from apps.timers.models import Wakeup
from tests.support.browser import signed_in, user_as
from tests.support.invariants import check_all
from tests.support.people import make_agent, talk

# Offers follow the commit.
pytestmark = pytest.mark.django_db(transaction=True)


def test_it_closes_at_once_without_a_wrap_up(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
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
    conversation_mark_spam(conversation_id=conversation.pk, block=True, actor=agent.user)
    contact.refresh_from_db()
    assert (contact.blocked_at is not None, contact.blocked_by) == (True, agent.user.full_name)
    assert conversation.timeline.count() == len(kinds)


def test_in_wrap_up_too_and_nothing_ends_twice(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation_end(conversation_id=conversation.pk, by=Side.CUSTOMER, actor=None)
    lines = conversation.messages.count()
    done = conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    assert (done.state, done.is_spam, done.end_cause) == (State.CLOSED, True, EndCause.SPAM)
    assert (done.ended_by, done.messages.count(), done.wrap_up_due_at) == (Side.CUSTOMER, lines, None)
    assert not Wakeup.objects.filter(object_id=conversation.pk).exists()


def test_of_others_and_of_what_is_closed_it_is_refused(acme: Any) -> None:
    agent, other = make_agent(), make_agent(available=False)
    conversation = talk(agent)
    with pytest.raises(DomainError, match="not_yours"):
        conversation_mark_spam(conversation_id=conversation.pk, block=True, actor=other.user)
    conversation.contact.refresh_from_db()
    assert conversation.contact.blocked_at is None


def test_it_is_taken_back_with_the_block_that_came_with_it(acme: Any) -> None:
    """It counts again, closed as it is, with the outcome of one that nobody wrapped up (WRP-2)."""
    agent, other = make_agent(), make_agent(available=False)
    conversation = talk(agent)
    conversation_mark_spam(conversation_id=conversation.pk, block=True, actor=agent.user)
    with pytest.raises(DomainError, match="not_yours"):
        conversation_unmark_spam(conversation_id=conversation.pk, actor=other.user)
    for _twice in range(2):
        done = conversation_unmark_spam(conversation_id=conversation.pk, actor=agent.user)
        assert (done.state, done.is_spam, done.end_cause) == (State.CLOSED, False, EndCause.ENDED)
        assert list(done.dispositions.values_list("set_name", "code_name")) == [("Resolution", SYSTEM_CODE)]
        contact = Contact.objects.get()
        assert (contact.blocked_at, contact.blocked_by) == (None, "")
    assert conversation.timeline.filter(kind="outcome_corrected").get().data == {"spam": False}
    assert not conversation.segments.filter(ended_at=None).exists()
    check_all()


def test_who_was_blocked_by_somebody_else_stays_so(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    contact_block(contact_id=conversation.contact_id, by="Somebody Else")
    conversation_unmark_spam(conversation_id=conversation.pk, actor=agent.user)
    assert Contact.objects.get().blocked_by == "Somebody Else"


def test_after_a_day_it_is_too_late_and_without_wrap_up_there_is_no_outcome(acme: Any) -> None:
    agent = make_agent()
    conversation = talk(agent)
    conversation.queue.__class__.objects.update(acw_mode="off")
    conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    closed_at = Conversation.objects.get().closed_at
    with time_machine.travel(closed_at + timedelta(days=1)), pytest.raises(DomainError, match="too_late"):
        conversation_unmark_spam(conversation_id=conversation.pk, actor=agent.user)
    conversation_unmark_spam(conversation_id=conversation.pk, actor=agent.user)
    assert not conversation.dispositions.exists()
    # One that was no spam stays as it is.
    assert conversation_unmark_spam(conversation_id=conversation.pk, actor=agent.user).end_cause == EndCause.ENDED


def test_it_can_be_taken_back_where_it_was_marked(acme: Any) -> None:
    """By the toast that comes with the answer, and by the page of the conversation without scripts."""
    agent = make_agent()
    conversation = talk(agent)
    browser = signed_in(agent.user)
    path = f"/console/c/{conversation.pk}/"
    answer = browser.post(f"{path}spam/", headers={"hx-request": "true"}).content.decode()
    assert f'hx-post="{path}spam/undo/"' in answer[answer.index("beforeend:#toasts") :]
    page = browser.get(path).content.decode()
    assert "Marked as spam" in page
    assert "Not spam" in page
    assert browser.post(f"{path}spam/undo/").headers["Location"] == path
    page = browser.get(path).content.decode()
    assert "Not spam" not in page
    assert "took back that it is spam" in page


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
