"""How far off a number may be: from held-out answers, in units of how hard each row seems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.boosting import Boosting, Trees
from understudy.search.tables.encoding import Encoded
from understudy.search.tables.fitted import Arrays, Numbers, Task, put_under, under
from understudy.search.tables.target import Target

ENOUGH: Final = 100
"""Held-out rows from which some can be told to be harder than others."""
MOST_FITTED: Final = 20_000
"""Rows that hardness is learned from; of more, ones at equal distances."""
PARTS: Final = 5
STEPS: Final = 1_001
"""Quantiles that are kept of how far off answers were."""
SETTING: Final = {"learning_rate": 0.08, "num_leaves": 8, "min_data_in_leaf": 20, "rounds": 60, "lambda_l2": 5.0}
SIDES: Final = (0.1, 0.9)
"""Quantiles between which a number lies with 80%."""


@dataclass(frozen=True)
class Doubt:
    """How far off answers are.

    Attributes:
        fits: Each tells the logarithm of how far off an answer is likely to be; their mean counts. None: all alike.
        sides: How far to either side of an answer the truth lies with 80%, in units of that, below and above.
        far: Quantiles of how far off answers were in such units, at equal steps from 0 to 1.
    """

    fits: tuple[Trees, ...]
    sides: tuple[float, float]
    far: Numbers

    def hardness(self, rows: Encoded, said: Numbers) -> Numbers:
        """How far off each answer is likely to be, in the target's deviations, (n,)."""
        if not self.fits:
            return np.ones(len(rows))
        seen = _with(rows, said)
        return np.asarray(np.exp(np.mean([fit.answers(seen)[:, 0] for fit in self.fits], axis=0)))

    def intervals(self, said: Numbers, hardness: Numbers) -> Numbers:
        """Between which numbers the truth lies with 80%, (n, 2)."""
        return np.stack([said + self.sides[0] * hardness, said + self.sides[1] * hardness], axis=1)

    def within(self, tolerance: float, hardness: Numbers) -> Numbers:
        """Probability that answers are at most so far off, in the target's deviations, (n,)."""
        return np.interp(tolerance / hardness, self.far, np.linspace(0, 1, len(self.far)), left=0.0)

    def arrays(self) -> Arrays:
        """All of it, to be kept."""
        kept: Arrays = {"sides": np.array(self.sides), "far": self.far}
        for place, fit in enumerate(self.fits):
            kept |= put_under(f"fit.{place}", fit.arrays())
        return kept

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "Doubt":
        """Reads what `arrays` gave."""
        fits: list[Trees] = []
        while arrays := under(f"fit.{len(fits)}", given):
            fits.append(Boosting().read(arrays))
        return cls(tuple(fits), (float(given["sides"][0]), float(given["sides"][1])), given["far"].astype(np.float64))


def fit_doubt(
    rows: Encoded, said: Numbers, truth: Numbers, sizes: Sequence[int], *, seed: int
) -> tuple[Doubt, Numbers]:
    """Learns how far off answers are.

    Args:
        rows: Rows that were held out.
        said: What was answered for them then, in the target's deviations, (n,).
        truth: What was true, (n,).
        sizes: How many different codes each column of codes has.
        seed: Of the parts.

    Returns:
        The doubt, and the hardness of each of these rows, each by fits that had not learned from it, (n,).

    Source:
        Papadopoulos et al., Normalized nonconformity measures for regression conformal prediction (2008).
    """
    gaps = truth - said
    fits: tuple[Trees, ...] = ()
    hardness = np.ones(len(rows))
    if len(rows) >= ENOUGH:
        fits, hardness = _learned(_with(rows, said), gaps, sizes, seed)
    scaled = gaps / hardness
    low, high = np.quantile(scaled, SIDES, method="inverted_cdf")
    # One more answer, as far off as any, keeps few rows from promising certainty.
    far = np.append(np.abs(scaled), np.abs(scaled).max() * 1.5 + 1e-9)
    return Doubt(fits, (float(min(low, 0)), float(max(high, 0))), np.quantile(far, np.linspace(0, 1, STEPS))), hardness


def _learned(rows: Encoded, gaps: Numbers, sizes: Sequence[int], seed: int) -> tuple[tuple[Trees, ...], Numbers]:
    """Fits on the other parts for each part, and each row's hardness by those that had not seen it."""
    some = np.arange(0, len(rows), -(-len(rows) // MOST_FITTED))
    distance = np.abs(gaps)
    logs = np.log(distance + 0.05 * max(float(np.median(distance)), 1e-9))
    part_of = np.random.default_rng(seed).permutation(len(rows)) % PARTS
    fits, hardness = [], np.zeros(len(rows))
    for part in range(PARTS):
        inside, learned = np.flatnonzero(part_of == part), some[part_of[some] != part]
        fit = _fit(rows.some(learned), logs[learned], sizes, seed)
        hardness[inside] = np.exp(fit.answers(rows.some(inside))[:, 0])
        fits.append(fit)
    return tuple(fits), hardness


def _fit(rows: Encoded, logs: Numbers, sizes: Sequence[int], seed: int) -> Trees:
    target = Target(logs, 0, np.ones(len(logs)))
    few = np.arange(min(50, len(logs)))
    width = rows.numbers.shape[1]
    task = Task(rows, target, rows.some(few), target.some(few), tuple(sizes), (0,) * width, seed, 1, lambda: None)
    fitted = Boosting().fit(task, SETTING)
    return fitted.cut(int(SETTING["rounds"]))


def _with(rows: Encoded, said: Numbers) -> Encoded:
    """The rows with what was answered as one more number: large answers are often further off."""
    return Encoded(np.concatenate([rows.numbers, said[:, None].astype(np.float32)], axis=1), rows.codes)
