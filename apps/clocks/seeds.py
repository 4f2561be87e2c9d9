"""What a new tenant finds of reply clocks."""

from apps.clocks.models import ReplyRules
from apps.queues.choices import Family
from apps.tenants.seeds import register_seed

HOUR = 3600


@register_seed("clocks.reply_rules")
def reply_rules() -> None:
    """How long answers may take in chat (CHAT-11) and email (EML-12). A call has no reply clock."""
    ReplyRules.objects.create(family=Family.CHAT)
    ReplyRules.objects.create(
        family=Family.EMAIL,
        overdue_seconds=4 * HOUR,
        inactivity_seconds=8 * HOUR,
        idle_seconds=24 * HOUR,
        auto_close_seconds=72 * HOUR,
    )
