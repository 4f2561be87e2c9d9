"""Changes of what is masked, as administrators make them (FRM-6)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from apps.audit.actions import audited_action
from apps.core.errors import DomainError
from apps.core.ids import uuid7
from apps.masking.choices import MaskingMethod, Refusal, RuleKind
from apps.masking.custom_patterns import check_custom_pattern
from apps.masking.engine import Ruleset
from apps.masking.models import MaskingRule, MaskingState
from apps.queues.models import Queue


@transaction.atomic
@audited_action("rule")
def rule_save(*, rule: MaskingRule, queues: Iterable[Queue] = ()) -> MaskingRule:
    """Make a rule or write its changes. It holds for what is said from now on; what was stored stays.

    Args:
        rule: with its new values.
        queues: those whose messages it looks at, where that is not all.

    Raises:
        DomainError: ``pattern_wrong``, ``pattern_empty``, ``pattern_too_large``, ``masking_no_queues``,
            ``masking_replacement`` for one that the rule itself would find.
        ValidationError: a value is not acceptable.
    """
    queues = [] if rule.all_queues else list(queues)
    if not rule.all_queues and not queues:
        raise DomainError(Refusal.MASKING_NO_QUEUES, _("Name the queues in which it looks, or let it look in all."))
    rule.pattern, rule.told_as = (rule.pattern, rule.told_as) if rule.kind == RuleKind.OWN else ("", "")
    rule.full_clean()
    if rule.kind == RuleKind.OWN:
        check_custom_pattern(rule.pattern)
    if rule.method == MaskingMethod.REPLACE and Ruleset([rule.active(None)]).apply(rule.replacement).removed:
        message = _("What stands in its place would be found itself: choose other words.")
        raise DomainError(Refusal.MASKING_REPLACEMENT, message)
    _changed()
    rule.save()
    rule.queues.set(queues)
    return rule


@transaction.atomic
@audited_action("rule")
def rule_delete(*, rule: MaskingRule) -> None:
    """Delete an own rule.

    Raises:
        DomainError: ``masking_built_in`` for one of those that are built in.
    """
    if rule.kind != RuleKind.OWN:
        raise DomainError(
            Refusal.MASKING_BUILT_IN, _("“%(rule)s” is built in: switch it off instead.") % {"rule": rule}
        )
    _changed()
    rule.delete()


def _changed() -> None:
    """Have every process read the rules anew, once this has committed."""
    state: MaskingState = MaskingState.load()
    state.version = uuid7()
    state.save(update_fields=["version"])
