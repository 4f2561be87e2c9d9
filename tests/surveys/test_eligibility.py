"""Who is asked, why, and for whom the score counts (SRV-2 to SRV-5, CON-10)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.agents.actions import agent_status_choose
from apps.conversations.actions import conversation_mark_spam
from apps.conversations.choices import EndCause, ReturnCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_return
from apps.core import events
from apps.core.errors import DomainError
from apps.queues.models import HoursProfile, Queue
from apps.routing.actions import offer_accept
from apps.surveys import selectors
from apps.surveys.actions import survey_mark
from apps.surveys.events import SurveyAsked
from apps.surveys.models import SurveyCounter, SurveyMark, SurveyRequest
from apps.surveys.steps import survey_ask
from apps.transfers.actions import transfer_to_queue
from tests.support.invariants import check_all
from tests.support.people import ContactFactory, arrive, default_queue, make_agent, ringing
from tests.support.race import race
from tests.support.surveys import asked, end, kinds, said, survey

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_is_asked_in_a_new_tenant(acme: Any) -> None:
    """TEN-3: there is a survey, and it is switched off."""
    agent = make_agent()
    assert selectors.survey_for(default_queue().pk) is None
    assert end(said(agent)) is None


@pytest.mark.parametrize("by", [Side.AGENT, Side.CUSTOMER])
def test_everyone_is_asked_after_a_conversation_with_an_agent(acme: Any, by: Side) -> None:
    """SRV-2, SRV-4: once, till it expires, and the score counts for the agent."""
    mine = survey(frequency="everyone", expires_hours=2)
    agent = make_agent()
    heard: list[SurveyAsked] = []
    events._handlers[SurveyAsked].append(heard.append)
    try:
        request = end(said(agent), by)
    finally:
        events._handlers[SurveyAsked].remove(heard.append)
    assert request is not None
    assert (request.survey, request.reason, request.kind) == (mine, "everyone", "csat")
    assert (request.agent_id, request.queue_id, request.channel) == (agent.pk, default_queue().pk, "chat")
    assert request.expires_at - request.asked_at == timedelta(hours=2)
    assert kinds(request.conversation) == ["survey_asked"]
    assert [event.request.pk for event in heard] == [request.pk]
    check_all()


def test_who_leaves_before_anybody_answered_is_not_asked(acme: Any) -> None:
    survey(frequency="everyone")
    assert end(arrive()) is None


def test_the_nth_is_asked_and_then_counted_anew(acme: Any) -> None:
    """SRV-2: only ends between an agent and a customer count; another n holds from the next one on."""
    survey(frequency="nth", nth=3)
    agent = make_agent()
    end(arrive(queue=Queue.objects.create(name="Elsewhere")))
    assert [end(said(agent)) is not None for _ in range(7)] == [False, False, True, False, False, True, False]
    survey(frequency="nth", nth=2)
    assert [end(said(agent)) is not None for _ in range(3)] == [True, False, True]
    assert SurveyCounter.objects.get().since == 0


def test_an_end_that_is_undone_is_not_counted(acme: Any) -> None:
    survey(frequency="nth", nth=2)
    agent = make_agent()
    end(said(agent))
    conversation = said(agent)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert end(conversation) is not None
        raise ZeroDivisionError
    assert SurveyCounter.objects.get().since == 1
    assert asked(conversation) is None
    request = end(conversation)
    assert request is not None
    assert request.reason == "nth"


def test_each_queues_survey_has_its_own_count(acme: Any) -> None:
    sales = Queue.objects.create(name="Sales")
    agent = make_agent(queues=[default_queue(), sales])
    survey(frequency="nth", nth=2)
    survey(sales, frequency="nth", nth=3)
    got = [end(said(agent, queue=queue)) is not None for queue in (default_queue(), sales) * 3]
    assert got == [False, False, True, False, False, True]


@pytest.mark.slow
def test_every_nth_is_exact_under_concurrency(acme: Any) -> None:
    """SRV-2: a thousand ends by sixteen threads, every seventh: 142 surveys, and not one more or less."""
    survey(frequency="nth", nth=7)
    agent = make_agent()
    rows = ended(agent, 1000)

    def work(mine: list[Conversation]) -> Any:
        def close() -> None:
            for conversation in mine:
                with transaction.atomic():
                    survey_ask(conversation=conversation, cause=EndCause.ENDED)

        return close

    race([work(rows[start::16]) for start in range(16)])
    assert SurveyRequest.objects.count() == 142
    assert SurveyCounter.objects.get().since == 1000 - 142 * 7
    assert set(SurveyRequest.objects.values_list("reason", "agent")) == {("nth", agent.pk)}


def ended(agent: Any, number: int) -> list[Conversation]:
    """Conversations that their agent has just ended, as rows."""
    now, contact, queue = timezone.now(), ContactFactory(), default_queue()
    common = {"channel": "chat", "state": State.CLOSED, "contact": contact, "queue": queue, "agent": agent.user}
    times = {"ended_at": now, "closed_at": now, "queue_entered_at": now}
    return Conversation.objects.bulk_create(Conversation(**common, **times) for _ in range(number))


def test_ends_by_several_at_once_ask_once(acme: Any) -> None:
    """SRV-5: whoever comes second is told that it is over."""
    survey(frequency="everyone")
    conversation = said(make_agent())

    def work() -> Any:
        return end(conversation)

    answers = race([work] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert SurveyRequest.objects.filter(conversation=conversation).count() == 1


def test_who_can_not_be_asked_is_not(acme: Any) -> None:
    """SRV-5: no phone asks yet."""
    survey(frequency="nth", nth=2, agents_trigger=True)
    agent = make_agent()
    conversation = said(agent)
    Conversation.objects.filter(pk=conversation.pk).update(channel="voice")
    with pytest.raises(DomainError) as refused:
        survey_mark(conversation_id=conversation.pk, on=True, actor=agent.user)
    assert refused.value.code == "survey_not_offered"
    (ended_one,) = ended(agent, 1)
    ended_one.channel = "voice"
    with transaction.atomic():
        assert survey_ask(conversation=ended_one, cause=EndCause.ENDED) is None
    assert not SurveyCounter.objects.exists()


# --- The agent's mark


def test_the_agent_sends_it_by_a_mark(acme: Any) -> None:
    """SRV-2: sent when End is confirmed or the customer ends; saying it twice is saying it once."""
    survey(agents_trigger=True)
    agent = make_agent()
    for by in (Side.AGENT, Side.CUSTOMER):
        conversation = said(agent)
        version = conversation.version
        for _ in range(2):
            survey_mark(conversation_id=conversation.pk, on=True, actor=agent.user)
        conversation.refresh_from_db()
        assert conversation.version == version + 1
        request = end(conversation, by)
        assert request is not None
        assert (request.reason, request.agent_id) == ("agent", agent.pk)
        assert kinds(conversation) == ["survey_marked", "survey_asked"]


def test_without_the_mark_nobody_is_asked(acme: Any) -> None:
    survey(agents_trigger=True)
    agent = make_agent()
    conversation = said(agent)
    survey_mark(conversation_id=conversation.pk, on=True, actor=agent.user)
    survey_mark(conversation_id=conversation.pk, on=False, actor=agent.user)
    assert end(conversation) is None
    assert kinds(conversation) == ["survey_marked", "survey_marked"]


def test_the_mark_travels_with_a_transfer(acme: Any) -> None:
    """SRV-2, SRV-4, SRV-5: the next agent finds it; the last queue's survey is asked, the last agent is rated."""
    survey(agents_trigger=True)
    other = Queue.objects.create(name="Other")
    theirs = survey(other, kind="nps", agents_trigger=True)
    first = make_agent()
    second = make_agent(queues=[other])
    conversation = said(first)
    survey_mark(conversation_id=conversation.pk, on=True, actor=first.user)
    transfer_to_queue(conversation_id=conversation.pk, queue_id=other.pk, actor=first.user)
    accept(conversation, second)
    request = end(conversation)
    assert request is not None
    assert (request.survey, request.kind, request.reason, request.agent_id) == (theirs, "nps", "agent", second.pk)


