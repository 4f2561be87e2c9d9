"""Reads of dispositions."""

from django.db.models import Prefetch, Q, QuerySet

from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue


def sets_for(queue: Queue) -> QuerySet[CodeSet]:
    """The sets that a wrap-up in this queue shows, with their enabled codes in order, as `offered` (WRP-6)."""
    codes = Code.objects.filter(is_enabled=True, is_system=False).order_by("entries__position", "name").distinct()
    serving = CodeSet.objects.filter(Q(queues=None) | Q(queues=queue), is_enabled=True).distinct()
    return serving.prefetch_related(Prefetch("codes", queryset=codes, to_attr="offered"))
