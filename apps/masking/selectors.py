"""The rules of the tenant at hand, kept by each process until one is changed.

A process keeps what it has read under the version that it was read for. Whoever writes a message reads the version in
the same transaction, under the conversation's lock and with a statement that is asked anyway (`conversations`): so a
rule holds for every message after its change has committed, in every process, and costs no message a query.
"""

from collections.abc import Sequence
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef

from apps.core.rows import row_get
from apps.masking.choices import Speaker
from apps.masking.engine import ActiveRule, MaskedText, Ruleset
from apps.masking.models import MaskingRule, MaskingState


class _Kept:
    """What one process knows of one tenant's rules."""

    def __init__(self, version: UUID, rules: Sequence[ActiveRule]) -> None:
        self.version = version
        self.rules = rules
        self._sets: dict[tuple[UUID | None, str], Ruleset] = {}

    def ruleset(self, queue_id: UUID | None, who: str) -> Ruleset:
        """Those for one side in one queue."""
        key = queue_id, who
        if key not in self._sets:
            self._sets[key] = Ruleset([rule for rule in self.rules if rule.applies_to(queue_id, who)])
        return self._sets[key]


_kept: dict[str, _Kept] = {}


def rules_version() -> UUID:
    """Which rules hold now: one query."""
    state = row_get(MaskingState, 1) or MaskingState.load()
    return state.version


def ruleset_for(*, queue_id: UUID | None, who: Speaker, version: UUID | None = None) -> Ruleset:
    """The rules for what one side says in one queue.

    Args:
        queue_id: the conversation's; none where that is not known yet: then those of every queue hold.
        who: the side that speaks.
        version: which rules hold, as the caller has just read it; none asks.
    """
    version = version or rules_version()
    schema: str = connection.schema_name  # type: ignore[attr-defined]
    kept = _kept.get(schema)
    if kept is None or kept.version != version:
        kept = _kept[schema] = _Kept(version, _read())
    return kept.ruleset(queue_id, who)


def mask_text(text: str, *, queue_id: UUID | None, who: Speaker, version: UUID | None = None) -> MaskedText:
    """A text without what the rules find; see `ruleset_for`.

    Raises:
        DomainError: ``masking_too_long``: nothing of it may be stored.
    """
    return ruleset_for(queue_id=queue_id, who=who, version=version).apply(text)


def _read() -> list[ActiveRule]:
    chosen = MaskingRule.queues.through.objects.filter(maskingrule=OuterRef("pk")).values("queue")
    rules = MaskingRule.objects.filter(is_active=True).annotate(chosen=ArraySubquery(chosen))
    return [rule.active(None if rule.all_queues else frozenset(rule.chosen)) for rule in rules]
