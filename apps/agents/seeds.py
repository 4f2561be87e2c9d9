"""What a new tenant finds of agents: statuses and groups."""

from django.utils.translation import gettext_noop

from apps.agents.choices import Base, Reserved
from apps.agents.models import AgentGroup, Status
from apps.tenants.seeds import register_seed

STATUSES = [
    (Base.AVAILABLE, gettext_noop("Available"), Base.AVAILABLE, True),
    (Base.AWAY, gettext_noop("Away"), Base.AWAY, True),
    (Base.BUSY, gettext_noop("Busy"), Base.BUSY, True),
    (Base.OFFLINE, gettext_noop("Offline"), Base.OFFLINE, True),
    (Reserved.SYSTEM_AWAY, gettext_noop("Away (Idle)"), Base.AWAY, False),
    (Reserved.SYSTEM_BUSY, gettext_noop("System Busy"), Base.BUSY, False),
    (Reserved.LOGIN_PREP, gettext_noop("Login Prep"), Base.AWAY, False),
]


@register_seed("agents.statuses")
def seed_statuses() -> None:
    """The four base statuses and the reserved ones (AGT-1)."""
    for position, (code, label, base, selectable) in enumerate(STATUSES):
        Status.objects.create(
            code=code, label=label, base=base, is_stock=True, is_selectable=selectable, position=position
        )


@register_seed("agents.groups")
def seed_agent_groups() -> None:
    """The built-in agent groups."""
    AgentGroup.objects.create(name="Default Group", is_stock=True)
    AgentGroup.objects.create(name="Unassigned", description="New users; never routed to.", is_stock=True)
