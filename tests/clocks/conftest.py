"""A chat with an agent, and what its agent is told."""

from typing import Any

import pytest

from apps.clocks import actions
from apps.clocks.frames import ClockFrame


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Stage and text of every clock frame that an agent was told, in order."""
    frames: list[tuple[str, str]] = []
    publish = actions.publish

    def record(frame: ClockFrame, *, groups: Any) -> None:
        assert all(group.startswith("agent.") for group in groups)
        frames.append((frame.clock.stage, frame.text))
        publish(frame, groups=groups)

    monkeypatch.setattr(actions, "publish", record)
    return frames
