"""An agent's own figures (CON-7), each derived from what is stored, with its definition (SUP-4).

A stay is the time that a conversation is with the agent: from being accepted until it is closed or moves on. It counts
where it ends, so every figure of stays speaks of the same ones. Spam is outside of all of them (CON-10). What a stay
was spent with is for `apps/snooze/intervals.py` to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, DurationField, Exists, Max, OuterRef, Sum
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.agents.choices import Base
from apps.agents.models import StatusInterval
from apps.conversations.choices import EndCause, EventKind, SegmentKind, Side
from apps.conversations.models import ConversationEvent, Segment
from apps.dispositions.models import Choice
from apps.routing.choices import OfferState
from apps.routing.models import Offer
from apps.snooze.choices import MEANINGS, Kind
from apps.snooze.intervals import intervals_in, time_spent
from apps.surveys.figures import DEFINITIONS as SURVEY_DEFINITIONS
from apps.surveys.figures import Figures as SurveyFigures
from apps.surveys.figures import figures_of_agent
from apps.transfers.choices import TransferEventKind

DEFINITIONS: dict[str, str | Promise] = {
    "stay": _(
        "A stay is the time a conversation is with you. It counts on the day on which it ends. Spam is left out."
    ),
    "handled": _("Stays that ended with the conversation: after the wrap-up, or at once where there is none."),
    "transferred": _("Stays that ended because you transferred the conversation to a queue or a colleague."),
    "returned": _("Stays that ended because the conversation went back, for example after you were away too long."),
    "abandoned": _(
        "Handled ones in which the customer left before your first message, or fell silent until the conversation "
        "closed by itself."
    ),
    "first_response": _("From accepting a conversation to your first message in it. Stays without one do not count."),
    "handle": format_lazy(
        "{} {} {}",
        _("Handling and wrap-up of a stay together."),
        MEANINGS[Kind.HANDLING],
        MEANINGS[Kind.WRAP_UP],
    ),
    "wrap_up": format_lazy("{} {}", MEANINGS[Kind.WRAP_UP], _("Stays without one do not count.")),
    "offers": _(
        "Offers that began to ring in this time, by what became of them. Withdrawn ones stopped ringing without you: "
        "the customer left, or another offer of yours was not answered."
    ),
    "statuses": _("How long you were in each status, cut at midnight; the time you were offline is left out."),
    "outcomes": _("What was chosen in the wrap-ups of the conversations you handled."),
    "surveys": _(
        "Surveys that were sent in this time and count for you: you handled the conversation last, and you or the "
        "customer ended it."
    ),
    **SURVEY_DEFINITIONS,
}
"""What each figure means, as the page prints it beside the figure (SUP-4)."""


@dataclass(frozen=True)
class Stays:
    """Figures of the stays that ended in a span of time; lengths are None where there was nothing to measure."""

    handled: int
    transferred: int
    returned: int
    abandoned: int
    first_response_mean: timedelta | None
    first_response_median: timedelta | None
    handle_mean: timedelta | None
    handle_median: timedelta | None
    wrap_up_mean: timedelta | None
    wrap_up_median: timedelta | None


class Part(NamedTuple):
    """One part of a whole.

    Attributes:
        name: what it is called.
        amount: how many, or how long.
        start: where it begins, in hundredths of the whole.
        share: how much of the whole it is, in hundredths.
        kind: the base type of a status, the state of an offer, the set of an outcome.
    """

    name: str
    amount: Any
    start: float
    share: float
    kind: str


@dataclass(frozen=True)
class Figures:
    """An agent's own figures of a span of time (CON-7)."""

    stays: Stays
    offers: list[Part]
    statuses: list[Part]
    outcomes: list[Part]
    surveys: SurveyFigures

    @property
    def offered(self) -> int:
        """All offers."""
        return sum(part.amount for part in self.offers)

    @property
    def has_outcome_sets(self) -> bool:
        """Whether outcomes are of several sets: codes of one name, such as the system's own, are in each of them."""
        return len({part.kind for part in self.outcomes}) > 1

    @property
    def signed_in(self) -> timedelta:
        """The time in any status but Offline."""
        return sum((part.amount for part in self.statuses), timedelta())


def figures_for(agent_id: UUID, *, since: datetime, until: datetime) -> Figures:
    """All figures of one agent, in five queries however much there is.

    Args:
        agent_id: the agent's user.
        since: start of the span.
        until: its end, which does not belong to it.
    """
    stays = _stays(agent_id, since, until)
    return Figures(
        stays=_stay_figures(stays),
        offers=_offers(agent_id, since, until),
        statuses=_statuses(agent_id, since, until),
        outcomes=_outcomes(stays),
        surveys=figures_of_agent(agent_id, since=since, until=until),
    )


