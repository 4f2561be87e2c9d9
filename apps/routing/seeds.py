"""What a new tenant finds of routing."""

from apps.queues.choices import Family
from apps.routing.models import ChannelRules
from apps.tenants.seeds import seed

OFFER_SECONDS = {Family.CHAT: 30, Family.EMAIL: 300, Family.VOICE: 20}


@seed("routing.channel_rules")
def channel_rules() -> None:
    """How each channel family is answered (AGT-6)."""
    for family, seconds in OFFER_SECONDS.items():
        ChannelRules.objects.create(family=family, offer_seconds=seconds)
