"""The ensemble: candidates that answer better together, chosen greedily on held-out answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.search.rows import Indices

Array = npt.NDArray[np.floating[Any]]

START = 5
"""Candidates that the mixture starts from: measured as good as any number, and steadier on 40 photos."""
MAX_PICKS = 17
WORTHWHILE = 1e-3
"""Fall of the loss, in nats, below which another member is not worth its time."""


class Loss(Protocol):
    """What answers lose, by their kind."""

    def told(self, given: Array) -> Array:
        """All that the loss of a mixture depends on, so that it mixes as answers do, (m, ...).

        Args:
            given: What held-out examples were answered with, (m, k).
        """
        ...

    def losses(self, told: Array) -> Array:
        """What each example loses by that, (m,)."""
        ...

    def overall(self, losses: Array) -> float:
        """What all of them lose together, in nats an example."""
        ...


@dataclass(frozen=True)
class Ensemble:
    """Which candidates answer together, and with what weight.

    Attributes:
        members: Positions in the list of candidates, rising.
        weights: Their weights, summing to 1.
        losses: What each held-out example loses under the mixture, (m,).
        given: What the mixture says, (m, k).
    """

    members: tuple[int, ...]
    weights: tuple[float, ...]
    losses: Array
    given: Array


def choose(candidates: Sequence[Array], loss: Loss, start: int = START) -> Ensemble:
    """Starts from the best few, since one alone may be best by luck, then adds what helps the mixture most.

    Args:
        candidates: What each says of held-out examples, (m, k); at least one.
        loss: What that loses.
        start: How many of the best it starts from.

    Source:
        Caruana et al., Ensemble selection from libraries of models, ICML 2004; with sorted initialisation.
    """
    told = [loss.told(each) for each in candidates]

    def lost(mixed: Array) -> float:
        return loss.overall(loss.losses(mixed))

    picks = [int(place) for place in np.argsort([lost(each) for each in told], kind="stable")[:start]]
    total = np.sum([told[place] for place in picks], axis=0)
    best = lost(total / len(picks))
    while len(picks) < MAX_PICKS:
        losses = [lost((total + each) / (len(picks) + 1)) for each in told]
        place = int(np.argmin(losses))
        if losses[place] > best - WORTHWHILE:
            break
        best = losses[place]
        picks.append(place)
        total = total + told[place]
    members, counts = np.unique(picks, return_counts=True)
    weights = tuple(float(count) / len(picks) for count in counts)
    given = np.sum([weight * candidates[member] for member, weight in zip(members, weights, strict=True)], axis=0)
    return Ensemble(tuple(int(member) for member in members), weights, loss.losses(loss.told(given)), given)


def clearly_better(challenger: Ensemble, incumbent: Ensemble, rows: Indices, *, errors: float = 1) -> bool:
    """Whether the challenger's loss is lower by more than some standard errors of the paired difference.

    Args:
        challenger: The one that asks for more (larger photos, more layers).
        incumbent: The one that makes do with less.
        rows: Which example each held-out row belongs to, (m,); one example may have several rows.
        errors: How many.

    Source:
        The one-standard-error rule (Breiman et al., Classification and Regression Trees, 1984), paired.
    """
    gain = incumbent.losses - challenger.losses
    counts = np.bincount(rows)
    by_example = np.bincount(rows, gain)[counts > 0] / counts[counts > 0]
    return bool(by_example.mean() > errors * by_example.std() / np.sqrt(len(by_example)))
