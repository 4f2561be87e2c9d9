"""Points in time as the console says them, in the zone of whoever looks."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.dates import date_text


def day_and_time(at: datetime, *, seen_from: datetime | None = None) -> str:
    """A moment to come: `15:30` on the same day, `tomorrow, 09:00`, else `27 Nov, 09:00`.

    Args:
        at: the moment.
        seen_from: from when it is seen; none is now.
    """
    there, here = timezone.localtime(at), timezone.localtime(seen_from or timezone.now())
    clock = date_text(there, "time")
    if there.date() == here.date():
        return clock
    if there.date() == here.date() + timedelta(days=1):
        return _("tomorrow, %(time)s") % {"time": clock}
    return date_text(there, "moment")
