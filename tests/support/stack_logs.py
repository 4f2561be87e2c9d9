"""The logs of a stack: a file for each life of each process, and what in them somebody should look at."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BEGIN = re.compile(r"\[?\d{4}-\d\d-\d\d|(DEBUG|INFO|WARNING|ERROR|CRITICAL):")
BAD = re.compile(
    r"Traceback \(most recent call last\)|\[(error|critical) *\]|^(ERROR|CRITICAL):|: (ERROR|CRITICAL)/"
    r"|\b(ERROR|FATAL|PANIC):  ",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Entry:
    """One entry of a log, with the lines of its traceback."""

    file: str
    text: str

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look at it."""
        return BAD.search(self.text) is not None


class Logs:
    """The logs of a stack, one file for each life of each process.

    Args:
        folder: where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lives: dict[str, int] = {}
        self._seen: dict[Path, int] = {}

    def clear(self) -> None:
        """Forget those of an earlier run."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def next(self, name: str) -> Path:
        """The file for the next life of a process."""
        self._lives[name] = self._lives.get(name, 0) + 1
        return self.folder / f"{name}.{self._lives[name]}.log"

    def tail(self, name: str, lines: int = 30) -> str:
        """The last lines of a process's present life."""
        path = self.folder / f"{name}.{self._lives[name]}.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])

    def seen(self) -> None:
        """What is written now has been looked at."""
        self._seen = {path: path.stat().st_size for path in self.folder.glob("*.log")}

    def fresh(self) -> Iterator[Entry]:
        """What was written since."""
        for path in sorted(self.folder.glob("*.log")):
            if not path.name.startswith("valkey"):
                with path.open(errors="replace") as file:
                    file.seek(self._seen.get(path, 0))
                    yield from (Entry(path.name, text) for text in _entries(file))

    def bad(self, expected: Iterable[str] = ()) -> list[Entry]:
        """Errors and tracebacks since, but for those that a pattern expects."""
        allowed = [re.compile(pattern) for pattern in expected]
        return [e for e in self.fresh() if e.is_bad and not any(pattern.search(e.text) for pattern in allowed)]


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """Lines joined to entries: whatever does not begin as an entry does belongs to the one before."""
    text = ""
    for line in lines:
        if text and BEGIN.match(line):
            yield text
            text = ""
        text += line
    if text:
        yield text
