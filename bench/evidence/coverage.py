"""How often 95% bounds cover the truth: of shares worked out exactly, of costs by simulation.

A bound that covers more than 99% wastes evidence, but where there are few examples and hardly any mistakes no honest
bound can do otherwise: what may be seen then comes in steps, and each step that could be missed would be missed too
often. Such cells are judged by the least coverage that any exact bound has there, and told apart.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from bench.evidence.rows import SIGMAS, Row
from bench.table import table
from understudy.stats.betting import clears
from understudy.stats.shares import share_measured

CONFIDENCE = 0.95
LEAST, MOST = 0.94, 0.99
COUNTS = (20, 50, 100, 250, 500, 1_000, 2_000)
RATES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
COSTS = (0.0, 1.0, 5.0)
DEARER = 0.3
"""Of the mistakes, that cost the most."""
Side = Literal["lower", "upper"]
SIDES: tuple[Side, ...] = ("lower", "upper")


@dataclass(frozen=True)
class Cell:
    """How often one bound covers.

    Attributes:
        what: "accuracy" or "cost".
        side: Of the truth the bound is on.
        count: Examples.
        rate: True share right.
        covered: Share of samples whose bound covers the truth.
        attainable: The least coverage, not below 95%, that any exact bound has here; 0.95 where steps do not matter.
        runs: How many samples were drawn; 0 where all possible ones were weighed.
    """

    what: str
    side: Side
    count: int
    rate: float
    covered: float
    attainable: float
    runs: int = 0

    def slack(self, covered: float) -> float:
        """What luck alone may add to a true coverage, or take, where samples were drawn; else 0."""
        return SIGMAS * math.sqrt(covered * (1.0 - covered) / self.runs) if self.runs else 0.0

    @property
    def where(self) -> str:
        """Number of examples and true share."""
        return f"n = {self.count:,}, {self.rate:.0%}"

    @property
    def coarse(self) -> bool:
        """No exact bound covers less than is asked at most."""
        return self.attainable > MOST

    @property
    def ok(self) -> bool:
        """Between what is asked at least and at most, or as near as any exact bound."""
        enough = self.covered >= LEAST - self.slack(LEAST)
        return enough and (self.covered <= MOST + self.slack(MOST) or self.coarse)


def accuracy_cells() -> Iterator[Cell]:
    """Of the share right: every possible number of right answers, weighed by its chance."""
    for count in COUNTS:
        names = [str(place) for place in range(count)]
        hits = np.arange(count)
        measured = [share_measured(hits < right, groups=names, confidence=CONFIDENCE) for right in range(count + 1)]
        for rate in RATES:
            chances = stats.binom.pmf(np.arange(count + 1), count, rate)
            covers = {"lower": [each.lower <= rate for each in measured],
                      "upper": [each.upper >= rate for each in measured]}  # fmt: skip
            for side in SIDES:
                covered = min(1.0, float(chances[np.array(covers[side])].sum()))
                yield Cell("accuracy", side, count, rate, covered, attainable(count, rate, side))


def cost_cells(rng: np.random.Generator, runs: int) -> Iterator[Cell]:
    """Of the mean cost of mistakes of two kinds: samples whose bound does not refute the true mean."""
    chances_of_mistakes = np.array([1.0 - DEARER, DEARER])
    for count in COUNTS:
        for rate in RATES:
            wrong = 1.0 - rate
            drawn = rng.choice(COSTS, size=(runs, count), p=[rate, *(wrong * chances_of_mistakes)])
            mean = float(np.dot(COSTS, [rate, *(wrong * chances_of_mistakes)]))
            for side in SIDES:
                covered = _covered(drawn, mean, side)
                yield Cell("cost", side, count, rate, covered, _attainable_cost(count, mean, side), runs)


def rows(cells: Sequence[Cell]) -> list[Row]:
    """The lowest and the highest coverage of each bound; cells that no exact bound can bring below 99% in a row."""
    told = []
    for what, side in dict.fromkeys((each.what, each.side) for each in cells):
        mine = [each for each in cells if (each.what, each.side) == (what, side)]
        fine = [each for each in mine if not each.coarse]
        low, high = (pick(fine, key=lambda each: each.covered) for pick in (min, max))
        name = f"coverage of the {side} bound of {what}"
        told.append(_row(f"{name}: lowest, {low.where}", low, f"≥ {100 * (LEAST - low.slack(LEAST)):.1f}%"))
        told.append(_row(f"{name}: highest, {high.where}", high, f"≤ {100 * (MOST + high.slack(MOST)):.1f}%"))
        if coarse := [each for each in mine if each.coarse]:
            least = min(coarse, key=lambda each: each.covered)
            told.append(_row(f"{name}: {len(coarse)} cells too coarse", least, "no exact bound ≤ 99%"))
    return told


def grid(cells: Sequence[Cell]) -> str:
    """Every cell: a bound and a number of examples a row, a rate a column; brackets where no exact bound is below."""
    lines = dict.fromkeys((each.what, each.side, each.count) for each in cells)
    found = {(each.what, each.side, each.count, each.rate): each for each in cells}
    head = ["coverage of 95% bounds, in %", *(f"{rate:.0%} right" for rate in RATES)]
    return table(head, [[f"{line[0]}, {line[1]}, n = {line[2]:,}", *(_shown(found[*line, rate]) for rate in RATES)]
                        for line in lines])  # fmt: skip


def attainable(count: int, rate: float, side: Side) -> float:
    """The least coverage, not below 95%, of any bound of a share that rises with the number of right answers.

    Such a bound misses whenever there are so many right answers (so few, for the upper one) or more; the number of
    them from which it may miss is the only choice there is, and each choice misses with the chance of one tail.
    """
    places = np.arange(count + 1)
    tails = stats.binom.sf(places - 1, count, rate) if side == "lower" else stats.binom.cdf(places, count, rate)
    allowed = tails[tails <= 1.0 - CONFIDENCE + 1e-12]
    return 1.0 - float(allowed.max(initial=0.0))


def _covered(drawn: npt.NDArray[np.float64], mean: float, side: Side) -> float:
    """Share of samples that do not refute the true mean on a side."""
    low, high = COSTS[0], COSTS[-1]
    if side == "lower":
        missed = clears(drawn, mean, low=low, high=high, confidence=CONFIDENCE)
    else:
        missed = clears(-drawn, -mean, low=-high, high=-low, confidence=CONFIDENCE)
    return 1.0 - float(missed.mean())


def _attainable_cost(count: int, mean: float, side: Side) -> float:
    """The least coverage of a bound that allows for any costs between the least and the most.

    Only the dearest mistakes might ever be made; then a sample without any cost is the commoner, the rarer they are,
    and while it is common enough, no upper bound that follows from it may lie below their mean. A sample with more
    costs has no lower bound, so none lies below it.
    """
    no_cost = (1.0 - mean / COSTS[-1]) ** count
    return 1.0 if side == "upper" and no_cost > 1.0 - CONFIDENCE else CONFIDENCE


def _row(name: str, cell: Cell, asked: str) -> Row:
    error = math.sqrt(cell.covered * (1.0 - cell.covered) / cell.runs) if cell.runs else None
    return Row(name, cell.covered, error, asked, cell.ok)


def _shown(cell: Cell) -> str:
    figure = f"{100 * cell.covered:.1f}"
    return f"({figure})" if cell.coarse else figure if cell.ok else f"{figure} !"
