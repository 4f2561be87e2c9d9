"""A chat with an agent, and what its agent is told."""

from typing import Any
from uuid import UUID

import pytest

from apps.clocks import steps
from apps.clocks.frames import ClockFrame


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Stage of every clock frame that an agent was told, in order, with the notice that went with it."""
    frames: list[tuple[str, str]] = []
    publish, notice_add = steps.publish, steps.notice_add

    def record(frame: ClockFrame, *, groups: Any) -> None:
        assert all(group.startswith("agent.") for group in groups)
        frames.append((frame.clock.stage, ""))
        publish(frame, groups=groups)

    def noticed(*, agent_id: UUID, text: str, about: UUID) -> Any:
        frames[-1] = (frames[-1][0], text)
        return notice_add(agent_id=agent_id, text=text, about=about)

    monkeypatch.setattr(steps, "publish", record)
    monkeypatch.setattr(steps, "notice_add", noticed)
    return frames
