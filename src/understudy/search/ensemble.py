"""The ensemble: candidates that answer better together, chosen greedily on held-out probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from understudy.search.calibration import LEAST, log_losses
from understudy.search.rows import Indices

Array = npt.NDArray[np.float64]

START = 5
"""Candidates that the mixture starts from: measured as good as any number, and steadier on 40 photos."""
MAX_PICKS = 17
WORTHWHILE = 1e-3
"""Fall of the mean log loss, in nats, below which another member is not worth its time."""


@dataclass(frozen=True)
class Ensemble:
    """Which candidates answer together, and with what weight.

    Attributes:
        members: Positions in the list of candidates, rising.
        weights: Their weights, summing to 1.
        losses: Log loss of each held-out example under the mixture, (m,).
        given: The mixture's probabilities, (m, k).
    """

    members: tuple[int, ...]
    weights: tuple[float, ...]
    losses: Array
    given: Array


def choose(candidates: Sequence[Array], labels: Indices) -> Ensemble:
    """Starts from the best few, since one alone may be best by luck, then adds what helps the mixture most.

    Args:
        candidates: Held-out probabilities of each, (m, k); at least one.
        labels: True labels, (m,).

    Source:
        Caruana et al., Ensemble selection from libraries of models, ICML 2004; with sorted initialisation.
    """
    # The loss of a mixture depends on what its members give the true label, and on nothing else.
    true = np.stack([np.take_along_axis(each, labels[:, None], axis=1)[:, 0] for each in candidates])
    picks = [int(place) for place in np.argsort(_mean_losses(true), kind="stable")[:START]]
    total = true[picks].sum(axis=0)
    best = _mean_losses(total / len(picks))
    while len(picks) < MAX_PICKS:
        losses = _mean_losses((total + true) / (len(picks) + 1))
        place = int(np.argmin(losses))
        if losses[place] > best - WORTHWHILE:
            break
        best = losses[place]
        picks.append(place)
        total = total + true[place]
    members, counts = np.unique(picks, return_counts=True)
    weights = tuple(float(count) / len(picks) for count in counts)
    given = np.sum([weight * candidates[member] for member, weight in zip(members, weights, strict=True)], axis=0)
    return Ensemble(tuple(int(member) for member in members), weights, log_losses(given, labels), given)


def _mean_losses(true: Array) -> Array:
    """Mean log loss of what true labels were given, over the last axis."""
    return np.asarray(-np.log(np.maximum(true, LEAST)).mean(axis=-1))


def clearly_better(challenger: Ensemble, incumbent: Ensemble, rows: Indices) -> bool:
    """Whether the challenger's log loss is lower by more than one standard error of the paired difference.

    Args:
        challenger: The one that asks for more (larger photos, more layers).
        incumbent: The one that makes do with less.
        rows: Which example each held-out row belongs to, (m,); one example may have several rows.

    Source:
        The one-standard-error rule (Breiman et al., Classification and Regression Trees, 1984), paired.
    """
    gain = incumbent.losses - challenger.losses
    counts = np.bincount(rows)
    by_example = np.bincount(rows, gain)[counts > 0] / counts[counts > 0]
    return bool(by_example.mean() > by_example.std() / np.sqrt(len(by_example)))
