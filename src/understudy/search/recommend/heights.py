"""The highest items of a ranker for each question, as heights that rankers can be mixed by."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.search.recommend.log import Indices, Log, Matrix, Numbers
from understudy.search.recommend.rankers import Ranker

KEPT: Final = 200
"""Items of each question that a ranker has a say about."""
CELLS: Final = 4_000_000
"""Scores that are held at once."""


@dataclass(frozen=True)
class Heights:
    """The highest items of each question, highest first.

    Attributes:
        items: (m, kept).
        heights: (m, kept), from 1 for the highest down to 0 at the last that is kept of many, or below the last where
            none is left out; 0 where the ranker has nothing to say.
    """

    items: Indices
    heights: Matrix


def heights_of(ranker: Ranker, asked: Log, *, repeats: bool) -> Heights:
    """Asks a ranker.

    Args:
        ranker: Whom.
        asked: Histories, (m,). The ranker looks at the latest events of each; all of them are left out.
        repeats: Items of the history may come again; else they are left out.
    """
    kept = min(KEPT, asked.width)
    rows = max(CELLS // max(asked.width, 1), 1)
    parts = [
        _highest(ranker, asked.people(np.arange(start, min(start + rows, len(asked)))), kept, repeats=repeats)
        for start in range(0, len(asked), rows)
    ]
    if not parts:
        return Heights(np.empty((0, kept), np.int64), np.empty((0, kept), np.float32))
    return Heights(np.concatenate([part.items for part in parts]), np.concatenate([part.heights for part in parts]))


def _highest(ranker: Ranker, asked: Log, kept: int, *, repeats: bool) -> Heights:
    scores = ranker.scores(asked.latest())
    if not repeats:
        scores[asked.person, asked.item] = -np.inf
    # The highest of the negated ones come first: thirteen times as fast where most are 0 and all the same.
    items = np.argpartition(-scores, kept - 1, axis=1)[:, :kept]
    items.sort(axis=1)
    high = np.take_along_axis(scores, items, axis=1).astype(np.float64)
    # Two scores that differ by less than what summing in another order does are held to be the same. Which of equal
    # ones at the lower end are kept does not matter, for the lowest have no height.
    largest = np.abs(np.where(np.isfinite(high), high, 0)).max(axis=1, keepdims=True)
    high = np.round(high / np.maximum(largest, 1e-30), 5)
    order = np.argsort(-high, axis=1, kind="stable")
    items, high = np.take_along_axis(items, order, axis=1), np.take_along_axis(high, order, axis=1)
    finite = np.isfinite(high)
    lowest = np.where(finite, high, np.inf).min(axis=1, keepdims=True)
    highest = np.where(finite, high, -np.inf).max(axis=1, keepdims=True)
    floor = lowest if kept < asked.width else _below(lowest, highest, finite.sum(axis=1, keepdims=True))
    span = highest - floor
    with np.errstate(invalid="ignore"):
        level = np.where(finite & (span > 0), (high - floor) / np.where(span > 0, span, 1), 0)
    return Heights(items, level.astype(np.float32))


def _below(lowest: Numbers, highest: Numbers, count: Numbers) -> Numbers:
    """A step below the lowest of all items there are, which can be listed too; no score at all says nothing."""
    with np.errstate(invalid="ignore"):
        step = np.where(highest > lowest, (highest - lowest) / np.maximum(count, 1), 1.0)
    return np.where(lowest == 0, lowest, lowest - step)


def places_of(heights: Heights, truth: Indices) -> Indices:
    """At which place, from 1, each question's truth stands; 0 where it is not among the kept, (m,)."""
    hits = heights.items == truth[:, None]
    return np.where(hits.any(axis=1), hits.argmax(axis=1) + 1, 0).astype(np.int64)


def gains(places: Indices, length: int) -> Numbers:
    """NDCG at a length where one item came next: 1 / log2(1 + place) within the list, else 0, (m,)."""
    inside = (places > 0) & (places <= length)
    return np.where(inside, 1 / np.log2(1 + np.maximum(places, 1)), 0.0)
