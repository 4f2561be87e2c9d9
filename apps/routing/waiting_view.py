"""What a customer sees while they wait: their place, about how long, and a message (RTE-5).

Nothing of it is stored or numbered: a waiting page asks again, and gets what holds at that moment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.conversations.choices import SegmentKind, State
from apps.conversations.models import Conversation, Segment
from apps.queues.selectors import is_open
from apps.routing.models import WaitingExperience

WINDOW = timedelta(minutes=30)
"""How far back a queue's pick-ups are counted."""

LEAST_PICKED_UP = 3
"""With fewer pick-ups in the window nothing is said about the wait."""

COUNTED = 1000
"""Further back in line a number helps nobody: it is neither counted nor shown."""


@dataclass(frozen=True)
class WaitingView:
    """What the page shows now.

    Attributes:
        position: 1 is next; none when it is not shown or not known.
        minutes: the estimated wait; none when it is not shown or can't be told.
        message: the text for this moment, or empty.
    """

    position: int | None
    minutes: int | None
    message: str


def waiting_view(conversation: Conversation) -> WaitingView | None:
    """What its customer sees now; nothing for a conversation that does not wait."""
    entered = conversation.queue_entered_at
    if conversation.state not in {State.WAITING, State.OFFERED} or entered is None:
        return None
    now, shown = timezone.now(), experience_for(conversation.queue_id)
    position = None
    if shown.shows_position or shown.shows_estimate:
        position = position_of(conversation)
    minutes = None
    if shown.shows_estimate and position is not None and is_open(conversation.queue.hours, now):
        minutes = estimate(position, picked_up(conversation.queue_id, now))
    return WaitingView(
        position=position if shown.shows_position else None,
        minutes=minutes,
        message=message_at(shown, now - entered),
    )


def experience_for(queue_id: UUID) -> WaitingExperience:
    """The queue's own waiting experience, else the tenant's default; without either, the fields' defaults."""
    serving = WaitingExperience.objects.filter(Q(queues=queue_id) | Q(is_default=True))
    return serving.order_by("is_default", "name").first() or WaitingExperience()


def position_of(conversation: Conversation) -> int | None:
    """Its place in its queue: 1 plus those who wait or ring there and come first by RTE-7.

    Each part is a range of the queue's own index, so that the cost is that of the customers before this one.

    Returns:
        Nothing beyond `COUNTED` places.
    """
    queue = Conversation.objects.filter(queue=conversation.queue_id).order_by()
    waiting = [queue.filter(part, state=State.WAITING) for part in _before(conversation)]
    ahead = _up_to(waiting, COUNTED)
    if ahead < COUNTED:
        first, *others = _before(conversation)
        for other in others:
            first |= other
        ahead += queue.filter(first, state=State.OFFERED).count()
    return ahead + 1 if ahead < COUNTED else None


def picked_up(queue_id: UUID, now: datetime) -> int:
    """How many stays with an agent began in this queue within the window."""
    stays = Segment.objects.filter(queue=queue_id, kind=SegmentKind.AGENT, started_at__gt=now - WINDOW)
    return stays.filter(started_at__lte=now).count()


def estimate(position: int, picks: int) -> int | None:
    """Minutes until somebody at this place is picked up, if the queue goes on as in the window, rounded up.

    Args:
        position: 1 is next.
        picks: how many were picked up within the window.

    Returns:
        Nothing with fewer than `LEAST_PICKED_UP`: honest silence.
    """
    if picks < LEAST_PICKED_UP:
        return None
    return ceil(position * (WINDOW / timedelta(minutes=1)) / picks)


def message_at(shown: WaitingExperience, waited: timedelta) -> str:
    """The text for somebody who has waited so long: the first message, then the repeats in turn."""
    turn = int(waited.total_seconds() // shown.repeat_seconds)
    if turn < 1 or not shown.repeats:
        return shown.first_message
    return str(shown.repeats[(turn - 1) % len(shown.repeats)])


def _before(mine: Conversation) -> list[Q]:
    """Who comes before it, in parts that are ranges of the index."""
    same_rank = Q(priority=mine.priority, returned=mine.returned)
    parts = [
        Q(priority__lt=mine.priority),
        same_rank & Q(first_arrived_at__lt=mine.first_arrived_at),
        same_rank & Q(first_arrived_at=mine.first_arrived_at, pk__lt=mine.pk),
    ]
    return parts if mine.returned else [*parts, Q(priority=mine.priority, returned=True)]


def _up_to(parts: list[QuerySet[Conversation]], most: int) -> int:
    """How many rows there are in all; counting stops at `most`."""
    first, *others = (part.values("pk") for part in parts)
    return first.union(*others, all=True)[:most].count()
