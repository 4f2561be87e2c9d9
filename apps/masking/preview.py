"""What becomes of a text, rule by rule, for administrators who try their rules; nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.masking.choices import Speaker
from apps.masking.engine import MaskedText, Ruleset
from apps.masking.models import MaskingRule
from apps.masking.normalization import NormalizedText


@dataclass(frozen=True)
class RulePreview:
    """One rule's part.

    Attributes:
        holds: whether it looks at what this side says in this queue at all: it is on, and made for both.
        found: what it finds in the text, whether it holds or not.
        becomes: the first of it, as it would be stored.
    """

    rule: MaskingRule
    holds: bool
    found: Sequence[str]
    becomes: str


@dataclass(frozen=True)
class MaskingPreview:
    """A text that was tried.

    Attributes:
        stored: it as a message would hold it.
        rules: each rule's part, those that find something first.
    """

    stored: MaskedText
    rules: list[RulePreview]


def masking_preview(text: str, *, queue_id: UUID | None, who: Speaker) -> MaskingPreview:
    """What would be stored of a text, and which rule finds what in it, those that are off included.

    Args:
        text: any.
        queue_id: the queue in which it is said; none is every queue.
        who: the side that says it.

    Raises:
        DomainError: ``masking_too_long``.
    """
    view, holding, tried = NormalizedText(text), [], []
    for row in MaskingRule.objects.prefetch_related("queues"):
        rule = row.active(None if row.all_queues else frozenset(queue.pk for queue in row.queues.all()))
        holds = row.is_active and rule.applies_to(queue_id, who)
        if holds:
            holding.append(rule)
        found = [text[start:end] for start, end in rule.find(view)]
        tried.append(RulePreview(row, holds, found, rule.replacement_for(found[0]) if found else ""))
    return MaskingPreview(
        Ruleset(holding).apply(text), sorted(tried, key=lambda each: (not each.found, not each.holds))
    )
