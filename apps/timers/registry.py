"""Which action a due deadline calls: registered by each app's `deadlines.py`, imported by its `AppConfig.ready()`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Protocol
from uuid import UUID


class DeadlineAction(Protocol):
    """What a deadline calls, inside its tenant and a transaction.

    It locks the owner, checks state and deadline column again, and does nothing if either has moved. The wake-up is
    deleted for it, in the same transaction.
    """

    def __call__(self, *, object_id: UUID, due_at: datetime) -> object:
        """Act on the deadline."""


@dataclass(frozen=True)
class LatePolicy:
    """What becomes of a deadline that comes up late, after an outage for instance.

    Attributes:
        limit: up to this age it is acted on; None: at any age.
    """

    limit: timedelta | None = None
    ALWAYS: ClassVar["LatePolicy"]

    @classmethod
    def skip_after(cls, limit: timedelta) -> "LatePolicy":
        """Act up to this age; drop what is older."""
        return cls(limit)

    def skips(self, age: timedelta) -> bool:
        """Whether a deadline of this age is dropped."""
        return self.limit is not None and age > self.limit


LatePolicy.ALWAYS = LatePolicy()


@dataclass(frozen=True)
class Deadline:
    """A kind of deadline.

    Attributes:
        kind: its name, such as ``agent.wrap_up``.
        action: called when it is due.
        late: what becomes of it when it comes up late.
    """

    kind: str
    action: DeadlineAction
    late: LatePolicy


class Deadlines:
    """All kinds of deadlines."""

    def __init__(self) -> None:
        self._kinds: dict[str, Deadline] = {}

    def register(self, kind: str, action: DeadlineAction, late: LatePolicy = LatePolicy.ALWAYS) -> None:
        """Say what a due deadline of this kind calls.

        Args:
            kind: its name, at most 60 characters, such as ``agent.wrap_up``.
            action: called with ``object_id`` and ``due_at``.
            late: what becomes of it when it comes up late.

        Raises:
            ValueError: the kind is taken, or its name too long.
        """
        if kind in self._kinds or not 0 < len(kind) <= 60:
            raise ValueError(f"the deadline {kind!r} is registered already, or its name is too long")
        self._kinds[kind] = Deadline(kind, action, late)

    def get(self, kind: str) -> Deadline | None:
        """The kind of this name, or None."""
        return self._kinds.get(kind)

    def kinds(self) -> frozenset[str]:
        """All names."""
        return frozenset(self._kinds)


DEADLINES = Deadlines()
