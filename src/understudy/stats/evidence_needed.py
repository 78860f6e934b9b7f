"""How many examples would probably prove what those seen so far do not: a forecast for planning, not a guarantee.

It takes what was seen for what is to come. Where that decides how large a number is the future is played through:
more groups are drawn from those seen and mixed among them, which keep their order, and the claim is tested on all of
them by its own bound. The answer is the fewest, to a fiftieth, with which it is proven with the chance that is asked
for; so it is always more than there are, and what has failed already counts. Only where shares of examples that stand
alone are to be shown is it reckoned, as exactly.

A bet on groups is limited by the largest, so a few pairs among many examples that stand alone ask for far more. 85
answers of which two cost 10, where one may cost 40, prove "at most 3.20" with 96.5% confidence in every order if each
stands alone, and in 6 of 100 orders if there are three pairs among them (400 orders).

Measured: of fresh futures of the size that is told, drawn from what was seen, 75% to 100% prove a cost and 60% to 100%
a share where 80% was asked for (one to four examples a group, 30 to 300 seen). Where everything seen was right, the
sizes of the groups to come decide alone whether so many will do, or a thirtieth more.
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.stats.betting import clears
from understudy.stats.clusters import clustered_lower_bounds
from understudy.stats.intervals import trials_needed

Numbers = NDArray[np.float64]
POWER = 0.8
FARTHEST, TIMES = 10_000, 10
"""Nobody is told exactly where it takes more than this many more examples, and so many times what there are."""
MOST_PLAYED = 50_000
"""Examples seen above which no future is played through: a normal interval tells as much, and memory stays small."""
_FUTURES, _FEWEST_FUTURES, _AT_ONCE = 200, 20, 4_000_000
"""Futures, as many as there are numbers in memory for; never fewer than those."""
_FINE = 50
_RARE = 0.9
"""Weight of the term for rare dear answers, between two that were tried; only a first guess hangs on it."""


def shares_needed(
    right: ArrayLike, bar: float | None, *, groups: Sequence[str], confidence: float, power: float = POWER
) -> int | None:
    """Examples in all that would probably prove "at least such a share is right", if nothing else changes.

    Args:
        right: Whether each answer was right, shape (n,).
        bar: The share to be shown; None where none is asked for.
        groups: The group of each example, n of them; all different when every example stands alone.
        confidence: Of the proof to come, between 0 and 1.
        power: Chance that it then succeeds, between 0 and 1.

    Returns:
        The number, more than n unless these prove it already; None when no number does it, nothing was observed, or no
        bar between 0 and 1 is asked for.
    """
    hits = np.asarray(right, dtype=np.float64)
    if bar is None or not len(hits) or not 0.0 < bar < 1.0:
        return None
    alone = trials_needed(bar, float(hits.mean()), confidence=confidence, power=power)
    sums, sizes = _by_group(hits, groups)
    if alone is None or sizes.max() == 1:
        return alone

    def proven(more: int) -> float:
        count = _futures_of(len(sizes) + more)
        drawn = np.random.default_rng(more).integers(len(sizes), size=(count, more))
        places = np.concatenate([np.broadcast_to(np.arange(len(sizes)), (count, len(sizes))), drawn], axis=1)
        return float(np.mean(clustered_lower_bounds(sums[places], sizes[places], confidence=confidence) >= bar))

    period = 1.0 / (1.0 - bar) / float(sizes.mean())  # of the saw that the chance goes: until one more may be wrong

    def chance(more: int) -> float:
        return min(proven(more + math.ceil(period * part)) for part in (0.0, 1 / 3, 2 / 3))

    return _in_all(chance, sizes, alone * float(sizes.mean()), power)


def costs_needed(
    costs: ArrayLike, most: float, *, groups: Sequence[str], highest: float, confidence: float, power: float = POWER
) -> int | None:
    """Answers in all that would probably prove "an answer costs at most so much on average".

    Args:
        costs: What each answer cost that was seen, shape (n,), in an order that has nothing to do with them.
        most: The limit, in their unit.
        groups: As in `shares_needed`.
        highest: The most that an answer can cost.
        confidence: As there.
        power: As there.

    Returns:
        As there; None when the mean that was seen is no lower than the limit.
    """
    seen = np.asarray(costs, dtype=np.float64)
    if not len(seen) or not float(seen.mean()) < most <= highest:
        return None
    sums, sizes = _by_group(seen, groups)

    def chance(more: int) -> float:
        drawn, members = _futures(sums, sizes, more)
        saved = np.repeat(highest - drawn / members, members, axis=1)  # a bet knows no more of a group than its sum
        names = np.repeat(np.arange(len(members)), members).astype(str).tolist()
        return float(np.mean(clears(np.clip(saved, 0.0, highest), highest - most, high=highest, groups=names, **sure)))

    sure = {"confidence": confidence}
    return _in_all(chance, sizes, _roughly(sums, sizes, most, highest, confidence, power), power)


def _roughly(sums: Numbers, sizes: NDArray[np.int64], most: float, highest: float, sure: float, power: float) -> float:
    """A first guess: as wide as a normal interval with a term for rare dear answers, as Bernstein's has."""
    mean, gap = float(sums.sum() / sizes.sum()), most - float(sums.sum() / sizes.sum())
    normal, largest = NormalDist(), float(sizes.max() / sizes.mean())
    spread = (normal.inv_cdf(sure) + normal.inv_cdf(power)) * float(np.std((sums - mean * sizes) / sizes.mean()))
    rare = -_RARE * math.log1p(-sure) * max(highest - most, 0.0) * largest
    perfect = largest * math.log1p(-sure) / math.log1p(-min(most / highest, 1.0 - 1e-12))
    return max(((spread + math.sqrt(spread**2 + 4.0 * gap * rare)) / (2.0 * gap)) ** 2, perfect) * float(sizes.mean())


