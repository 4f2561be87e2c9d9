"""What a customer's page is told of a survey."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from apps.conversations.models import Conversation
from apps.surveys import selectors
from apps.surveys.choices import Kind
from apps.surveys.models import SurveyRequest


class SurveyView(Struct, frozen=True):
    """What is asked after a conversation, in the customer's language, and how it stands."""

    kind: Kind
    state: Literal["open", "answered", "expired"]
    request: str
    thanks: str
    asks_comment: bool
    score: int | None
    expires_at: datetime


def survey_view(request: SurveyRequest, language: str) -> SurveyView:
    """A request as its customer sees it; needs `survey` loaded."""
    words = selectors.survey_wording(request, language)
    return SurveyView(
        kind=Kind(request.kind),
        state=selectors.request_state(request),
        request=words.request,
        thanks=words.thanks,
        asks_comment=request.asks_comment,
        score=request.score,
        expires_at=request.expires_at,
    )


def survey_view_of(conversation: Conversation) -> SurveyView | None:
    """What the customer of a conversation is asked; none before its end, and where nothing is asked (SRV-5)."""
    request = selectors.request_of(conversation)
    return survey_view(request, conversation.language) if request is not None else None
