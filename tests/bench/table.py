"""The table that a run prints: what was measured, the floor of the same run, the ratio, the aim and the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADS = ("row", "figure", "spread", "floor", "ratio", "aim", "verdict")


@dataclass(frozen=True)
class Aim:
    """What a figure should be, as a ratio to its floor or as it stands.

    Attributes:
        limit: the bound.
        of_floor: the bound is a multiple of the floor.
        at_least: more is better.
    """

    limit: float
    of_floor: bool = True
    at_least: bool = False

    def is_met(self, figure: float, floor: float | None) -> bool | None:
        """Whether the figure is on the right side of the bound; None when the floor is missing."""
        if self.of_floor and not floor:
            return None
        bound = self.limit * floor if self.of_floor and floor else self.limit
        return figure >= bound if self.at_least else figure <= bound

    def text(self, unit: str) -> str:
        """The bound as the table shows it."""
        sign = ">=" if self.at_least else "<="
        return f"{sign} {number(self.limit)} {'x floor' if self.of_floor else unit}".rstrip()


@dataclass(frozen=True)
class Row:
    """One line.

    Attributes:
        name: what was measured.
        figure: the result.
        unit: of figure and floor.
        floor: what the bare thing took in the same run; None where there is no such thing.
        aim: what the figure should be; None for what is only shown.
        spread: the least and the most of several rounds, of which the figure is the middle.
        is_calm: nothing else kept the machine busy; else there is no verdict.
    """

    name: str
    figure: float
    unit: str
    floor: float | None = None
    aim: Aim | None = None
    spread: tuple[float, float] | None = None
    is_calm: bool = True

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns."""
        floor = f"{number(self.floor)} {self.unit}".rstrip() if self.floor is not None else ""
        ratio = f"{self.figure / self.floor:.2f}" if self.floor else ""
        met = self.aim.is_met(self.figure, self.floor) if self.aim else None
        verdict = {True: "met", False: "NOT MET", None: ""}[met] if self.is_calm else "busy"
        spread = " to ".join(map(number, self.spread)) if self.spread else ""
        figure = f"{number(self.figure)} {self.unit}".rstrip()
        return self.name, figure, spread, floor, ratio, self.aim.text(self.unit) if self.aim else "", verdict


def number(value: float) -> str:
    """Three digits that say something."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies, by the nearest rank; not a number when there are none."""
    if not values:
        return float("nan")
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def render(rows: Sequence[Row]) -> str:
    """The table, its columns lined up, as Markdown shows it too."""
    lines = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    texts = [f"| {' | '.join(cells)} |" for cells in padded]
    texts.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(texts)
