"""Marking, asking and answering (SRV-2 to SRV-5).

Whether a customer is asked is decided where the conversation ends, in the same transaction: the request is written or
it is not, whatever dies afterwards. A screen shows it from what is stored.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_raise_version, timeline_record
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.surveys import selectors
from apps.surveys.choices import COMMENT_LENGTH, SCORES, Kind, Refusal, SurveyEventKind, Via
from apps.surveys.models import SurveyMark, SurveyRequest

MARKABLE = (State.ACTIVE, State.SNOOZED)


@dataclass(frozen=True)
class Answer:
    """What a customer says.

    Attributes:
        score: one of `SCORES` of the survey's kind.
        comment: free words, cut to `COMMENT_LENGTH`; kept where the survey asks for them.
    """

    score: int
    comment: str = ""


# --- Before the end


@transaction.atomic
def survey_mark(*, conversation_id: UUID, on: bool, actor: User) -> Conversation:
    """The agent wants a survey to follow this conversation, or wants none any more (SRV-2).

    The mark belongs to the conversation: whoever it is transferred to finds it, and may take it off. Saying what is so
    already changes nothing.

    Args:
        conversation_id: one that the actor has and that has not ended.
        on: whether it is to follow.
        actor: its agent.

    Raises:
        DomainError: ``not_yours``, ``conversation_ended``, ``survey_not_offered``.
    """
    conversation = conversation_lock(conversation_id)
    if conversation.agent_id != actor.pk:
        raise DomainError(Refusal.NOT_YOURS, _("This conversation is not with you."))
    if conversation.state not in MARKABLE:
        raise DomainError(Refusal.CONVERSATION_ENDED, _("This conversation has ended already."))
    if not selectors.agents_trigger(selectors.survey_of(conversation)):
        raise DomainError(Refusal.SURVEY_NOT_OFFERED, _("Agents send no surveys in this queue."))
    marks = SurveyMark.objects.filter(conversation=conversation)
    if marks.exists() == on:
        return conversation
    now = timezone.now()
    if on:
        SurveyMark.objects.create(conversation=conversation, agent=actor, at=now)
    else:
        marks.delete()
    timeline_record(conversation, SurveyEventKind.SURVEY_MARKED, at=now, actor=actor, side=Side.AGENT, on=on)
    return conversation_raise_version(conversation=conversation)


# --- At the end


# --- The answer


@transaction.atomic
def survey_answer(*, conversation_id: UUID, answer: Answer, via: Via) -> SurveyRequest:
    """The customer answers, once (SRV-5). The same answer sent again is the same answer.

    Args:
        conversation_id: a conversation after which they were asked.
        answer: what they say.
        via: where they say it; whoever calls has seen to it that they may.

    Raises:
        DomainError: ``survey_unknown``, ``survey_answered``, ``survey_expired``, ``score_unknown``.
    """
    conversation = conversation_lock(conversation_id)
    request = SurveyRequest.objects.filter(conversation=conversation).first()
    if request is None:
        raise DomainError(Refusal.SURVEY_UNKNOWN, _("There is no survey to be answered here."))
    comment = _comment(conversation, answer.comment) if request.asks_comment else ""
    if request.is_answered:
        if (request.score, request.comment, request.via) == (answer.score, comment, via):
            return request
        raise DomainError(Refusal.SURVEY_ANSWERED, _("This survey has been answered already. Thank you!"))
    now = timezone.now()
    if not request.is_open(now):
        raise DomainError(Refusal.SURVEY_EXPIRED, _("This survey can't be answered any more."))
    if answer.score not in SCORES[Kind(request.kind)]:
        raise DomainError(Refusal.SCORE_UNKNOWN, _("Please choose one of the answers."))
    request.score, request.comment, request.answered_at, request.via = answer.score, comment, now, via
    request.save(update_fields=["score", "comment", "answered_at", "via"])
    timeline_record(
        conversation,
        SurveyEventKind.SURVEY_ANSWERED,
        at=now,
        actor=None,
        side=Side.CUSTOMER,
        asks=request.kind,
        score=answer.score,
    )
    conversation_raise_version(conversation=conversation)
    return request


def _comment(conversation: Conversation, text: str) -> str:
    """As it is kept: what no message may hold, no comment holds (FRM-6)."""
    plain = clean_body(text[: 2 * COMMENT_LENGTH], may_be_empty=True)
    return mask_text(plain, queue_id=conversation.queue_id, who=Speaker.CUSTOMER).text[:COMMENT_LENGTH].rstrip()