def test_the_mark_means_nothing_where_agents_send_none(acme: Any) -> None:
    """SRV-5: the last queue's survey decides."""
    survey(agents_trigger=True)
    other = Queue.objects.create(name="Other")
    survey(other)
    first, second = make_agent(), make_agent(queues=[other])
    conversation = said(first)
    survey_mark(conversation_id=conversation.pk, on=True, actor=first.user)
    transfer_to_queue(conversation_id=conversation.pk, queue_id=other.pk, actor=first.user)
    accept(conversation, second)
    assert end(conversation) is None


def accept(conversation: Conversation, agent: Any) -> None:
    offer = ringing(conversation)
    assert offer is not None
    offer_accept(offer_id=offer.pk, actor=agent.user)


def test_a_mark_is_refused(acme: Any) -> None:
    agent, other = make_agent(), make_agent(available=False)
    conversation = said(agent)

    def code(**fields: Any) -> str:
        with pytest.raises(DomainError) as refused:
            survey_mark(**{"conversation_id": conversation.pk, "on": True, "actor": agent.user} | fields)
        return refused.value.code

    assert code() == "survey_not_offered"
    survey(agents_trigger=True, frequency="everyone")
    assert code() == "survey_not_offered"
    survey(agents_trigger=True)
    assert code(actor=other.user) == "not_yours"
    end(conversation)
    assert code() == "conversation_ended"
    assert not SurveyMark.objects.exists()


