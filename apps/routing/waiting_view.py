"""What a customer sees while they wait: their place, about how long, and a message (RTE-5).

Nothing of it is stored or numbered: a waiting page asks again, and gets what holds at that moment.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from math import ceil
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, IntegerField, Q, QuerySet
from django.utils import timezone

from apps.conversations.choices import SegmentKind, State
from apps.conversations.models import Conversation, Segment
from apps.core.statements import Parameter, Statement
from apps.queues.selectors import is_open
from apps.routing.matching import CONVERSATION, QUEUE
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
        is_asked: an agent is being asked at this moment: neither place nor estimate would be true.
        position: 1 is next; none when it is not shown or not known.
        minutes: the estimated wait; none when it is not shown or can't be told.
        message: the text for this moment, or empty.
    """

    position: int | None
    minutes: int | None
    message: str
    is_asked: bool = False


def waiting_view(conversation: Conversation) -> WaitingView | None:
    """What its customer sees now; nothing for a conversation that does not wait."""
    entered = conversation.queue_entered_at
    if conversation.state not in {State.WAITING, State.OFFERED} or entered is None:
        return None
    now, shown = timezone.now(), waiting_experience_for(conversation.queue_id)
    message = waiting_message(shown, now - entered)
    if conversation.state == State.OFFERED:
        return WaitingView(position=None, minutes=None, message=message, is_asked=True)
    position = None
    if shown.shows_position or shown.shows_estimate:
        position = queue_position(conversation)
    minutes = None
    if shown.shows_estimate and position is not None and is_open(conversation.queue.hours, now):
        minutes = wait_estimate(position, recent_pickups(conversation.queue_id, now))
    return WaitingView(
        position=position if shown.shows_position else None,
        minutes=minutes,
        message=message,
    )


def waiting_experience_for(queue_id: UUID) -> WaitingExperience:
    """The queue's own waiting experience, else the tenant's default; without either, the fields' defaults."""
    return _EXPERIENCE.first(queue=queue_id) or WaitingExperience()


def queue_position(conversation: Conversation) -> int | None:
    """Its place in its queue: 1 plus those who wait or ring there and come first by RTE-7.

    Each part is a range of the queue's own index, so that the cost is that of the customers before this one.

    Returns:
        Nothing beyond `COUNTED` places.
    """
    mine = {
        "queue": conversation.queue_id,
        "priority": conversation.priority,
        "arrived": conversation.first_arrived_at,
        "conversation": conversation.pk,
    }
    ahead = _waiting_ahead(conversation.returned).count(**mine)
    if ahead < COUNTED:
        ahead += _ringing_ahead(conversation.returned).count(**mine)
    return ahead + 1 if ahead < COUNTED else None


def recent_pickups(queue_id: UUID, now: datetime) -> int:
    """How many stays with an agent began in this queue within the window."""
    return _PICKED_UP.count(queue=queue_id, since=now - WINDOW, until=now)


def wait_estimate(position: int, picks: int) -> int | None:
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


def waiting_message(shown: WaitingExperience, waited: timedelta) -> str:
    """The text for somebody who has waited so long: the first message, then the repeats in turn."""
    turn = int(waited.total_seconds() // shown.repeat_seconds)
    if turn < 1 or not shown.repeats:
        return shown.first_message
    return str(shown.repeats[(turn - 1) % len(shown.repeats)])


PRIORITY, ARRIVED = Parameter("priority", IntegerField()), Parameter("arrived", DateTimeField())
SINCE, UNTIL = Parameter("since", DateTimeField()), Parameter("until", DateTimeField())


def _before(returned: bool) -> list[Q]:
    """Who comes before a conversation, in parts that are ranges of the index."""
    same_rank = Q(priority=PRIORITY, returned=returned)
    parts = [
        Q(priority__lt=PRIORITY),
        same_rank & Q(first_arrived_at__lt=ARRIVED),
        same_rank & Q(first_arrived_at=ARRIVED, pk__lt=CONVERSATION),
    ]
    return parts if returned else [*parts, Q(priority=PRIORITY, returned=True)]


@cache
def _waiting_ahead(returned: bool) -> Statement[Any]:
    """Those who wait before it; counting stops at `COUNTED`."""
    queue = Conversation.objects.filter(queue=QUEUE, state=State.WAITING).order_by()
    return Statement(lambda: _all_of([queue.filter(part).values_list("pk") for part in _before(returned)])[:COUNTED])


@cache
def _ringing_ahead(returned: bool) -> Statement[Any]:
    """Those who ring and came before it."""
    ringing = Conversation.objects.filter(queue=QUEUE, state=State.OFFERED).order_by()
    return Statement(lambda: ringing.filter(reduce(or_, _before(returned))).values_list("pk"))


def _all_of(parts: list[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = parts
    return first.union(*others, all=True)


_PICKED_UP: Statement[Any] = Statement(
    lambda: (
        Segment.objects.filter(queue=QUEUE, kind=SegmentKind.AGENT, started_at__gt=SINCE, started_at__lte=UNTIL)
        .order_by()
        .values_list("pk")
    )
)
_EXPERIENCE: Statement[WaitingExperience] = Statement(
    lambda: WaitingExperience.objects.filter(Q(queues=QUEUE) | Q(is_default=True)).order_by("is_default", "name")[:1]
)
