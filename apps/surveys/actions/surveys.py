"""Changes of surveys, as administrators and supervisors make them (SRV-1 to SRV-3)."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.agents.reach import is_within_reach
from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.queues.models import Queue
from apps.surveys.choices import Refusal
from apps.surveys.models import Survey, SurveyQueue, SurveyRequest, SurveyText


@transaction.atomic
@audited_action("survey")
def survey_save(*, survey: Survey, queues: Iterable[Queue], actor: User | None) -> Survey:
    """Make a survey or write its changes; what was asked before stays as it was asked.

    Args:
        survey: with its new values.
        queues: the queues it serves: none for the default one, at least one for all others.
        actor: whose reach it has to be in; none is the system.

    Raises:
        DomainError: ``survey_queues``, ``survey_queue_taken``, ``survey_kind_fixed``, ``survey_not_yours``.
        ValidationError: a value is not acceptable.
    """
    queues = list(queues)
    if survey.is_default == bool(queues):
        message = _("The default serves every queue without its own; every other one names its queues.")
        raise DomainError(Refusal.SURVEY_QUEUES, message)
    before = None if survey._state.adding else Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)  # noqa: SLF001 - Django's own way to ask
    if before is not None:
        _must_reach(actor, queues_served(before))
        if before.kind != survey.kind and SurveyRequest.objects.filter(survey=survey).exists():
            message = _("Customers were asked for another score already: make a new survey for this one.")
            raise DomainError(Refusal.SURVEY_KIND_FIXED, message)
    _must_reach(actor, {queue.pk for queue in queues})
    survey.full_clean()
    survey.save()
    _serve(survey, queues)
    return survey


def _serve(survey: Survey, queues: list[Queue]) -> None:
    # The queues' rows decide between two who give the same queue a survey at the same time.
    wanted = Queue.objects.select_for_update(no_key=True).filter(pk__in=[queue.pk for queue in queues])
    rows = list(wanted.order_by("pk"))
    taken = SurveyQueue.objects.filter(queue__in=rows).exclude(survey=survey).select_related("queue", "survey").first()
    if taken is not None:
        message = _("“%(queue)s” has “%(other)s” already.") % {"queue": taken.queue, "other": taken.survey}
        raise DomainError(Refusal.SURVEY_QUEUE_TAKEN, message)
    SurveyQueue.objects.filter(survey=survey).exclude(queue__in=rows).delete()
    SurveyQueue.objects.bulk_create([SurveyQueue(queue=row, survey=survey) for row in rows], ignore_conflicts=True)


@transaction.atomic
@audited_action(lambda arguments: next((text.survey for text in (*arguments["kept"], *arguments["gone"])), None))
def survey_texts_set(*, kept: Iterable[SurveyText], gone: Iterable[SurveyText]) -> None:
    """Write what a survey says on its channels, in its languages (SRV-1).

    Args:
        kept: texts that are there from now on.
        gone: texts that are not any more.

    Raises:
        ValidationError: a value is not acceptable, or there are two for one language.
    """
    SurveyText.objects.filter(pk__in=[text.pk for text in gone]).delete()
    for text in kept:
        text.language = text.language.strip().lower()
        text.full_clean()
        text.save()


@transaction.atomic
@audited_action("survey")
def survey_delete(*, survey: Survey, actor: User | None) -> None:
    """Delete a survey that nobody was asked; its queues have the default one then.

    Raises:
        DomainError: ``survey_default``, ``survey_in_use``, ``survey_not_yours``.
    """
    _must_reach(actor, queues_served(survey))
    if survey.is_default:
        raise DomainError(Refusal.SURVEY_DEFAULT, _("The default one stays: switch it off instead."))
    if SurveyRequest.objects.filter(survey=survey).exists():
        message = _("Customers were asked “%(survey)s” already: switch it off instead of deleting it.")
        raise DomainError(Refusal.SURVEY_IN_USE, message % {"survey": survey})
    survey.delete()


def queues_served(survey: Survey) -> set[UUID]:
    """The queues that a survey names."""
    return {place.queue_id for place in survey.places.all()}


def _must_reach(actor: User | None, queues: Collection[UUID]) -> None:
    if actor is not None and not is_within_reach(actor, queues):
        raise DomainError(
            Refusal.SURVEY_NOT_YOURS, _("You set up surveys of your own queues: name one or more of them.")
        )