def _in_all(chance: Callable[[int], float], sizes: NDArray[np.int64], guess: float, power: float) -> int:
    """Examples seen and to come with which the chance is reached; the guess where they are too many to play through."""
    count, mean = int(sizes.sum()), float(sizes.mean())
    if count > MOST_PLAYED:
        return max(math.ceil(guess), count + math.ceil(count / _FINE))
    farthest = max(FARTHEST, TIMES * count)
    more = _fewest(chance, math.ceil((guess - count) / mean), math.ceil(farthest / mean), power)
    return max(math.ceil(guess), count + farthest) if more is None else count + int(_sizes_to_come(sizes, more).sum())


def _fewest(chance: Callable[[int], float], guess: int, farthest: int, power: float) -> int | None:
    """The least number from 1 on that reaches the chance, to a fiftieth; None where the farthest does not."""
    if guess > farthest:
        return None
    low, high = 0, max(1, guess)
    while chance(high) < power:
        if high >= farthest:
            return None
        low, high = high, min(2 * high, farthest)
    while high - low > max(1, high // _FINE):
        middle = (low + high) // 2
        low, high = (low, middle) if chance(middle) >= power else (middle, high)
    return high


def _by_group(values: Numbers, groups: Sequence[str]) -> tuple[Numbers, NDArray[np.int64]]:
    """The sum of each group and how many examples it has, in the order of first sight."""
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    member_of = np.array([order[group] for group in groups], dtype=np.int64)
    return np.bincount(member_of, weights=values).astype(np.float64), np.bincount(member_of).astype(np.int64)


def _futures(sums: Numbers, sizes: NDArray[np.int64], more: int) -> tuple[Numbers, NDArray[np.int64]]:
    """Sums of the groups seen with so many more between them, a future a row, and the sizes, which all rows share."""
    draw = np.random.default_rng(more)
    coming, count = _sizes_to_come(sizes, more), _futures_of(len(sums) + more)
    drawn = np.empty((count, more))
    for size in np.unique(coming):
        places = coming == size
        drawn[:, places] = draw.choice(sums[sizes == size], size=(count, int(places.sum())))
    seen = np.broadcast_to(sums, (count, len(sums)))
    places = np.argsort(np.concatenate([(np.arange(len(sums)) + 0.5) / len(sums), draw.uniform(size=more)]))
    return np.concatenate([seen, drawn], axis=1)[:, places], np.concatenate([sizes, coming])[places]


def _futures_of(groups: int) -> int:
    """How many futures of so many groups are played through at once."""
    return max(_FEWEST_FUTURES, min(_FUTURES, _AT_ONCE // groups))


def _sizes_to_come(sizes: NDArray[np.int64], more: int) -> NDArray[np.int64]:
    """Sizes of so many further groups, in the proportions of those seen."""
    return np.resize(np.random.default_rng(0).permutation(sizes), more)
