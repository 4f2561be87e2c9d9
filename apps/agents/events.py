"""What happens to agents, told to the apps above inside the same transaction."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AgentReady:
    """An agent may be offered conversations now and could not a moment ago."""

    agent_id: UUID


@dataclass(frozen=True)
class AgentUnready:
    """An agent may no longer be offered conversations."""

    agent_id: UUID


@dataclass(frozen=True)
class AgentConnected:
    """An agent's console is live that was not a moment ago."""

    agent_id: UUID
