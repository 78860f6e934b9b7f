"""What lists are worth: how early what came next stands in them, how much of the catalogue they show, how new it is."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from understudy.search.recommend.log import Indices, Numbers
from understudy.search.recommend.mixture import Lists
from understudy.stats.betting import mean_measured

CONFIDENCE = 0.975
"""Of each bound, so that both together hold with 95%."""


@dataclass(frozen=True)
class Figure:
    """A mean over people with its interval of 95%.

    Attributes:
        estimate: The mean.
        lower: Lower end.
        upper: Upper end.
    """

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Figures:
    """What lists are worth.

    Attributes:
        length: Items in a list, k.
        people: Who was asked.
        precision: Share of a list that came next, precision@k.
        recall: Share of what came next that stands in the list, recall@k.
        ndcg: NDCG@k.
        hits: Share of people for whom anything that came next stands in the list.
        coverage: Share of the items that anybody took that stand in some list, 0..1.
        novelty: Mean surprise of a listed item, in bits: minus the logarithm of the share of people who took it.
    """

    length: int
    people: int
    precision: Figure
    recall: Figure
    ndcg: Figure
    hits: Figure
    coverage: float
    novelty: float

    def to_json(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Figures":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        means = {name: Figure(**given[name]) for name in ("precision", "recall", "ndcg", "hits")}
        return cls(
            length=int(given["length"]),
            people=int(given["people"]),
            coverage=float(given["coverage"]),
            novelty=float(given["novelty"]),
            **means,
        )


def figures_of(lists: Lists, truths: Sequence[Indices], person: Indices, takers: Numbers, people: int) -> Figures:
    """Measures lists.

    Args:
        lists: One a question, (m, k).
        truths: What came next in each question; one item or several.
        person: Whose question it is, (m,); people count the same, however many questions they were asked.
        takers: How many people took each item in what was learned from, (width,).
        people: How many people that were.

    Returns:
        The figures; intervals are by betting and need no assumption but that people are independent.
    """
    length = lists.items.shape[1]
    hits = [np.isin(row, truth) & (row >= 0) for row, truth in zip(lists.items, truths, strict=True)]
    gain = 1 / np.log2(2 + np.arange(length))
    wanted = np.array([len(truth) for truth in truths], np.float64)
    found = np.array([row.sum() for row in hits], np.float64)
    best = np.concatenate([[0.0], np.cumsum(gain)])[np.minimum(wanted, length).astype(np.int64)]
    gained = np.array([float(row @ gain) for row in hits])
    shown = lists.items[lists.items >= 0]
    share = np.maximum(takers, 1.0)[shown] / max(people, 1)
    return Figures(
        length,
        len(np.unique(person)),
        _mean(found / length, person),
        _mean(found / np.maximum(wanted, 1), person),
        _mean(gained / np.maximum(best, 1e-9), person),
        _mean(found > 0, person),
        float(len(np.unique(shown)) / max(int((takers > 0).sum()), 1)),
        float(-np.log2(np.minimum(share, 1.0)).mean()) if len(shown) else 0.0,
    )


def difference(first: Numbers, second: Numbers, person: Indices) -> Figure:
    """How much more one has than the other, each figure within 0..1, with its interval over people."""
    return _mean(first - second, person, low=-1.0)


def _mean(values: Any, person: Indices, *, low: float = 0.0) -> Figure:
    given = np.asarray(values, np.float64)
    names, place = np.unique(person, return_inverse=True)
    means = np.bincount(place, weights=given) / np.maximum(np.bincount(place), 1)
    # Bets are laid one after another, so the order must have nothing to do with the figures: a fixed shuffle.
    order = np.random.default_rng(0).permutation(len(names))
    shares = np.clip(means[order], low, 1.0)
    alone = [str(each) for each in range(len(names))]
    found = mean_measured(shares, low=low, high=1.0, groups=alone, confidence=CONFIDENCE, unit="share")
    return Figure(*(round(each, 6) for each in (found.estimate, found.lower, found.upper)))
