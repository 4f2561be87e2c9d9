"""Marking, asking and answering (SRV-2 to SRV-5).

Whether a customer is asked is decided where the conversation ends, in the same transaction: the request is written or
it is not, whatever dies afterwards. A screen shows it from what is stored.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.conversations.choices import EndCause, Side, State
from apps.conversations.models import Conversation
from apps.conversations.steps import conversation_lock, conversation_raise_version, timeline_record
from apps.conversations.text import clean_body
from apps.core.errors import DomainError
from apps.core.events import announce
from apps.masking.choices import Speaker
from apps.masking.selectors import mask_text
from apps.surveys import selectors
from apps.surveys.choices import ALONE, COMMENT_LENGTH, SCORES, Frequency, Kind, Reason, Refusal, SurveyEventKind, Via
from apps.surveys.eligibility import is_eligible
from apps.surveys.events import SurveyAsked
from apps.surveys.models import Survey, SurveyMark, SurveyRequest

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


@transaction.atomic(savepoint=False)
def survey_ask(*, conversation: Conversation, cause: EndCause) -> SurveyRequest | None:
    """A locked conversation has ended: ask its customer, where its last queue's survey wants it so (SRV-2 to SRV-5).

    It is asked once. Should a conversation end a second time, what was not answered is asked anew, by the survey of the
    queue that it ended in; an answer stays.

    Args:
        conversation: it, in its new state.
        cause: why it ended.

    Returns:
        What was asked; none where nothing is.
    """
    goes_on = cause == EndCause.MERGED  # In another conversation, which will end some time.
    survey = None if conversation.is_spam or goes_on else selectors.survey_of(conversation)
    if survey is None or not is_eligible(conversation):
        return None
    agent_id = selectors.last_agent(conversation)
    reason = _reason(survey, conversation, cause, agent_id)
    if reason is None:
        return None
    request = SurveyRequest.objects.filter(conversation=conversation).first() or SurveyRequest(
        conversation=conversation
    )
    if request.is_answered:
        return request
    now = timezone.now()
    request.survey, request.queue_id = survey, conversation.queue_id
    request.agent_id = None if reason in ALONE else agent_id
    request.kind, request.channel, request.reason = survey.kind, conversation.channel, reason
    request.asks_comment, request.asked_at, request.expires_at = survey.asks_comment, now, now + survey.open_for
    request.save()
    timeline_record(
        conversation,
        SurveyEventKind.SURVEY_ASKED,
        at=now,
        actor=None,
        side=Side.SYSTEM,
        asks=survey.kind,
        reason=reason,
    )
    announce(SurveyAsked(request))
    return request


def _reason(survey: Survey, conversation: Conversation, cause: EndCause, agent_id: UUID | None) -> Reason | None:
    """Why the customer is asked; none where they are not."""
    if case := selectors.special_reason(conversation, cause, agent_id):
        return case if getattr(survey, case.value) else None
    if agent_id is None:
        return None  # They left before anybody answered.
    if survey.frequency == Frequency.EVERYONE:
        return Reason.EVERYONE
    marked = survey.agents_trigger and SurveyMark.objects.filter(conversation=conversation).exists()
    # Every one is counted, also one that is asked for another reason.
    nth = survey.frequency == Frequency.NTH and _is_nth(survey, conversation.channel)
    if marked:
        return Reason.AGENT
    return Reason.NTH if nth else None


_COUNT = """
    INSERT INTO surveys_surveycounter AS counter (survey_id, channel, since) VALUES (%(survey)s, %(channel)s, 1)
    ON CONFLICT (survey_id, channel) DO UPDATE
        SET since = CASE WHEN counter.since + 1 >= %(nth)s THEN 0 ELSE counter.since + 1 END
    RETURNING since
"""


def _is_nth(survey: Survey, channel: str) -> bool:
    """Count one more conversation, exactly: the counter's row stays locked until this end is committed or undone.

    It is the last lock that an end takes, so nobody who holds it waits for another.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"survey": survey.pk, "channel": channel, "nth": survey.nth})
        (since,) = cursor.fetchone()
    return bool(since == 0)


@transaction.atomic(savepoint=False)
def survey_withdraw(*, conversation: Conversation) -> None:
    """A locked conversation turned out to be spam: what is not answered is not asked any more (CON-10)."""
    SurveyRequest.objects.filter(conversation=conversation, answered_at=None).delete()


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
