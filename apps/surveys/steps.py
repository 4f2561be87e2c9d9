"""What is asked where a conversation ends, under its lock (SRV-2 to SRV-5)."""

from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.conversations.choices import EndCause, Side
from apps.conversations.models import Conversation
from apps.conversations.steps import timeline_record
from apps.core.events import announce
from apps.surveys import selectors
from apps.surveys.choices import ALONE, Frequency, Reason, SurveyEventKind
from apps.surveys.eligibility import is_eligible
from apps.surveys.events import SurveyAsked
from apps.surveys.models import Survey, SurveyMark, SurveyRequest


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
