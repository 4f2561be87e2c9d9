"""The agent's queues at a glance, and who may be picked from them (RTE-12)."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from apps.agents.models import Agent
from apps.agents.reach import queues_served_by
from apps.conversations.choices import State
from apps.conversations.models import Conversation
from apps.core.statements import Statement
from apps.queues.models import Queue
from apps.routing.matching import AGENT
from apps.routing.models import ChannelRules
from apps.routing.selectors import QUEUE_ORDER, offer_refusal

PICKS = 5
"""How many of each queue are listed to pick from."""


@dataclass(frozen=True)
class QueueRow:
    """One queue: how many wait, since when the first of them, and the next ones where the agent may pick."""

    queue: Queue
    waiting: int
    since: datetime | None
    picks: list["Pick"] = field(default_factory=list)


@dataclass(frozen=True)
class Pick:
    """A conversation that may be picked, and what keeps the agent from it now; empty when nothing does (AGT-2)."""

    conversation: Conversation
    why_not: str

    def __str__(self) -> str:
        return f"{self.conversation.pk} {self.why_not}"


@dataclass(frozen=True)
class Queues:
    """The agent's queues."""

    rows: list[QueueRow]

    @property
    def waiting(self) -> int:
        """How many wait in all of them; one conversation waits in one queue."""
        return sum(row.waiting for row in self.rows)

    @property
    def since(self) -> datetime | None:
        """The longest wait in any of them."""
        return min((row.since for row in self.rows if row.since), default=None)

    @property
    def digest(self) -> str:
        """A word that changes when anything that the list shows has changed."""
        parts = [f"{row.queue.pk} {row.waiting} {row.since} {list(map(str, row.picks))}" for row in self.rows]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def queues_for(agent: Agent) -> Queues:
    """The agent's active queues in two queries; one more where a channel may be picked from, and one for each such."""
    queues = _COUNTED.all(agent=agent.pk)
    picks: dict[UUID, list[Pick]] = {}
    found = _picks(queues)
    refusals = {family: offer_refusal(agent, family) for family in {each.channel for each in found}}
    for conversation in found:
        refusal = refusals[conversation.channel]
        picks.setdefault(conversation.queue_id, []).append(Pick(conversation, str(refusal.message) if refusal else ""))
    return Queues([_row(queue, picks.get(queue.pk, [])) for queue in queues])


def _row(queue: Queue, picks: list[Pick]) -> QueueRow:
    return QueueRow(queue, queue.waiting, queue.since, picks)  # type: ignore[attr-defined]


def _counted() -> QuerySet[Queue]:
    """Those who ring somewhere already don't count: nobody has to hurry for them."""
    waiting = Conversation.objects.filter(queue=OuterRef("pk"), state=State.WAITING).order_by().values("queue")
    return (
        queues_served_by(AGENT)
        .filter(is_active=True)
        .annotate(
            waiting=Coalesce(Subquery(waiting.annotate(found=Count("pk")).values("found")), 0),
            since=Subquery(waiting.annotate(first=Min("queue_entered_at")).values("first")),
        )
        .order_by("name")
    )


_COUNTED: Statement[Queue] = Statement(_counted)
_PICKED: Statement[str] = Statement(lambda: ChannelRules.objects.filter(may_pick=True).values_list("family", flat=True))


def _picks(queues: list[Queue]) -> list[Conversation]:
    families = _PICKED.all()
    if not families:
        return []
    line = Conversation.objects.filter(state=State.WAITING, queue__in=queues, channel__in=families)
    place = Window(RowNumber(), partition_by=F("queue"), order_by=QUEUE_ORDER)
    return list(line.select_related("contact").annotate(place=place).filter(place__lte=PICKS).order_by("place"))
