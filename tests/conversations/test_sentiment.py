"""How a customer's words sound (AI-2)."""

from uuid import uuid4

import pytest

from apps.conversations.actions import message_post
from apps.conversations.models import Conversation
from apps.conversations.sentiment import Mood, mood_of, sentiment_score
from apps.conversations.steps import MessageDraft
from tests.support.people import ContactFactory, make_agent, talk

db = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("This is wonderful, thank you so much!", "en-GB", 76),
        ("This is terrible and I am furious.", "", -78),
        ("My order number is 4711.", "en", 8),
        ("Where is it?", "EN", 0),
        ("Das ist furchtbar.", "de", None),
        ("awful", "es-MX", None),
        ("fine " * 20_000, "en", 100),
    ],
)
def test_scores(text: str, language: str, expected: int | None) -> None:
    """English, or a language that is not known; others are not judged by words of English."""
    assert sentiment_score(text, language) == expected


def test_words_for_a_mean() -> None:
    assert [mood_of(mean) for mean in (None, -100, -6, -5, 0, 5, 6)] == [
        None,
        Mood.BAD,
        Mood.BAD,
        Mood.CALM,
        Mood.CALM,
        Mood.CALM,
        Mood.GOOD,
    ]


@db
def test_customers_are_scored_agents_are_not(acme: object) -> None:
    agent = make_agent()
    mine = talk(agent, body="This is terrible and I am furious.", contact=ContactFactory(language="en-US"))
    for body, side, actor in (
        ("I am sorry, that is awful", "agent", agent.user),
        ("Thank you, that is great!", "customer", None),
    ):
        message_post(conversation_id=mine.pk, draft=MessageDraft(side=side, client_id=uuid4(), body=body, author=actor))  # type: ignore[arg-type]
    mine.refresh_from_db()
    scores = list(mine.messages.filter(kind="text").values_list("sentiment", flat=True))
    assert scores == [-78, None, 78]
    assert (mine.mood_sum, mine.mood_count, mine.mood) == (0, 2, Mood.CALM)


@db
def test_a_conversation_in_another_language_has_no_mood(acme: object) -> None:
    mine = talk(make_agent(), body="terrible", contact=ContactFactory(language="fr"))
    assert (Conversation.objects.get(pk=mine.pk).mood, mine.mood_count) == (None, 0)
