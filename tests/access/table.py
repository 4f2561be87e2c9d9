"""A table of what is right, kept in a file that people read: a line for each question, a column for each who asks."""

import csv
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


class Table:
    """Such a file.

    Attributes:
        columns: whose answers it holds.
    """

    def __init__(self, name: str, columns: tuple[str, ...]) -> None:
        self.path = HERE / name
        self.columns = columns

    def rows(self) -> dict[str, dict[str, str]]:
        """The answers by line and column."""
        if not self.path.exists():
            return {}
        with self.path.open(newline="") as file:
            return {row["asked"]: row for row in csv.DictReader(file, delimiter="\t")}

    def column(self, who: str) -> dict[str, str]:
        """The answers that somebody gets, by line."""
        return {name: row.get(who, "") for name, row in self.rows().items()}

    def check_lines(self, names: list[str], *, rewrite: bool) -> None:
        """Refuse a question that has no line, and a line that nobody asks.

        Raises:
            AssertionError: they differ; `make access` writes them.
        """
        if rewrite:
            with self._alone():
                rows = self.rows()
                self._write({name: rows.get(name, {}) for name in names})
        assert sorted(self.rows()) == sorted(set(names))

    def check_column(self, who: str, found: dict[str, str], *, rewrite: bool) -> None:
        """Refuse an answer that is not the table's.

        Raises:
            AssertionError: with what the table says and what was said.
        """
        if rewrite:
            with self._alone():
                rows = self.rows()
                self._write(rows | {name: {**rows.get(name, {}), who: said} for name, said in found.items()})
        right = self.column(who)
        assert {name: (right.get(name), said) for name, said in found.items() if right.get(name) != said} == {}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other test process writes: each writes a column of its own."""
        with HERE.joinpath("table.py").open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _write(self, rows: dict[str, dict[str, str]]) -> None:
        new = self.path.with_suffix(".new")
        with new.open("w", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(["asked", *self.columns])
            for name in sorted(rows, key=lambda each: (each.split(" ", 1)[1], each)):
                writer.writerow([name, *(rows[name].get(who, "") for who in self.columns)])
        new.replace(self.path)
