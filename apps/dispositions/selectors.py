"""Reads of dispositions."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q

from apps.dispositions.models import Code, CodeSet
from apps.queues.models import Queue


@dataclass(frozen=True)
class OfferedSet:
    """A set as a wrap-up shows it: with the codes that can be chosen, in order."""

    code_set: CodeSet
    codes: list[Code]

    @property
    def must_choose(self) -> bool:
        """Closing needs a code of this set; one that has nothing to choose from asks for nothing."""
        return self.code_set.is_required and bool(self.codes)


def sets_for(queue: Queue) -> list[OfferedSet]:
    """The sets that a wrap-up in this queue shows (WRP-6)."""
    codes = Code.objects.filter(is_enabled=True, is_system=False).order_by("entries__position", "name").distinct()
    serving = CodeSet.objects.filter(Q(queues=None) | Q(queues=queue), is_enabled=True).distinct()
    serving = serving.prefetch_related(Prefetch("codes", queryset=codes))
    return [OfferedSet(code_set, list(code_set.codes.all())) for code_set in serving]