def _stays(agent_id: UUID, since: datetime, until: datetime) -> list[Any]:
    """The agent's stays that ended in the span, and how each did: the instant is the same in all that was written."""
    mine = Segment.objects.filter(kind=SegmentKind.AGENT, agent=agent_id, conversation__is_spam=False)
    over = mine.filter(ended_at__gte=since, ended_at__lt=until).annotate(over_at=Coalesce("wrap_up_at", "ended_at"))
    following = Segment.objects.filter(conversation=OuterRef("conversation"), started_at=OuterRef("ended_at"))
    told = ConversationEvent.objects.filter(conversation=OuterRef("conversation"))
    stays = over.annotate(
        moved=Exists(following.exclude(pk=OuterRef("pk"))),
        # To a queue at once; to a colleague by an offer of the agent's own. What came back by itself is none.
        handed=Exists(told.filter(kind=EventKind.TRANSFERRED, at=OuterRef("ended_at"), actor=agent_id))
        | Exists(told.filter(kind=EventKind.TRANSFERRED, at=OuterRef("ended_at")))
        & Exists(
            told.filter(
                kind=TransferEventKind.TRANSFER_ASKED,
                actor=agent_id,
                at__gte=OuterRef("started_at"),
                at__lte=OuterRef("ended_at"),
            )
        ),
        silent=Exists(told.filter(kind=EventKind.ENDED, at=OuterRef("over_at"), data__cause=EndCause.INACTIVITY)),
        left=Exists(told.filter(kind=EventKind.ENDED, at=OuterRef("over_at"), side=Side.CUSTOMER)),
    )
    return list(stays)


def _stay_figures(stays: list[Any]) -> Stays:
    spent = {pk: time_spent(intervals, timezone.now()) for pk, intervals in intervals_in(stays).items()}
    answered = [stay.first_response_at - stay.started_at for stay in stays if stay.first_response_at]
    handle = [spent[stay.pk][Kind.HANDLING] + spent[stay.pk][Kind.WRAP_UP] for stay in stays]
    wrap_up = [spent[stay.pk][Kind.WRAP_UP] for stay in stays if stay.wrap_up_at]
    return Stays(
        handled=sum(not stay.moved for stay in stays),
        transferred=sum(stay.moved and stay.handed for stay in stays),
        returned=sum(stay.moved and not stay.handed for stay in stays),
        abandoned=sum(_is_abandoned(stay) for stay in stays),
        first_response_mean=_mean(answered),
        first_response_median=_median(answered),
        handle_mean=_mean(handle),
        handle_median=_median(handle),
        wrap_up_mean=_mean(wrap_up),
        wrap_up_median=_median(wrap_up),
    )


def _is_abandoned(stay: Any) -> bool:
    return not stay.moved and (stay.silent or (stay.left and stay.first_response_at is None))


def _mean(lengths: list[timedelta]) -> timedelta | None:
    return sum(lengths, timedelta()) / len(lengths) if lengths else None


def _median(lengths: list[timedelta]) -> timedelta | None:
    """The length that half of them stay below."""
    return median(lengths) if lengths else None  # type: ignore[type-var]


def _offers(agent_id: UUID, since: datetime, until: datetime) -> list[Part]:
    mine = Offer.objects.filter(agent=agent_id, conversation__is_spam=False)
    rang = mine.filter(created_at__gte=since, created_at__lt=until).order_by()
    counted = dict(rang.values_list("state").annotate(number=Count("pk")))
    shown = [state for state in OfferState if state != OfferState.RINGING or counted.get(state)]
    return parts_of_whole((str(state.label), counted.get(state, 0), state.value) for state in shown)


def _statuses(agent_id: UUID, since: datetime, until: datetime) -> list[Part]:
    """Time in each status. Intervals follow each other: the one that `since` lies in began last before it."""
    until = min(until, timezone.now())
    every = StatusInterval.objects.filter(agent=agent_id).order_by()
    running = every.filter(started_at__lte=since).values("agent").annotate(last=Max("started_at")).values("last")
    touching = every.filter(started_at__gte=Coalesce(running, since), started_at__lt=until).exclude(base=Base.OFFLINE)
    spent = Least(Coalesce("ended_at", until), until) - Greatest("started_at", since)
    rows = touching.values("base", "label").annotate(spent=Sum(spent, output_field=DurationField()))
    order = {base.value: place for place, base in enumerate(Base)}
    found = [row for row in rows if row["spent"] > timedelta()]
    found.sort(key=lambda row: (order[row["base"]], -row["spent"]))
    return parts_of_whole((row["label"], row["spent"], row["base"]) for row in found)


def _outcomes(stays: list[Any]) -> list[Part]:
    handled = [stay.conversation_id for stay in stays if not stay.moved]
    chosen = Choice.objects.filter(conversation__in=handled).order_by()
    rows = (
        chosen.values_list("code_name", "set_name")
        .annotate(number=Count("pk"))
        .order_by("set_name", "-number", "code_name")
    )
    return parts_of_whole((code, number, of_set) for code, of_set, number in rows)


def parts_of_whole(rows: Iterable[tuple[str, Any, str]]) -> list[Part]:
    """Amounts as parts of their sum.

    Args:
        rows: name, amount (numbers or lengths of time) and kind of each.
    """
    known = list(rows)
    sizes = [amount.total_seconds() if isinstance(amount, timedelta) else amount for _name, amount, _kind in known]
    whole = sum(sizes) or 1
    start, found = 0.0, []
    for (name, amount, kind), size in zip(known, sizes, strict=True):
        found.append(Part(name, amount, round(start, 3), round(100 * size / whole, 3), kind))
        start += 100 * size / whole
    return found
