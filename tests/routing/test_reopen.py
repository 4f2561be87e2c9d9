"""A customer writes once more by mail after the end (WRP-8)."""

from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.agents.models import Agent, Capacity
from apps.clocks.models import ReplyClock
from apps.conversations.actions import conversation_end, conversation_start, message_post
from apps.conversations.models import Conversation, Segment
from apps.conversations.steps import MessageDraft, conversation_lock, conversation_mark_reopened
from apps.core.errors import DomainError
from apps.dispositions.actions import CodeChoice, wrap_up_close, wrap_up_draft, wrap_up_expire
from apps.dispositions.models import Choice, Code, CodeSet, Outcome
from apps.queues.choices import AcwMode, Family
from apps.queues.models import Queue
from apps.routing.actions import offer_accept
from apps.routing.models import Offer, SlotHold
from apps.routing.steps import conversation_reopen
from apps.timers.models import Wakeup
from tests.support.invariants import check_all
from tests.support.people import ContactFactory, default_queue, make_agent, ringing

pytestmark = pytest.mark.django_db(transaction=True)


def mail_in(body: str = "Hello") -> Conversation:
    return conversation_start(
        channel=Family.EMAIL,
        queue=default_queue(),
        contact=ContactFactory(),
        start_key=uuid4(),
        first=MessageDraft(client_id=uuid4(), body=body),
    ).conversation


def answered(agent: Agent) -> Conversation:
    """A conversation by mail that this agent has and has ended."""
    offer = ringing(mail_in())
    assert offer is not None
    conversation = offer_accept(offer_id=offer.pk, actor=agent.user)
    message_post(
        conversation_id=conversation.pk,
        draft=MessageDraft(side="agent", client_id=uuid4(), body="Done", author=agent.user),
    )
    return conversation_end(conversation_id=conversation.pk, by="agent", actor=agent.user)


def come_back(conversation: Conversation) -> Conversation:
    from django.db import transaction

    with transaction.atomic():
        locked = conversation_lock(conversation.pk)
        conversation_reopen(conversation=locked)
        message_post(
            conversation_id=locked.pk, draft=MessageDraft(side="customer", client_id=uuid4(), body="One more thing")
        )
    locked.refresh_from_db()
    return locked


def used(agent: Agent) -> int:
    return Capacity.objects.get(agent=agent, family=Family.EMAIL).used


def choose(code: str) -> list[CodeChoice]:
    return [CodeChoice(CodeSet.objects.get().pk, Code.objects.get(name=code).pk)]


def test_wrp_8_in_wrap_up_it_is_active_again_with_its_agent_and_keeps_what_was_chosen(acme: Any) -> None:
    agent = make_agent()
    conversation = answered(agent)
    assert (conversation.state, used(agent)) == ("wrap_up", 0)
    wrap_up_draft(conversation_id=conversation.pk, chosen=choose("Pending"), description="so far", actor=agent.user)
    back = come_back(conversation)
    assert (back.state, back.agent_id, back.ended_at, back.end_cause, back.wrap_up_due_at) == (
        "active",
        agent.pk,
        None,
        "",
        None,
    )
    assert (used(agent), back.unanswered_since is not None, back.agent_spoke_at) == (1, True, None)
    assert Outcome.objects.get().draft != {}
    assert ReplyClock.objects.get(pk=back.pk).waits_for == "agent"
    assert not Wakeup.objects.filter(kind="conversations.wrap_up").exists()
    assert [each.kind for each in Segment.objects.filter(conversation=back).order_by("started_at")] == [
        "queue",
        "agent",
        "agent",
    ]
    check_all()
    conversation_end(conversation_id=back.pk, by="customer", actor=None)
    wrap_up_close(conversation_id=back.pk, chosen=choose("Resolved"), description="", actor=agent.user)
    assert list(Choice.objects.values_list("code_name", flat=True)) == ["Resolved"]
    check_all()


def test_wrp_8_a_timed_wrap_up_goes_on_in_the_slot_that_it_holds(acme: Any) -> None:
    Queue.objects.update(acw_mode=AcwMode.TIMED, acw_seconds=60)
    agent = make_agent()
    Capacity.objects.filter(agent=agent).update(limit=1)
    conversation = answered(agent)
    assert (conversation.state, used(agent)) == ("wrap_up", 1)
    back = come_back(conversation)
    assert (back.state, back.agent_id, used(agent), back.wrap_up_seconds) == ("active", agent.pk, 1, None)
    check_all()


