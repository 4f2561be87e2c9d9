"""Surveys in a demo tenant: sent by agents in one of the two, with answers to past conversations."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from apps.conversations.choices import EndCause
from apps.conversations.models import Conversation
from apps.demo.seeds.companies import Company
from apps.demo.seeds.history import uuid_at
from apps.surveys.actions import survey_save, survey_texts_set
from apps.surveys.choices import Frequency, Reason, Via
from apps.surveys.models import Survey, SurveyRequest, SurveyText

SENT, ANSWERED, COMMENTED, BY_LINK = 0.6, 0.55, 0.35, 0.15
"""How often agents send it, customers answer, and what of that with a comment or by the link."""

SCORES = (5, 5, 5, 5, 5, 4, 4, 4, 4, 3, 3, 2, 1)

COMMENTS = {
    5: ("Quick and friendly, thank you!", "Exactly what I needed to know.", "Best chat I have had with a shop."),
    4: ("Helpful, I only had to wait a bit.", "Good advice.", "All fine."),
    3: ("The answer was right, but it took a while.", "I had to explain it twice."),
    2: ("I still don’t know when it arrives.", "Too many questions before an answer."),
    1: ("Nobody could tell me where my parcel is.",),
}

TEXTS = (
    ("", "How satisfied are you with our chat?", "Thank you! Your answer helps us to get better."),
    ("es", "¿Qué te ha parecido nuestra atención?", "¡Gracias! Tu respuesta nos ayuda a mejorar."),
    ("de", "Wie zufrieden sind Sie mit unserem Chat?", "Danke! Ihre Antwort hilft uns, besser zu werden."),
)


def surveys_make(company: Company) -> None:
    """Switched on where the company wants it: agents send it, and have sent it; else everything at its default."""
    if not company.surveys:
        return
    survey = Survey.objects.get(is_default=True)
    survey.is_active, survey.frequency, survey.agents_trigger = True, Frequency.NOBODY, True
    survey_save(survey=survey, queues=[], actor=None)
    texts = [SurveyText(survey=survey, language=tag, request=ask, thanks=thanks) for tag, ask, thanks in TEXTS]
    survey_texts_set(kept=texts, gone=[])
    past = Conversation.objects.filter(agent__isnull=False, closed_at__isnull=False, end_cause=EndCause.ENDED)
    rng = Random(f"surveys {company.schema}")  # noqa: S311 - it has to be the same every time
    # Their timelines are written already, and nothing is put in between later: they don't tell of it.
    SurveyRequest.objects.bulk_create(_asked(rng, survey, each) for each in past.order_by("pk") if rng.random() < SENT)


def _asked(rng: Random, survey: Survey, conversation: Conversation) -> SurveyRequest:
    """What was asked at the end of a conversation, and perhaps answered."""
    at = conversation.ended_at or conversation.first_arrived_at
    request = SurveyRequest(
        id=uuid_at(rng, at),
        conversation=conversation,
        survey=survey,
        queue_id=conversation.queue_id,
        agent_id=conversation.agent_id,
        kind=survey.kind,
        channel=conversation.channel,
        reason=Reason.AGENT,
        asked_at=at,
        expires_at=at + survey.open_for,
    )
    via = Via.LINK if rng.random() < BY_LINK else Via.WIDGET
    answered = at + (timedelta(hours=rng.uniform(1, 40)) if via == Via.LINK else timedelta(seconds=rng.uniform(5, 90)))
    if rng.random() < ANSWERED and answered < timezone.now():
        request.answered_at, request.via, request.score = answered, via, rng.choice(SCORES)
        if rng.random() < COMMENTED:
            request.comment = rng.choice(COMMENTS[request.score])
    return request
