"""How many examples would probably prove what those seen so far do not: a forecast for planning, not a guarantee.

It takes what was seen for what is to come. Where that decides how large a number is the future is played through:
more groups are drawn from those seen and mixed among them, which keep their order, and the claim is tested on all of
them by its own bound. The answer is the fewest, to a fiftieth, with which it is proven with the chance that is asked
for; so it is always more than there are, and what has failed already counts. Only where shares of examples that stand
alone are to be shown is it reckoned, as exactly.

A bet on groups is limited by the largest, so a few pairs among many examples that stand alone ask for far more. 85
answers of which two cost 10, where one may cost 40, prove "at most 3.20" with 96.5% confidence in every order if each
stands alone, and in 6 of 100 orders if there are three pairs among them (400 orders).

Futures are as long as is told, in examples: groups are drawn until there are so many. Were it so many groups of one
draw of sizes, as many examples would mostly be another number of groups: of two groups of 54 and 40 among 32 pairs, all
right, a number told so would prove 70% in 20 of 100 futures.

Where evidence rests on groups, so that an example has at least one other of its group in the mean, and fewer than
`FEWEST_GROUPS` were seen, there is no forecast: their few shares say next to nothing of those to come. Measured where
the truth is known (groups of 6 with a correlation of 0.2, right 92% to 97% where 85% or 90% are asked): what was told
after 2 to 8 groups proved it in 26% to 67% of futures in the mean, of one project in ten in hardly any; after 12 to 20
in 57% to 71%.

Measured: of fresh futures of the size that is told, drawn from what was seen, 72% to 99% prove a share and 62% to 100%
a cost where 80% was asked for, 83% and 93% in the mean (14 to 1,100 seen, in groups of very different size).
"""

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.domain.evidence import Proportion
from understudy.stats.betting import clears_by_group
from understudy.stats.clusters import CLUSTERED, clustered_lower_bounds, effective_trials
from understudy.stats.intervals import trials_needed

Numbers = NDArray[np.float64]
POWER = 0.8
FEWEST_GROUPS = 10
"""Groups below which nothing is forecast where evidence rests on groups."""
FARTHEST, TIMES = 10_000, 10
"""Nobody is told exactly where it takes more than this many more examples, and so many times what there are."""
MOST_PLAYED = 50_000
"""Examples seen above which no future is played through: a normal interval tells as much, and memory stays small."""
_FUTURES, _FEWEST_FUTURES, _AT_ONCE = 200, 20, 4_000_000
"""Futures, as many as there are numbers in memory for; never fewer than those."""
_FINE = 50
_SLACK = 4.0
"""Groups are drawn for this many standard deviations more than their mean size asks for."""
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
        The number, more than n unless these prove it already; None when no number does it, nothing was observed, no bar
        between 0 and 1 is asked for, or evidence rests on too few groups for any forecast.
    """
    hits = np.asarray(right, dtype=np.float64)
    if bar is None or not len(hits) or not 0.0 < bar < 1.0:
        return None
    alone = trials_needed(bar, float(hits.mean()), confidence=confidence, power=power)
    sums, sizes = _by_group(hits, groups)
    if alone is None or sizes.max() == 1:
        return alone
    if too_few_groups(len(hits), len(sizes)):
        return None
    if len(hits) > MOST_PLAYED:
        lower = float(clustered_lower_bounds(sums, sizes, confidence=confidence))
        seen = Proportion(int(hits.sum()), len(hits), lower, confidence, CLUSTERED)
        return _many(len(hits), alone * len(hits) / effective_trials(seen))

    def proven(more: int) -> float:
        places, come = _groups_to_come(sizes, more)
        lower = clustered_lower_bounds(sums[places] * come, sizes[places] * come, confidence=confidence)
        return float(np.mean(lower >= bar))

    # The chance goes like a saw, until one more may be wrong; not where nothing is wrong.
    teeth = [0] if hits.all() else [math.ceil(part / (1.0 - bar)) for part in (0.0, 1 / 3, 2 / 3)]

    def enough(more: int) -> bool:
        return all(proven(more + tooth) >= power for tooth in teeth)

    return _in_all(enough, len(hits), alone * float(sizes.mean()))


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
        As there; None when the mean that was seen is no lower than the limit, or of too few groups.
    """
    seen = np.asarray(costs, dtype=np.float64)
    if not len(seen) or not float(seen.mean()) < most <= highest or too_few_groups(len(seen), len(set(groups))):
        return None
    sums, sizes = _by_group(seen, groups)

    saved = np.clip(highest * sizes - sums, 0.0, highest * sizes)
    guess = _roughly(sums, sizes, most, highest, confidence, power)
    if len(seen) > MOST_PLAYED:
        return _many(len(seen), guess)

    def enough(more: int) -> bool:
        places, come = _mixed(*_groups_to_come(sizes, more), len(sizes))
        shown = clears_by_group(
            saved[places] * come, sizes[places] * come, highest - most, high=highest, confidence=confidence
        )
        return bool(np.mean(shown) >= power)

    return _in_all(enough, len(seen), guess)


