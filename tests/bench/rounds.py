"""The rows of several rounds as one table: the middle of each, and how far they lie apart."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from tests.bench.table import Row

Key = tuple[str, int]
"""A row's name, and how many of that name came before it."""


def rounds_merge(rounds: Sequence[Sequence[Row]]) -> list[Row]:
    """What the rounds of one name have found, in the order of the first.

    Args:
        rounds: the rows of each; one that failed has fewer.
    """
    found: dict[Key, list[Row]] = {}
    for rows in rounds:
        for key, row in _keyed(rows):
            found.setdefault(key, []).append(row)
    return [_merged(rows) for rows in found.values()]


def _keyed(rows: Sequence[Row]) -> Iterator[tuple[Key, Row]]:
    seen: Counter[str] = Counter()
    for row in rows:
        yield (row.name, seen[row.name]), row
        seen[row.name] += 1


def _merged(rows: list[Row]) -> Row:
    figures = [row.figure for row in rows]
    floors = [row.floor for row in rows if row.floor is not None]
    return replace(
        rows[-1],
        figure=median(figures),
        floor=median(floors) if floors else None,
        spread=(min(figures), max(figures)) if len(figures) > 1 else None,
        is_calm=all(row.is_calm for row in rows),
    )
