"""The mixture: several rankers' heights together give each item its chance to come next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.recommend.heights import Heights
from understudy.search.recommend.log import Indices, Numbers

RIDGE: Final = 0.03
"""Penalty on the square of a weight, a question."""
SURE: Final = 1e-6


@dataclass(frozen=True)
class Pool:
    """All items that some ranker put high, question by question.

    Attributes:
        starts: Where each question's items begin, and where the last one's end, (m + 1,).
        item: (c,); rising within a question.
        features: For each ranker an item's height, then for each the gain of its place, (c, 2 rankers).
    """

    starts: Indices
    item: Indices
    features: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def question(self) -> Indices:
        """Which question each item belongs to, (c,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def hits(self, truth: Indices) -> npt.NDArray[np.bool_]:
        """Which items are what came next, (c,)."""
        hit: npt.NDArray[np.bool_] = self.item == truth[self.question]
        return hit


def pool_of(said: Sequence[Heights], width: int) -> Pool:
    """Puts what several rankers said about the same questions together.

    Args:
        said: Of each ranker, in order.
        width: Items in the catalogue.
    """
    count, kept = said[0].items.shape
    keys = [np.arange(count)[:, None] * width + each.items for each in said]
    union, place = np.unique(np.concatenate([key.ravel() for key in keys]), return_inverse=True)
    features = np.zeros((len(union), 2 * len(said)), np.float32)
    gain = (1 / np.log2(2 + np.arange(kept))).astype(np.float32)
    for at, each in enumerate(said):
        own = place[at * count * kept : (at + 1) * count * kept]
        heard = each.heights.ravel() > 0
        features[own, at] = each.heights.ravel()
        features[own[heard], len(said) + at] = np.tile(gain, count)[heard]
    starts = np.searchsorted(union, np.arange(count + 1) * width)
    return Pool(starts.astype(np.int64), (union % width).astype(np.int64), features)


def chances(pool: Pool, weights: Numbers) -> Numbers:
    """The chance of each item of a pool to come next, given that one of them does, (c,)."""
    if not len(pool.item):
        return np.empty(0)
    scores = pool.features @ weights
    begins = pool.starts[:-1]
    sizes = np.diff(pool.starts)
    raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, begins), sizes))
    share: Numbers = raised / np.repeat(np.add.reduceat(raised, begins), sizes)
    return share


def fit_weights(pools: Sequence[Pool], truths: Sequence[Indices], weights: Sequence[Numbers]) -> Numbers:
    """Finds the weights under which what came next is likeliest: a conditional logit, none below 0.

    Args:
        pools: One a round.
        truths: What came next in each question of a round.
        weights: Of each question.

    Returns:
        (2 rankers,); questions whose truth no ranker put high have no say.

    Source:
        McFadden, "Conditional logit analysis of qualitative choice behavior", 1974.
    """
    parts = [_part(pool, truth, weight) for pool, truth, weight in zip(pools, truths, weights, strict=True)]
    width = pools[0].features.shape[1]
    total = sum(float(weight.sum()) for _, _, _, weight in parts)
    if not total:
        return np.ones(width)

    def loss(at: Numbers) -> tuple[float, Numbers]:
        value, slope = RIDGE * float(at @ at), 2 * RIDGE * at
        for pool, hit, question, weight in parts:
            share = chances(pool, at)
            own = weight[question]
            value -= float((own[hit] * np.log(np.maximum(share[hit], 1e-12))).sum()) / total
            slope = slope + pool.features.T @ (own * (share - hit)) / total
        return value, slope

    found: Any = scipy.optimize.minimize(loss, np.ones(width), jac=True, method="L-BFGS-B", bounds=[(0, None)] * width)
    best: Numbers = np.round(found.x, 6)
    return best


def _part(pool: Pool, truth: Indices, weight: Numbers) -> tuple[Pool, npt.NDArray[np.bool_], Indices, Numbers]:
    hit = pool.hits(truth)
    question = pool.question
    reached = np.zeros(len(pool), bool)
    reached[question[hit]] = True
    return pool, hit, question, np.where(reached, weight, 0.0)


