"""What an agent's console is told about the agent."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from apps.agents.choices import Base, Cause
from apps.agents.models import Agent


class StatusView(Struct, frozen=True):
    """The status an agent is in."""

    code: str
    label: str
    base: Base
    since: datetime
    is_draining: bool


class ConsoleTakenFrame(Struct, frozen=True, tag="console.taken"):
    """Another console of this agent goes on; the named one stops (AGT-10)."""

    console: UUID


class StatusFrame(Struct, frozen=True, tag="status"):
    """The agent's status changed, and why."""

    status: StatusView
    cause: Cause


class NoticeFrame(Struct, frozen=True, tag="notice"):
    """Something that this agent must read; the same one may come again, and a newer one overtakes what it is about."""

    id: UUID
    text: str
    about: UUID | None = None


def status_view(agent: Agent) -> StatusView:
    """The agent's status as screens show it; needs `status` loaded."""
    return StatusView(
        code=agent.status.code,
        label=str(agent.status.label),
        base=Base(agent.base),
        since=agent.status_since,
        is_draining=agent.is_draining,
    )
