"""How far off a number may be: from held-out answers, in units of how hard each row seems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.search.margins import Margins
from understudy.search.tables.boosting import Boosting, Trees
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.fitted import Arrays, Numbers, Task, put_under, under
from understudy.search.tables.folds import Indices
from understudy.search.tables.target import Target

ENOUGH, ENOUGH_GROUPS = 100, 10
"""Held-out rows, and groups of them, from which some can be told to be harder than others."""
MOST_FITTED: Final = 20_000
"""Rows that hardness is learned from; of more, ones at equal distances."""
PARTS: Final = 5
_SAID: Final = Feature("what was said", "")
SETTING: Final = {"learning_rate": 0.08, "num_leaves": 8, "min_data_in_leaf": 20, "rounds": 60, "lambda_l2": 5.0}


@dataclass(frozen=True)
class Doubt:
    """How far off answers are.

    Attributes:
        fits: Each tells the logarithm of how far off an answer is likely to be; their mean counts. None: all alike.
        margins: How far off answers were, in units of that.
    """

    fits: tuple[Trees, ...]
    margins: Margins

    def hardness(self, rows: Encoded, said: Numbers) -> Numbers:
        """How far off each answer is likely to be, in the target's deviations, (n,)."""
        if not self.fits:
            return np.ones(len(rows))
        seen = _with(rows, said)
        return np.asarray(np.exp(np.mean([fit.answers(seen)[:, 0] for fit in self.fits], axis=0)))

    def intervals(self, said: Numbers, hardness: Numbers) -> Numbers:
        """Between which numbers the truth lies with 80%, (n, 2)."""
        return self.margins.intervals(said, hardness)

    def within(self, tolerance: float, hardness: Numbers) -> Numbers:
        """Probability that answers are at most so far off, in the target's deviations, (n,)."""
        return self.margins.within(tolerance, hardness)

    def arrays(self) -> Arrays:
        """All of it, to be kept."""
        kept: Arrays = {
            "sides": np.array(self.margins.sides),
            "far": self.margins.far,
            "most": np.array(self.margins.most),
        }
        for place, fit in enumerate(self.fits):
            kept |= put_under(f"fit.{place}", fit.arrays())
        return kept

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "Doubt":
        """Reads what `arrays` gave."""
        fits: list[Trees] = []
        while arrays := under(f"fit.{len(fits)}", given):
            fits.append(Boosting().read(arrays))
        sides = float(given["sides"][0]), float(given["sides"][1])
        return cls(tuple(fits), Margins(sides, given["far"].astype(np.float64), float(given["most"])))


def fit_doubt(
    rows: Encoded,
    said: Numbers,
    truth: Numbers,
    groups: Indices,
    sizes: Sequence[int],
    features: tuple[Feature, ...],
    *,
    seed: int,
) -> tuple[Doubt, Numbers]:
    """Learns how far off answers are.

    Args:
        rows: Rows that were held out.
        said: What was answered for them then, in the target's deviations, (n,).
        truth: What was true, (n,).
        groups: Group of each, (n,). How far off the others of its group were tells too much of a row.
        sizes: How many different codes each column of codes has.
        features: What the numbers are.
        seed: Of the parts.

    Returns:
        The doubt, and the hardness of each of these rows, each by fits that had not learned from it, (n,).

    Source:
        Papadopoulos et al., Normalized nonconformity measures for regression conformal prediction (2008).
    """
    gaps = truth - said
    fits: tuple[Trees, ...] = ()
    hardness = np.ones(len(rows))
    part_of = _parts(groups, seed)
    if len(rows) >= ENOUGH and len(np.unique(groups)) >= ENOUGH_GROUPS:
        fits, hardness = _learned(_with(rows, said), gaps, part_of, sizes, (*features, _SAID), seed)
    return Doubt(fits, Margins.of(gaps, hardness)), hardness


def _parts(groups: Indices, seed: int) -> Indices:
    """The part of each row; a group is never in two."""
    own = np.unique(groups, return_inverse=True)[1]
    return np.random.default_rng(seed).permutation(int(own.max()) + 1)[own] % PARTS


def _learned(
    rows: Encoded,
    gaps: Numbers,
    part_of: Indices,
    sizes: Sequence[int],
    features: tuple[Feature, ...],
    seed: int,
) -> tuple[tuple[Trees, ...], Numbers]:
    """Fits on the other parts for each part, and each row's hardness by those that had not seen it."""
    some = np.arange(0, len(rows), -(-len(rows) // MOST_FITTED))
    distance = np.abs(gaps)
    logs = np.log(distance + 0.05 * max(float(np.median(distance)), 1e-9))
    fits, hardness = [], np.zeros(len(rows))
    for part in range(PARTS):
        inside, learned = np.flatnonzero(part_of == part), some[part_of[some] != part]
        fit = _fit(rows.some(learned), logs[learned], sizes, features, seed)
        hardness[inside] = np.exp(fit.answers(rows.some(inside))[:, 0])
        fits.append(fit)
    return tuple(fits), hardness


def _fit(rows: Encoded, logs: Numbers, sizes: Sequence[int], features: tuple[Feature, ...], seed: int) -> Trees:
    target = Target(logs, 0, np.ones(len(logs)))
    few = np.arange(min(50, len(logs)))
    task = Task(rows, target, rows.some(few), target.some(few), tuple(sizes), features, seed, 1, lambda: None)
    fitted = Boosting().fit(task, SETTING)
    return fitted.cut(int(SETTING["rounds"]))


def _with(rows: Encoded, said: Numbers) -> Encoded:
    """The rows with what was answered as one more number: large answers are often further off."""
    return Encoded(np.concatenate([rows.numbers, said[:, None].astype(np.float32)], axis=1), rows.codes)
