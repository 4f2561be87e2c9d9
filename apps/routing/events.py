"""What routing tells itself and the apps above."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AgentHasRoom:
    """A slot of this agent is free again."""

    agent_id: UUID