def rests_on_groups(count: int, groups: int) -> bool:
    """Whether examples come in groups: an example has at least one other of its group in the mean."""
    return 0 < 2 * groups <= count


def too_few_groups(count: int, groups: int) -> bool:
    """Whether so many examples of so few groups allow no forecast."""
    return rests_on_groups(count, groups) and groups < FEWEST_GROUPS


def _roughly(sums: Numbers, sizes: NDArray[np.int64], most: float, highest: float, sure: float, power: float) -> float:
    """A first guess: as wide as a normal interval with a term for rare dear answers, as Bernstein's has."""
    mean, gap = float(sums.sum() / sizes.sum()), most - float(sums.sum() / sizes.sum())
    normal, largest = NormalDist(), float(sizes.max() / sizes.mean())
    spread = (normal.inv_cdf(sure) + normal.inv_cdf(power)) * float(np.std((sums - mean * sizes) / sizes.mean()))
    rare = -_RARE * math.log1p(-sure) * max(highest - most, 0.0) * largest
    perfect = largest * math.log1p(-sure) / math.log1p(-min(most / highest, 1.0 - 1e-12))
    return max(((spread + math.sqrt(spread**2 + 4.0 * gap * rare)) / (2.0 * gap)) ** 2, perfect) * float(sizes.mean())


def _in_all(enough: Callable[[int], bool], count: int, guess: float) -> int:
    """Examples seen and to come, where so many further ones are enough; the guess where that is beyond all plans."""
    farthest = max(FARTHEST, TIMES * count)
    more = _fewest(enough, math.ceil(guess) - count, farthest)
    return max(math.ceil(guess), count + farthest) if more is None else count + more


def _many(count: int, guess: float) -> int:
    """The guess, where there are too many to play through; more than there are."""
    return max(math.ceil(guess), count + math.ceil(count / _FINE))


def _fewest(enough: Callable[[int], bool], guess: int, farthest: int) -> int | None:
    """The least number from 1 on that is enough, to a fiftieth; None where the farthest is not."""
    if guess > farthest:
        return None
    low, high = 0, max(1, guess)
    while not enough(high):
        if high >= farthest:
            return None
        low, high = high, min(2 * high, farthest)
    while high - low > max(1, high // _FINE):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _by_group(values: Numbers, groups: Sequence[str]) -> tuple[Numbers, NDArray[np.int64]]:
    """The sum of each group and how many examples it has, in the order of first sight."""
    order = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    member_of = np.array([order[group] for group in groups], dtype=np.int64)
    return np.bincount(member_of, weights=values).astype(np.float64), np.bincount(member_of).astype(np.int64)


def _groups_to_come(sizes: NDArray[np.int64], more: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Which groups are seen and drawn for so many more examples, a future a row, and whether each is among them.

    How many groups so many examples are, and of which sizes, differs from future to future: where sizes differ much, a
    single draw of them tells little of the next. They are drawn group by group, so that a longer future begins as a
    shorter one does, and the chance hardly jumps as futures grow.
    """
    mean, slack = float(sizes.mean()), _SLACK * float(sizes.std())
    width = min(more, math.ceil(((slack + math.sqrt(slack**2 + 4.0 * mean * more)) / (2.0 * mean)) ** 2))
    count = _futures_of(len(sizes) + width)
    drawn = np.ascontiguousarray(np.random.default_rng(0).integers(len(sizes), size=(width, count)).T)
    come = np.cumsum(sizes[drawn], axis=1) - sizes[drawn] < more
    seen = np.broadcast_to(np.arange(len(sizes)), (count, len(sizes)))
    return np.concatenate([seen, drawn], axis=1), np.concatenate([np.ones_like(seen, dtype=np.bool_), come], axis=1)


def _mixed(
    places: NDArray[np.int64], come: NDArray[np.bool_], seen: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The groups to come anywhere among those seen, which keep their order; those that do not come last."""
    rows, width = len(places), places.shape[1] - seen
    anywhere = np.random.default_rng(1).uniform(size=(width, rows)).T
    among = np.broadcast_to((np.arange(seen) + 0.5) / seen, (rows, seen))
    order = np.argsort(np.where(come, np.concatenate([among, anywhere], axis=1), np.inf), axis=1)
    return np.take_along_axis(places, order, axis=1), np.take_along_axis(come, order, axis=1)


def _futures_of(groups: int) -> int:
    """How many futures of so many groups are played through at once."""
    return max(_FEWEST_FUTURES, min(_FUTURES, _AT_ONCE // groups))
