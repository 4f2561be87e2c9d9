"""The rules of routing once more, in plain Python over plain lists: what the engine is compared with."""

from dataclasses import dataclass, field
from statistics import mean
from typing import Any
from uuid import UUID


@dataclass
class Agent:
    """An agent as routing sees them."""

    pk: UUID
    limit: int
    skills: dict[UUID, int]
    queues: set[UUID]
    available: bool = True
    used: int = 0
    idle_since: int = 0
    last_offered: int = -1


@dataclass
class Queue:
    """A queue's rules."""

    pk: UUID
    priority: int
    strategy: str
    skills: set[UUID]


@dataclass
class Chat:
    """A conversation."""

    pk: UUID
    queue: Queue
    arrived: int
    state: str = "waiting"
    returned: bool = False
    agent: Agent | None = None
    rejected_by: set[UUID] = field(default_factory=set)

    @property
    def rank(self) -> tuple[Any, ...]:
        """RTE-7."""
        return self.queue.priority, not self.returned, self.arrived, self.pk


class Oracle:
    """The state of the world after each operation, by the rules."""

    def __init__(self, agents: list[Agent]) -> None:
        self.agents = {agent.pk: agent for agent in agents}
        self.chats: dict[UUID, Chat] = {}
        self.now = 0

    def arrive(self, chat: Chat) -> None:
        self.chats[chat.pk] = chat
        self._place(chat)

    def accept(self, chat: Chat) -> None:
        chat.state, chat.returned = "active", False

    def end(self, chat: Chat) -> None:
        agent = chat.agent if chat.state in {"offered", "active"} else None
        chat.state = "over"
        if agent is not None:
            self._release(agent)
            self._fill(agent)

    def reject(self, chat: Chat) -> None:
        agent = chat.agent
        assert agent is not None
        chat.rejected_by.add(agent.pk)
        self._back(chat)
        self._place(chat)
        self._fill(agent)

    def expire(self, chat: Chat) -> None:
        agent = chat.agent
        assert agent is not None
        self._back(chat)
        agent.available = False
        self._place(chat)
        self._withdraw(agent)

    def choose(self, agent: Agent, *, available: bool) -> None:
        if agent.available == available:
            return
        agent.available = available
        if available:
            agent.idle_since = self.now
            self._fill(agent)
        else:
            self._withdraw(agent)

    def _withdraw(self, agent: Agent) -> None:
        ringing = [chat for chat in self.chats.values() if chat.state == "offered" and chat.agent is agent]
        for chat in sorted(ringing, key=lambda chat: chat.offered_at, reverse=True):  # type: ignore[attr-defined]
            self._back(chat)
            self._place(chat)

    def _back(self, chat: Chat) -> None:
        assert chat.agent is not None
        self._release(chat.agent)
        chat.state, chat.returned, chat.agent = "waiting", True, None

    def _release(self, agent: Agent) -> None:
        agent.used -= 1
        agent.idle_since = self.now

    def _waiting(self) -> list[Chat]:
        return [chat for chat in self.chats.values() if chat.state == "waiting"]

    def _can(self, agent: Agent, chat: Chat) -> bool:
        return (
            agent.available
            and agent.used < agent.limit
            and chat.queue.pk in agent.queues
            and chat.queue.skills <= set(agent.skills)
        )

    def _head(self, agent: Agent) -> Chat | None:
        mine = [
            chat
            for chat in self._waiting()
            if chat.queue.pk in agent.queues and chat.queue.skills <= set(agent.skills) and agent.used < agent.limit
        ]
        return min(mine, key=lambda chat: chat.rank, default=None)

    def _key(self, agent: Agent, chat: Chat) -> tuple[Any, ...]:
        rejected, idle = agent.pk in chat.rejected_by, (agent.idle_since, agent.pk)
        match chat.queue.strategy:
            case "best_skill":
                level = -mean(agent.skills[skill] for skill in chat.queue.skills) if chat.queue.skills else 0
                return rejected, level, agent.used, *idle
            case "fewest_active":
                return rejected, agent.used, *idle
            case "round_robin":
                return rejected, agent.last_offered, *idle
            case _:
                return rejected, *idle

    def _place(self, chat: Chat) -> bool:
        while chat.state == "waiting":
            able = [agent for agent in self.agents.values() if self._can(agent, chat)]
            if not able:
                return False
            best = min(able, key=lambda agent: self._key(agent, chat))
            head = self._head(best)
            if head is chat:
                chat.state, chat.agent = "offered", best
                chat.offered_at = self._tick()  # type: ignore[attr-defined]
                best.used += 1
                best.idle_since = best.last_offered = self.now
                return True
            assert head is not None
            self._place(head)
        return True

    def _tick(self) -> int:
        self._offers = getattr(self, "_offers", 0) + 1
        return self._offers

    def _fill(self, agent: Agent) -> None:
        if not agent.available:
            return
        while (head := self._head(agent)) is not None:
            if not self._place(head):
                return
