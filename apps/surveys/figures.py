"""Figures of surveys, each computed by the database in one statement, with its definition (SUP-4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, FloatField, Q, QuerySet
from django.db.models.functions import Cast, NullIf
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.surveys.choices import DETRACTORS_TO, PROMOTERS_FROM, Kind
from apps.surveys.models import SurveyRequest

DEFINITIONS: dict[str, str | Promise] = {
    "csat": _("The mean of the scores from 1 to 5 that customers gave: their sum divided by their number."),
    "nps": _(
        "Of the scores from 0 to 10: the share of 9 and 10 minus the share of 0 to 6, in percentage points. "
        "7 and 8 count as answers only."
    ),
    "likes": _("The share of likes among likes and dislikes."),
    "rate": _("Surveys that were answered, of all that were sent in this time. Spam is left out."),
}
"""What each figure means, as pages print it beside the figure."""


@dataclass(frozen=True)
class Figures:
    """Figures of the surveys that were sent in a span of time; none where there was nothing to measure.

    Attributes:
        asked: how many were sent.
        answered: how many of them were answered, whenever that was.
        rate: the same as a share, in hundredths.
        csat: mean of 1 to 5.
        nps: from -100 to 100.
        likes: share of likes, in hundredths.
    """

    asked: int
    answered: int
    rate: float | None
    csat: float | None
    csat_number: int
    nps: float | None
    nps_number: int
    likes: float | None
    likes_number: int

    @property
    def rate_shown(self) -> str:
        """The response rate as people read it."""
        return DASH if self.rate is None else _percent(self.rate)

    @property
    def csat_shown(self) -> str:
        """The mean, with two places."""
        return DASH if self.csat is None else number_format(self.csat, decimal_pos=2)

    @property
    def nps_shown(self) -> str:
        """With its sign."""
        return DASH if self.nps is None else f"{round(self.nps):+d}"

    @property
    def likes_shown(self) -> str:
        """The share of likes as people read it."""
        return DASH if self.likes is None else _percent(self.likes)

    @property
    def rate_note(self) -> str:
        """How many answers there are of how many surveys."""
        return _t("%(answered)d of %(asked)d") % {"answered": self.answered, "asked": self.asked}

    @property
    def csat_note(self) -> str:
        """What the mean is made of."""
        return _answers(self.csat_number)

    @property
    def nps_note(self) -> str:
        """What it is made of."""
        return _answers(self.nps_number)

    @property
    def likes_note(self) -> str:
        """What the share is made of."""
        return _answers(self.likes_number)


DASH = "–"


def _answers(number: int) -> str:
    if not number:
        return _t("No survey answered")
    return ngettext("%(number)d answer", "%(number)d answers", number) % {"number": number}


def _percent(share: float) -> str:
    return f"{round(share)}\u202f%"


def figure_expressions(prefix: str = "", only: Q | None = None) -> dict[str, Any]:
    """The expressions of all figures, by the names of `Figures`.

    Args:
        prefix: the way to the requests from where they are asked for, such as ``requests__``.
        only: which requests count.
    """
    counts = Q(**{f"{prefix}conversation__is_spam": False}) & (only or Q())

    def number(**wanted: Any) -> Count:
        return Count(f"{prefix}pk", filter=counts & Q(**{f"{prefix}{name}": value for name, value in wanted.items()}))

    def mean(kind: Kind) -> Avg:
        return Avg(f"{prefix}score", filter=counts & Q(**{f"{prefix}kind": kind}))

    def share(part: Any, whole: Any) -> Any:
        return Cast(part, FloatField()) * 100.0 / NullIf(Cast(whole, FloatField()), 0.0)

    answered = {kind: number(kind=kind, answered_at__isnull=False) for kind in Kind}
    promoters = number(kind=Kind.NPS, score__gte=PROMOTERS_FROM)
    detractors = number(kind=Kind.NPS, score__lte=DETRACTORS_TO)
    return {
        "asked": number(),
        "answered": number(answered_at__isnull=False),
        "rate": share(number(answered_at__isnull=False), number()),
        "csat": mean(Kind.CSAT),
        "csat_number": answered[Kind.CSAT],
        "nps": share(promoters - detractors, answered[Kind.NPS]),
        "nps_number": answered[Kind.NPS],
        "likes": share(number(kind=Kind.LIKE, score=1), answered[Kind.LIKE]),
        "likes_number": answered[Kind.LIKE],
    }


def figures_of(requests: QuerySet[SurveyRequest]) -> Figures:
    """The figures of some requests, in one query."""
    return Figures(**requests.order_by().aggregate(**figure_expressions()))


def figures_of_agent(agent_id: UUID, *, since: datetime, until: datetime) -> Figures:
    """What counts for an agent (SRV-4), of the surveys that were sent in a span of time.

    Args:
        agent_id: the agent's user.
        since: start of the span.
        until: its end, which does not belong to it.
    """
    return figures_of(SurveyRequest.objects.filter(agent=agent_id, asked_at__gte=since, asked_at__lt=until))
