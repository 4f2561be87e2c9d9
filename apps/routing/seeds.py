"""What a new tenant finds of routing."""

from django.utils.translation import gettext_noop

from apps.queues.choices import Family
from apps.routing.choices import Exit, Trigger
from apps.routing.models import ChannelRules, Flow, RoutingSettings, WaitingExperience
from apps.tenants.seeds import register_seed

OFFER_SECONDS = {Family.CHAT: 30, Family.EMAIL: 300, Family.VOICE: 20}


@register_seed("routing.channel_rules")
def seed_channel_rules() -> None:
    """How each channel family is answered (AGT-6)."""
    for family, seconds in OFFER_SECONDS.items():
        ChannelRules.objects.create(family=family, offer_seconds=seconds)


FLOWS = [
    (
        Trigger.OUT_OF_HOURS,
        gettext_noop("Out of hours"),
        gettext_noop("We are closed at the moment. Leave your email address, and we will write to you."),
    ),
    (
        Trigger.NO_AGENTS,
        gettext_noop("No agents available"),
        gettext_noop("All our colleagues are busy. Leave your email address, and we will write to you."),
    ),
]


@register_seed("routing.flows")
def seed_flows() -> None:
    """What customers meet out of hours and when nobody is free (RTE-4)."""
    for trigger, name, message in FLOWS:
        Flow.objects.create(name=name, trigger=trigger, message=message, exit=Exit.EMAIL, is_stock=True)


@register_seed("routing.settings")
def seed_routing_settings() -> None:
    """What holds in the whole tenant, for its page to show."""
    RoutingSettings.load()


FIRST_MESSAGE = gettext_noop(
    "An agent will be with you as soon as one is free. You can keep writing, or leave this page open and come back."
)
REPEATS = [
    gettext_noop("Thank you for waiting. Your place in line is kept."),
    gettext_noop("We have not forgotten you. What you write here in the meantime, your agent will read first."),
]


@register_seed("routing.waiting")
def seed_waiting_experience() -> None:
    """What customers see while they wait (RTE-5)."""
    WaitingExperience.objects.create(name="Default", is_default=True, first_message=FIRST_MESSAGE, repeats=REPEATS)
