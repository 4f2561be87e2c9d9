"""How a customer's words sound: a score for each message, and their mean (AI-2). Nothing leaves the machine."""

from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

SCORED_CHARACTERS = 240
"""How much of a message is read: the lexicon's rules take time that grows with the square of it."""
CALM = 5
"""A score up to this far from zero is neither good nor bad, as the lexicon's authors draw the line."""


class Mood(models.TextChoices):
    """A score in a word."""

    GOOD = "good", _("Positive")
    CALM = "calm", _("Neutral")
    BAD = "bad", _("Negative")


def sentiment_score(text: str, language: str) -> int | None:
    """How a message sounds, from -100 (bad) to 100 (good).

    About 0.1 ms; the first call of a process reads the lexicon, 35 ms.

    Args:
        text: what the customer wrote; its first `SCORED_CHARACTERS` count.
        language: the conversation's tag. The lexicon knows English: of any other language nothing is said.
    """
    if not text:
        return None  # A file alone.
    if language and language.lower().split("-")[0] != "en":
        return None
    compound: float = _lexicon().polarity_scores(text[:SCORED_CHARACTERS])["compound"]
    return round(compound * 100)


def mood_of(mean: int | None) -> Mood | None:
    """The word for a mean of scores; none where nothing was scored."""
    if mean is None:
        return None
    if abs(mean) <= CALM:
        return Mood.CALM
    return Mood.GOOD if mean > 0 else Mood.BAD


@cache
def _lexicon() -> Any:
    # Loaded by the first message that is scored: processes that never post one don't pay for it.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
