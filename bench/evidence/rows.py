"""What a simulated world gave, beside its bar and beside the habit that people have instead."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.table import table

Flags = npt.NDArray[np.bool_]
PROMISED = 0.05
SIGMAS = 2.33
"""A true 5% shows more than 5% and this many standard errors in one of a hundred simulations."""


@dataclass(frozen=True)
class Outcomes:
    """What happened in each run of a world.

    Attributes:
        ours: What we did and should not have done (or should have, where power is measured), shape (runs,).
        naive: The same of the habit; shape (runs,), or None where there is none.
    """

    ours: Flags
    naive: Flags | None


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Attributes:
        world: What was simulated.
        figure: What came of ours, a share.
        error: Its standard error, None where it was worked out exactly.
        asked: What is asked of it, as it is shown.
        ok: Whether it is as asked; None where nothing is asked, and the row is there to be read.
        naive: What came of the habit, or None.
        habit: What that habit is.
    """

    world: str
    figure: float
    error: float | None
    asked: str
    ok: bool | None
    naive: float | None = None
    habit: str = ""

    def cells(self) -> list[str]:
        """World, ours, its standard error, bar, verdict, the habit's figure and the habit."""
        error = "exact" if self.error is None else f"± {100 * self.error:.2f}"
        judged = {True: "ok", False: "FAILS", None: ""}[self.ok]
        beside = "" if self.naive is None else f"{100 * self.naive:.1f}%"
        return [self.world, f"{100 * self.figure:.2f}%", error, self.asked, judged, beside, self.habit]


def at_most(runs: int, promised: float = PROMISED) -> float:
    """What so many runs may show of a true `promised`: 6.1% in 2,000 of 5%."""
    return promised + SIGMAS * math.sqrt(promised * (1 - promised) / runs)


def false_launches(world: str, outcomes: Outcomes, habit: str, *, beyond: str = "") -> Row:
    """A row of what must happen in at most 5% of all runs, unless the world is beyond what is promised."""
    limit = at_most(len(outcomes.ours))
    share = float(outcomes.ours.mean())
    naive = None if outcomes.naive is None else float(outcomes.naive.mean())
    if beyond:
        return Row(world, share, error_of(outcomes.ours), beyond, None, naive, habit)
    return Row(world, share, error_of(outcomes.ours), f"≤ {100 * limit:.1f}%", share <= limit, naive, habit)


def at_least(world: str, outcomes: Outcomes, least: float, habit: str = "") -> Row:
    """A row of what must happen in at least a share of all runs."""
    share = float(outcomes.ours.mean())
    naive = None if outcomes.naive is None else float(outcomes.naive.mean())
    return Row(world, share, error_of(outcomes.ours), f"≥ {100 * least:.0f}%", share >= least, naive, habit)


def error_of(happened: Flags) -> float:
    """Standard error of a share of independent runs; of one that never or always happened, as of one more run."""
    runs = len(happened)
    share = (happened.sum() + 0.5) / (runs + 1)
    return math.sqrt(share * (1 - share) / runs)


def table_of(rows: Sequence[Row]) -> str:
    """All rows, aligned."""
    head = ["world", "ours", "s.e.", "bar", "", "naive", "what the naive method does"]
    cells = [row.cells() for row in rows]
    widest = max(len(each[-1]) for each in [*cells, head])
    return table(head, [[*each[:-1], each[-1].ljust(widest)] for each in cells])
