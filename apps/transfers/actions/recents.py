"""Where an agent transferred to lately (XFR-2)."""

from django.utils import timezone

from apps.accounts.models import User
from apps.queues.models import Queue
from apps.transfers.models import Recent

KEPT = 5
"""Recent destinations that are kept for each agent."""


def recent_note(agent: User, *, queue: Queue | None = None, colleague: User | None = None) -> None:
    """Put a destination at the head of an agent's recent ones; the oldest beyond `KEPT` leave."""
    Recent.objects.update_or_create(agent=agent, queue=queue, colleague=colleague, defaults={"used_at": timezone.now()})
    mine = Recent.objects.filter(agent=agent)
    kept = mine.order_by("-used_at", "-pk").values_list("pk", flat=True)[:KEPT]
    mine.exclude(pk__in=list(kept)).delete()
