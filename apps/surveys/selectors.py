"""Reads of surveys."""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.conversations.choices import ENDED_STATES, EndCause, EventKind, ReturnCause, SegmentKind
from apps.conversations.models import Conversation, ConversationEvent, Segment
from apps.core.languages import language_fallbacks, supported_language
from apps.surveys.choices import ASKED_IN, BY_CAUSE, Frequency, Kind, Reason
from apps.surveys.models import Survey, SurveyRequest, SurveyText

SILENT: Final = (ReturnCause.AGENT_INACTIVE, ReturnCause.NO_FIRST_RESPONSE, ReturnCause.CONSOLE_LOST)
"""It went back to its queue because the agent who had it said nothing, or was gone."""

REQUESTS: Final[dict[Kind, Promise]] = {
    Kind.CSAT: _("How satisfied are you with this conversation?"),
    Kind.NPS: _("How likely are you to recommend us to a friend or colleague?"),
    Kind.LIKE: _("Was this conversation helpful?"),
}
THANKS: Final = _("Thank you for your feedback.")
"""What is said where a survey has no words of its own."""


def survey_for(queue_id: UUID) -> Survey | None:
    """The survey that serves a queue: its own, else the default one. None while that one is switched off."""
    serving = Survey.objects.filter(Q(places__queue=queue_id) | Q(is_default=True))
    found = serving.order_by("is_default").first()
    return found if found is not None and found.is_active else None


def survey_of(conversation: Conversation) -> Survey | None:
    """The survey that a conversation's customer may be asked: that of its queue, on channels that can ask."""
    return survey_for(conversation.queue_id) if conversation.channel in ASKED_IN else None


def agents_trigger(survey: Survey | None) -> bool:
    """Whether agents decide if the customer is asked: not where everybody is asked anyway."""
    return survey is not None and survey.agents_trigger and survey.frequency != Frequency.EVERYONE


def last_agent(conversation: Conversation) -> UUID | None:
    """Who handled it last (SRV-4); none where no agent took part."""
    if conversation.agent_id is not None:
        return conversation.agent_id
    stays = Segment.objects.filter(conversation=conversation, kind=SegmentKind.AGENT)
    return stays.order_by("-started_at").values_list("agent", flat=True).first()


def special_reason(conversation: Conversation, cause: EndCause, agent_id: UUID | None) -> Reason | None:
    """Why this is no end between an agent and a customer, if it is none (SRV-3).

    Args:
        conversation: one that has just ended.
        cause: why.
        agent_id: who handled it last.
    """
    if cause in BY_CAUSE:
        return BY_CAUSE[cause]
    if cause != EndCause.ABANDONED or agent_id is None:
        return None
    # Nobody had it when its customer left, but somebody had it before: because that one was silent?
    told = ConversationEvent.objects.filter(conversation=conversation)
    moves = told.filter(kind__in=[EventKind.ACCEPTED, EventKind.RETURNED, EventKind.TRANSFERRED])
    for kind, data in moves.order_by("-pk").values_list("kind", "data"):
        if kind != EventKind.RETURNED:
            break
        if data.get("cause") in SILENT:
            return Reason.AGENT_SILENT
    return None


def request_of(conversation: Conversation) -> SurveyRequest | None:
    """What the customer of a conversation that is over was asked, with its survey."""
    if conversation.state not in ENDED_STATES:
        return None
    return SurveyRequest.objects.select_related("survey").filter(conversation=conversation).first()


def request_by_link(request_id: UUID) -> SurveyRequest | None:
    """What a link is for; spam that was answered before it was found out is asked no more (CON-10)."""
    known = SurveyRequest.objects.select_related("survey", "conversation__agent")
    return known.filter(pk=request_id, conversation__is_spam=False).first()


@dataclass(frozen=True)
class SurveyWording:
    """What a survey says."""

    request: str
    thanks: str


def survey_wording(request: SurveyRequest, language: str) -> SurveyWording:
    """What a survey says on its channel, in a language; each text the closest one that there is.

    Args:
        request: with its survey.
        language: the customer's tag, such as ``pt-BR``.
    """
    wanted = language_fallbacks(language)
    rows = SurveyText.objects.filter(survey=request.survey_id, channel=request.channel, language__in=wanted)
    found = sorted(rows, key=lambda row: wanted.index(row.language))
    with translation.override(supported_language(language)):
        return SurveyWording(
            request=next((row.request for row in found if row.request), str(REQUESTS[Kind(request.kind)])),
            thanks=next((row.thanks for row in found if row.thanks), str(THANKS)),
        )


def request_state(request: SurveyRequest) -> Literal["open", "answered", "expired"]:
    """Whether it is ``open``, ``answered`` or ``expired``."""
    if request.is_answered:
        return "answered"
    return "open" if request.is_open(timezone.now()) else "expired"
