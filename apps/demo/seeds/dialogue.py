"""Reads the dialogues that the demo's past is made of."""

import re
from dataclasses import dataclass
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "dialogues"
_SPLIT = re.compile(r"\s*\|\|\s*")


@dataclass(frozen=True)
class Line:
    """One message: who says it, and the ways to say it."""

    by_agent: bool
    ways: tuple[str, ...]

    def say(self, rng: Random, values: dict[str, str]) -> str:
        """One of the ways, filled in."""
        return rng.choice(self.ways).format_map(values)


@dataclass(frozen=True)
class Dialogue:
    """A conversation from the first message to the last.

    Attributes:
        topic: code of the company's own disposition set.
        queue: name of the queue it comes to.
        language: tag of the language that it is in.
        outcome: code of the built-in disposition set.
        agent_ends: whether the agent ends it, else the customer does.
        lines: what is said; the first is the customer's.
    """

    topic: str
    queue: str
    language: str
    outcome: str
    agent_ends: bool
    lines: tuple[Line, ...]


def read_dialogues(name: str) -> list[Dialogue]:
    """All dialogues of a file in `dialogues/`.

    Args:
        name: the file's name without its suffix.
    """
    text = "\n".join(line for line in (FOLDER / f"{name}.txt").read_text().splitlines() if not line.startswith("#"))
    return [_read(block) for block in text.split("== ")[1:]]


def _read(block: str) -> Dialogue:
    head, *lines = block.strip().splitlines()
    topic, queue, language, outcome, last = (part.strip() for part in head.split("|"))
    said = [line.split(": ", 1) for line in lines]
    return Dialogue(
        topic=topic,
        queue=queue,
        language=language,
        outcome=outcome,
        agent_ends=last == "agent",
        lines=tuple(Line(who == "a", tuple(_SPLIT.split(text.strip()))) for who, text in said),
    )
