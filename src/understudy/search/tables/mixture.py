"""The mixture: candidates that answer better together, chosen greedily on held-out answers, of labels or of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.target import Target

Numbers = npt.NDArray[np.float64]

START: Final = 5
"""Candidates that the mixture starts from: one alone may be best by luck."""
PICKS: Final = 40
WORTHWHILE: Final = 2e-4
"""Share of the loss by which another pick must lower it."""
LIGHT: Final = 0.05
"""Weight below which a member is dropped: it costs as much as any other and says little."""
LEAST: Final = 1e-9


@dataclass(frozen=True)
class Mixture:
    """Which candidates answer together.

    Attributes:
        members: Positions in the list of candidates, rising.
        weights: Their weights, summing to 1.
        given: What they say together of held-out rows, (n, k) or (n, 1).
    """

    members: tuple[int, ...]
    weights: tuple[float, ...]
    given: Numbers


def choose(candidates: Sequence[Numbers], target: Target) -> Mixture:
    """Starts from the best few, then adds what helps the mixture most, as often as it helps.

    Args:
        candidates: Held-out answers of each, (n, k) or (n, 1); at least one.
        target: The truth of those rows.

    Source:
        Caruana et al., Ensemble selection from libraries of models, ICML 2004; with sorted initialisation.
    """
    told = np.stack([_told(each, target) for each in candidates])
    picks = [int(place) for place in np.argsort(_losses(told, target), kind="stable")[:START]]
    total = told[picks].sum(axis=0)
    best = float(_losses(total[None] / len(picks), target)[0])
    while len(picks) < PICKS:
        losses = _losses((total + told) / (len(picks) + 1), target)
        place = int(np.argmin(losses))
        if losses[place] > best * (1 - WORTHWHILE / len(picks)):
            break
        best = float(losses[place])
        picks.append(place)
        total = total + told[place]
    counts = np.bincount(picks, minlength=len(candidates)) / len(picks)
    counts[counts < min(LIGHT, counts.max())] = 0
    members = np.flatnonzero(counts)
    weights = counts[members] / counts[members].sum()
    pairs = [(int(place), float(weight)) for place, weight in zip(members, weights, strict=True)]
    given = np.sum([weight * candidates[place] for place, weight in pairs], axis=0)
    return Mixture(tuple(place for place, _ in pairs), tuple(weight for _, weight in pairs), given)


def _told(given: Numbers, target: Target) -> Numbers:
    """All that the loss of a mixture depends on: what the true label was given, or the number, (n,)."""
    if not target.classes:
        return given[:, 0]
    return np.take_along_axis(given, target.values[:, None].astype(np.int64), axis=1)[:, 0]


def _losses(told: Numbers, target: Target) -> Numbers:
    """Mean loss of each of several answers, (c,)."""
    weights = target.weights / target.weights.sum()
    if not target.classes:
        return np.asarray((told - target.values) ** 2 @ weights)
    return np.asarray(-np.log(np.maximum(told, LEAST)) @ weights)
