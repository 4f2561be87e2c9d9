"""What a customer is asked after a chat, as the widget's socket tells and takes it (SRV-3, SRV-5)."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.chat import limits
from apps.chat.models import WidgetChannel
from apps.conversations.actions import conversation_end, message_post
from apps.conversations.choices import Side
from apps.conversations.models import Conversation
from apps.conversations.steps import MessageDraft
from apps.queues.models import HoursProfile, Queue
from apps.routing.actions import offer_accept
from apps.surveys.models import SurveyRequest
from tests.support.people import make_agent, ringing
from tests.support.surveys import survey
from tests.support.widget import Widget, widget

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("layer")]


def finish(conversation: str) -> None:
    """An agent takes it, says something, ends it."""
    row = Conversation.objects.get(pk=UUID(conversation))
    offer = ringing(row)
    assert offer is not None
    user = offer.agent
    offer_accept(offer_id=offer.pk, actor=user)
    message_post(conversation_id=row.pk, draft=MessageDraft(side=Side.AGENT, client_id=uuid4(), body="Hi", author=user))
    conversation_end(conversation_id=row.pk, by=Side.AGENT, actor=user)


async def over(page: Widget, **fields: Any) -> str:
    """A chat with an agent that has ended; its customer is asked."""
    await page.db(survey, frequency="everyone", **fields)
    await page.db(make_agent)
    await page.hello()
    ack = await page.start()
    conversation = str(ack["conversation"]["id"])
    await page.db(finish, conversation)
    return conversation


async def asked(page: Widget, conversation: str) -> Any:
    return (await page.ask("sync", conversations={conversation: 0}))["survey"]


async def test_it_is_asked_with_the_end_and_answered_once(acme: Any) -> None:
    """SRV-5: with every sync, with the welcome after a reload; sent twice it is one answer."""
    async with widget(acme) as page:
        conversation = await over(page)
        found = await asked(page, conversation)
        assert found.pop("expires_at")
        assert found == {
            "kind": "csat",
            "state": "open",
            "request": "How satisfied are you with this conversation?",
            "thanks": "Thank you for your feedback.",
            "asks_comment": True,
            "score": None,
        }
        async with widget(acme) as reloaded:
            welcome = await reloaded.hello(page.welcome["token"])
            assert welcome["survey"]["state"] == "open"
        for _ in range(2):
            ack = await page.ask("answer_survey", conversation=conversation, score=5, comment="Great")
            assert (ack["type"], ack["survey"]["state"], ack["survey"]["score"]) == ("ack", "answered", 5)
        other = await page.ask("answer_survey", conversation=conversation, score=1, comment="")
        assert (other["type"], other["code"]) == ("error", "survey_answered")
        assert (await asked(page, conversation))["state"] == "answered"
        kept = await page.db(SurveyRequest.objects.get)
        assert (kept.score, kept.comment, kept.via) == (5, "Great", "widget")


async def test_nothing_is_asked_before_the_end_or_where_nothing_is(acme: Any) -> None:
    async with widget(acme) as page:
        await page.db(survey, frequency="everyone")
        assert (await page.hello())["survey"] is None
        conversation = str((await page.start())["conversation"]["id"])
        assert await asked(page, conversation) is None
        answer = await page.ask("answer_survey", conversation=conversation, score=3)
        assert answer["code"] == "survey_unknown"
        await page.ask("end", conversation=conversation)
        assert await asked(page, conversation) is None


async def test_out_of_hours_it_follows_the_flow(acme: Any) -> None:
    """SRV-3."""

    def shut() -> None:
        Queue.objects.filter(is_default=True).update(hours=HoursProfile.objects.create(name="Never"))
        WidgetChannel.objects.update(need_email=False)
        survey(out_of_hours=True, kind="like")

    async with widget(acme) as page:
        await page.db(shut)
        await page.hello()
        ack = await page.start(email="")
        assert ack["conversation"]["state"] == "closed"
        conversation = str(ack["conversation"]["id"])
        found = await asked(page, conversation)
        assert (found["kind"], found["request"]) == ("like", "Was this conversation helpful?")
        assert (await page.ask("answer_survey", conversation=conversation, score=0))["survey"]["score"] == 0


async def test_what_is_no_answer_is_refused(acme: Any) -> None:
    async with widget(acme) as page:
        conversation = await over(page)
        for fields, code in (
            ({"score": 0}, "score_unknown"),
            ({"score": 11}, "bad_frame"),
            ({"score": "5"}, "bad_frame"),
            ({"score": 5, "comment": "x" * 1001}, "bad_frame"),
            ({}, "bad_frame"),
        ):
            answer = await page.ask("answer_survey", conversation=conversation, **fields)
            assert (answer["type"], answer["code"]) == ("error", code), fields


async def test_another_browsers_survey_is_none(acme: Any) -> None:
    async with widget(acme) as page, widget(acme) as other:
        conversation = await over(page)
        await other.hello()
        answer = await other.ask("answer_survey", conversation=conversation, score=5)
        assert answer["code"] == "conversation_unknown"


async def test_answers_are_limited(acme: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SURVEY_BY_VISITOR", limits.Limit(f"test-{uuid4()}", 1, 60))
    async with widget(acme, address="203.0.113.9") as page:
        conversation = await over(page)
        answers = [await page.ask("answer_survey", conversation=conversation, score=0) for _ in range(2)]
        assert [answer["code"] for answer in answers] == ["score_unknown", "slow_down"]