# --- Without an agent, or not to the end


def shut() -> None:
    Queue.objects.filter(is_default=True).update(hours=HoursProfile.objects.create(name="Never"))


@pytest.mark.parametrize("on", [True, False])
def test_out_of_hours(acme: Any, on: bool) -> None:
    """SRV-3, SRV-4: a switch; the score counts for the interaction alone."""
    survey(frequency="everyone", out_of_hours=on)
    shut()
    conversation = arrive()
    request = asked(conversation)
    assert (request is not None) == on
    if request is not None:
        assert (request.reason, request.agent) == ("out_of_hours", None)


@pytest.mark.parametrize(
    ("switch", "cause"),
    [
        ("no_agents", EndCause.NO_AGENTS),
        ("customer_silent", EndCause.INACTIVITY),
        ("forced", EndCause.FORCED),
        ("out_of_hours", EndCause.OUT_OF_HOURS),
    ],
)
@pytest.mark.parametrize("on", [True, False])
def test_what_the_system_ends(acme: Any, switch: str, cause: EndCause, on: bool) -> None:
    """SRV-3, SRV-4: each a switch, whatever else is on; only what a supervisor closed counts for its agent."""
    survey(frequency="everyone", agents_trigger=True, **{switch: on})
    agent = make_agent()
    conversation = said(agent)
    request = end(conversation, Side.SYSTEM, cause=cause)
    assert (request is not None) == on
    if request is not None:
        assert (request.reason, request.agent_id) == (switch, agent.pk if switch == "forced" else None)


@pytest.mark.parametrize(
    ("cause", "reason", "counts"),
    [
        (ReturnCause.AGENT_INACTIVE, "agent_silent", False),
        (ReturnCause.CONSOLE_LOST, "agent_silent", False),
        (ReturnCause.REQUEUED, "everyone", True),
    ],
)
def test_who_leaves_the_queue_after_an_agent(acme: Any, cause: ReturnCause, reason: str, counts: bool) -> None:
    """SRV-3, SRV-4: left because nobody answered any more, or after an agent who did."""
    survey(frequency="everyone", agent_silent=True)
    agent = make_agent(chat=1)
    conversation = said(agent)
    agent_status_choose(agent_id=agent.pk, code="away")
    with transaction.atomic():
        conversation_return(conversation=conversation_lock(conversation.pk), cause=cause)
    request = end(conversation)
    assert request is not None
    assert (request.reason, request.agent_id) == (reason, agent.pk if counts else None)


def test_spam_is_asked_nothing(acme: Any) -> None:
    """CON-10: while it goes on, and in its wrap-up."""
    survey(frequency="everyone")
    agent = make_agent()
    conversation = said(agent)
    conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    assert asked(conversation) is None
    conversation = said(agent)
    assert end(conversation) is not None
    conversation_mark_spam(conversation_id=conversation.pk, block=False, actor=agent.user)
    assert asked(conversation) is None


def test_a_second_end_asks_anew_what_was_not_answered(acme: Any) -> None:
    """SRV-5: one per conversation, at its last end."""
    survey(frequency="everyone")
    agent = make_agent()
    conversation = said(agent)
    first = end(conversation)
    assert first is not None
    later = timezone.now() + timedelta(hours=1)
    with time_machine.travel(later, tick=False), transaction.atomic():
        again = survey_ask(conversation=conversation, cause=EndCause.ENDED)
    assert again is not None
    assert (again.pk, again.asked_at) == (first.pk, later)
    assert SurveyRequest.objects.count() == 1


# --- What the database refuses


@pytest.mark.parametrize(
    "fields",
    [
        {"score": 6},
        {"score": 0},
        {"score": 3, "answered_at": None, "via": ""},
        {"score": None},
        {"comment": "!", "answered_at": None, "score": None, "via": ""},
        {"agent": None},
        {"reason": "out_of_hours"},
        {"via": ""},
    ],
)
def test_the_database_keeps_answers_whole(acme: Any, fields: dict[str, Any]) -> None:
    survey(frequency="everyone")
    request = end(said(make_agent()))
    assert request is not None
    whole = {"score": 3, "answered_at": timezone.now(), "via": "widget"}
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyRequest.objects.filter(pk=request.pk).update(**whole | fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyRequest.objects.filter(pk=request.pk).update(expires_at=request.asked_at)


def test_what_an_end_costs(acme: Any, django_assert_num_queries: Any) -> None:
    """One look where nothing is asked."""
    (conversation,) = ended(make_agent(), 1)
    with transaction.atomic(), django_assert_num_queries(1):
        assert survey_ask(conversation=conversation, cause=EndCause.ENDED) is None