@dataclass(frozen=True)
class Lists:
    """The best items of each question.

    Attributes:
        items: (m, length), best first; -1 behind the last where a pool holds fewer.
        chances: Their chances, (m, length); 0 there.
    """

    items: Indices
    chances: Numbers


def best_of(pool: Pool, share: Numbers, length: int) -> Lists:
    """Puts the items of a pool in order and cuts the lists.

    Items of which no ranker said anything are left out; equal ones stand in the order of the catalogue.
    """
    heard = pool.features.max(axis=1, initial=0.0) > 0
    question = pool.question
    order = np.lexsort((pool.item, -np.round(share, 9), ~heard, question))
    place = np.arange(len(order)) - np.repeat(pool.starts[:-1], np.diff(pool.starts))
    items = np.full((len(pool), length), -1, np.int64)
    listed = np.zeros((len(pool), length))
    kept = (place < length) & heard[order]
    items[question[order][kept], place[kept]] = pool.item[order][kept]
    listed[question[order][kept], place[kept]] = share[order][kept]
    return Lists(items, listed)


def gains_of(lists: Lists, truth: Indices) -> tuple[Numbers, npt.NDArray[np.bool_]]:
    """NDCG of each list where one item came next, and whether it stands in it, (m,) each."""
    hits = lists.items == truth[:, None]
    found = hits.any(axis=1)
    return np.where(found, 1 / np.log2(2 + hits.argmax(axis=1)), 0.0), found


@dataclass(frozen=True)
class Sureness:
    """From a list's summed chances to the calibrated chance that what comes next stands in it.

    Attributes:
        slope: Of the log odds.
        level: Added to them.
        new: The chance where nothing is known of somebody, measured by hiding all that others are known to have taken.
        shortest: Events of the shortest history by which the rest was measured.
    """

    slope: float
    level: float
    new: float = 0.0
    shortest: int = 0

    def of(self, mass: Numbers) -> Numbers:
        """Calibrated probabilities, (m,), within 0.001..0.999; 0 of an empty list, in which nothing can stand."""
        odds = self.slope * _log_odds(mass) + self.level
        return np.where(mass > 0, np.clip(1 / (1 + np.exp(-odds)), 0.001, 0.999), 0.0)

    def told(self, mass: Numbers, events: Indices) -> Numbers:
        """Calibrated probabilities for histories of so many known events, (m,).

        Where a history is not half as long as the shortest that was measured, nothing says that its list does better
        than what somebody new gets, so no more than that is told.
        """
        sure = self.of(mass)
        unmeasured = np.where(2 * events < self.shortest, np.minimum(sure, self.new), sure)
        return np.where((events == 0) & (mass > 0), self.new, unmeasured)


def fit_sureness(mass: Numbers, right: npt.NDArray[np.bool_], weight: Numbers) -> Sureness:
    """Fits it on held-out lists; the slope is none below 0, so a surer list is never called less sure.

    Source:
        Platt, "Probabilistic outputs for support vector machines", 1999.
    """
    odds, share = _log_odds(mass), weight / weight.sum()

    def loss(at: Numbers) -> tuple[float, Numbers]:
        sure = 1 / (1 + np.exp(-np.clip(at[0] * odds + at[1], -30, 30)))
        value = -float((share * np.where(right, np.log(sure + SURE), np.log(1 - sure + SURE))).sum())
        error = share * (sure - right)
        penalty = 0.01 * (at[0] - 1) ** 2 + 0.001 * at[1] ** 2
        return value + penalty, np.array([error @ odds + 0.02 * (at[0] - 1), error.sum() + 0.002 * at[1]])

    found: Any = scipy.optimize.minimize(
        loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]
    )
    return Sureness(round(float(found.x[0]), 6), round(float(found.x[1]), 6))


def _log_odds(mass: Numbers) -> Numbers:
    inside = np.clip(mass, SURE, 1 - SURE)
    odds: Numbers = np.log(inside / (1 - inside))
    return odds
