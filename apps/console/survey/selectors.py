"""Surveys as the pane and the panel show them (SRV-2, SRV-4)."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.conversations.choices import ENDED_STATES
from apps.conversations.models import Conversation
from apps.surveys.actions import MARKABLE
from apps.surveys.choices import Frequency, Kind
from apps.surveys.models import SurveyRequest
from apps.surveys.selectors import agents_trigger, survey_of
from apps.surveys.text import score_text


@dataclass(frozen=True)
class SurveyBar:
    """What a pane shows of surveys.

    Attributes:
        offers: whether its agent may send one: then there is a switch.
        follows: whether one follows, when the agent or the customer ends.
        result: what became of it, once it was sent.
    """

    offers: bool
    follows: bool
    result: "SurveyResult | None"


@dataclass(frozen=True)
class SurveyResult:
    """A survey that was sent, and what was answered.

    Attributes:
        state: ``open``, ``answered`` or ``expired``.
        kind: of the survey.
        words: the score, or how the survey stands.
        stars: for each of five, whether it is given; empty for other kinds.
        comment: what the customer wrote with it.
    """

    state: str
    kind: str
    words: str
    stars: list[bool]
    comment: str


def survey_bar(conversation: Conversation) -> SurveyBar:
    """What the pane of one of an agent's conversations shows: in one query while it lives, in none later.

    Args:
        conversation: with `survey_mark` and `survey_request` selected.
    """
    if conversation.state not in MARKABLE:
        return SurveyBar(offers=False, follows=False, result=survey_result_of(conversation))
    survey = survey_of(conversation)
    offers = agents_trigger(survey)
    everyone = survey is not None and survey.frequency == Frequency.EVERYONE
    marked = offers and getattr(conversation, "survey_mark", None) is not None
    return SurveyBar(offers=offers, follows=everyone or marked, result=None)


def survey_result_of(conversation: Any) -> SurveyResult | None:
    """What became of a conversation's survey; none where none was sent.

    Args:
        conversation: with `survey_request` selected.
    """
    request: SurveyRequest | None = getattr(conversation, "survey_request", None)
    if request is None or conversation.state not in ENDED_STATES or conversation.is_spam:
        return None
    stars = [] if request.kind != Kind.CSAT else [star <= (request.score or 0) for star in range(1, request.best + 1)]
    if request.is_answered:
        return SurveyResult("answered", request.kind, score_text(request), stars, request.comment)
    if request.is_open(timezone.now()):
        return SurveyResult("open", request.kind, _("Sent, not answered yet"), stars, "")
    return SurveyResult("expired", request.kind, _("Not answered in time"), stars, "")
