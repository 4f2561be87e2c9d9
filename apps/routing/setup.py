"""Changes of how channels are answered, as administrators make them (AGT-6)."""

from django.db import transaction

from apps.routing.models import ChannelRules


@transaction.atomic
def channel_rules_save(*, rules: ChannelRules) -> ChannelRules:
    """Write the answering rules of a channel family; offers that ring already keep their time.

    Raises:
        ValidationError: a value is not acceptable.
    """
    rules.full_clean()
    rules.save()
    return rules