def test_wrp_8_without_a_free_slot_it_waits_at_the_front(acme: Any) -> None:
    agent = make_agent()
    Capacity.objects.filter(agent=agent, family=Family.EMAIL).update(limit=1)
    conversation = answered(agent)
    second = ringing(mail_in("Second"))
    assert second is not None
    offer_accept(offer_id=second.pk, actor=agent.user)
    third = mail_in("Third")
    back = come_back(conversation)
    assert (back.state, back.agent_id, back.returned, used(agent)) == ("waiting", None, True, 1)
    conversation_end(conversation_id=second.conversation_id, by="customer", actor=None)
    offer = Offer.objects.get(state="ringing")
    assert offer.conversation_id == back.pk != third.pk
    check_all()


def test_wrp_8_a_timed_wrap_up_whose_agent_is_gone_gives_its_slot_back(acme: Any) -> None:
    Queue.objects.update(acw_mode=AcwMode.TIMED, acw_seconds=60)
    agent = make_agent()
    conversation = answered(agent)
    Agent.objects.update(console_lost_at=timezone.now())
    back = come_back(conversation)
    assert (back.state, SlotHold.objects.count(), used(agent)) == ("waiting", 0, 0)
    check_all()


def test_wrp_8_after_the_closing_it_has_a_new_segment_and_a_new_wrap_up(acme: Any) -> None:
    agent = make_agent()
    conversation = answered(agent)
    wrap_up_close(conversation_id=conversation.pk, chosen=choose("Pending"), description="a", actor=agent.user)
    back = come_back(conversation)
    assert (back.state, back.agent_id, back.closed_at, used(agent)) == ("active", agent.pk, None, 1)
    check_all()
    # Until it is wrapped up anew, what was chosen stands (WRP-7).
    assert list(Choice.objects.values_list("code_name", flat=True)) == ["Pending"]
    assert Outcome.objects.get().draft == {}
    ended = conversation_end(conversation_id=back.pk, by="customer", actor=None)
    assert ended.state == "wrap_up"
    wrap_up_close(conversation_id=back.pk, chosen=choose("Resolved"), description="b", actor=agent.user)
    assert list(Choice.objects.values_list("code_name", "description")) == [("Resolved", "b")]
    change = conversation.timeline.get(kind="outcome_corrected").data
    assert ("Pending" in change["was"].values(), "Resolved" in change["now"].values()) == (True, True)
    check_all()


def test_wrp_8_a_second_wrap_up_that_runs_out_leaves_what_stood(acme: Any) -> None:
    agent = make_agent()
    conversation = answered(agent)
    wrap_up_close(conversation_id=conversation.pk, chosen=choose("Pending"), description="a", actor=agent.user)
    ended = conversation_end(conversation_id=come_back(conversation).pk, by="customer", actor=None)
    assert ended.wrap_up_due_at is not None
    wrap_up_expire(conversation_id=ended.pk, due_at=ended.wrap_up_due_at)
    ended.refresh_from_db()
    assert (ended.state, list(Choice.objects.values_list("code_name", flat=True))) == ("closed", ["Pending"])
    check_all()


def test_wrp_8_what_nobody_ever_had_waits_again(acme: Any) -> None:
    conversation = mail_in()
    conversation_end(conversation_id=conversation.pk, by="customer", actor=None)
    assert come_back(conversation).state == "waiting"
    check_all()


def test_wrp_8_what_has_not_ended_and_spam_do_not_come_back(acme: Any) -> None:
    running, spam = mail_in(), mail_in()
    conversation_end(conversation_id=spam.pk, by="customer", actor=None)
    Conversation.objects.filter(pk=spam.pk).update(is_spam=True)
    for each in (running, spam):
        with pytest.raises(DomainError, match="illegal_transition"):
            come_back(each)
    done = mail_in()
    conversation_end(conversation_id=done.pk, by="customer", actor=None)
    done.refresh_from_db()
    closed = Queue.objects.create(name="Old", is_active=False)
    with pytest.raises(DomainError, match="queue_closed"):
        conversation_mark_reopened(conversation=done, agent=None, queue=closed)
