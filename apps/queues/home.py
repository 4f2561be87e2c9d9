"""What this app shows on the admin's home."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.home.choices import Tone
from apps.home.registry import StateLine, Step, list_address, register_step, row_address, rows_on_page, state_source
from apps.home.text import some_of
from apps.queues.models import HoursProfile, Queue
from apps.queues.selectors import HOURS, is_open


def has_hours() -> bool:
    """Whether any queue that takes conversations keeps hours."""
    return Queue.objects.filter(is_active=True, hours__isnull=False).exists()


def default_queue_address() -> str:
    """The page of the queue that takes whatever comes."""
    queue = Queue.objects.filter(is_default=True).first()
    return row_address(queue) if queue else list_address(Queue)


register_step(
    Step(
        code="hours",
        position=10,
        title=gettext_lazy("Set opening hours"),
        about=gettext_lazy("Without hours a queue is always open, and customers wait at night, too."),
        model=Queue,
        is_done=has_hours,
        address=default_queue_address,
        dismiss=gettext_lazy("We are always open"),
    )
)


@state_source()
def closed_queues(request: HttpRequest) -> Iterator[StateLine]:
    """Queues that take nobody now: closed by hand, or outside their hours (RTE-3)."""
    queues = list(rows_on_page(request, Queue).filter(is_active=True).order_by("name"))
    by_hand = [queue for queue in queues if queue.closed_at is not None]
    if by_hand:
        text = ngettext("%d queue is closed by hand", "%d queues are closed by hand", len(by_hand)) % len(by_hand)
        yield StateLine(Tone.CHECK, text, _address(by_hand), _("Open again"), _names(by_hand))
    if resting := _outside_hours([queue for queue in queues if queue.closed_at is None]):
        text = ngettext("%d queue is outside its hours", "%d queues are outside their hours", len(resting))
        yield StateLine(Tone.NOTE, text % len(resting), list_address(HoursProfile), _("Hours"), _names(resting))


def _outside_hours(queues: list[Queue]) -> list[Queue]:
    profiles = HoursProfile.objects.filter(queues__in=queues).distinct().prefetch_related(*HOURS)
    now = timezone.now()
    closed = {profile.pk for profile in profiles if not is_open(profile, now)}
    return [queue for queue in queues if queue.hours_id in closed]


def _address(queues: list[Queue]) -> str:
    return row_address(queues[0]) if len(queues) == 1 else list_address(Queue)


def _names(queues: list[Queue]) -> str:
    return some_of([queue.name for queue in queues])
