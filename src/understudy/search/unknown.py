"""Telling inputs that belong to none of the labels: those too far from the mean of every label.

Distances are those of features as the encoder gives them, before heads turn them: what an input shows that no example
ever showed lies in the very directions that turning leaves out. Examples are measured by means and deviations that they
had no part in, or newcomers would seem stranger than they are.

Measured with 3% of newcomers refused (explanation/strangers.md has the table): photos of other things 95 to 100%,
silence and black pictures all, questions that belong to none of 150 intents 87%; the probability of the likeliest label
refuses next to none of them.

Source:
    Lee et al., A simple unified framework for detecting out-of-distribution samples, NeurIPS 2018, for distances to
    labels' means; Vovk, Gammerman & Shafer, Algorithmic learning in a random world (2005), for the limit.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy

from understudy.modalities.protocol import View
from understudy.search.folds import Folds
from understudy.search.rows import Indices, Read
from understudy.search.strangeness import Array, Limit, Nearness, Strangeness, Sums

REFUSED: Final = 0.03
"""Share of new examples of the labels that lie beyond the limit, at most and on average."""
FEWEST: Final = 8
"""Fewer examples do not tell where the limit lies."""
_TINIEST: Final = 1e-9


@dataclass(frozen=True)
class Examples:
    """What strangeness is learned from.

    Attributes:
        labels: Label of each, 0..k-1; where answers are of another kind, what stands for it.
        known: Those that belong to a label, sorted; the others were called none of these.
        folds: How they are split for cross-validation.
        pulse: Called during long work; raises when the work should end.
    """

    labels: Indices
    known: Indices
    folds: Folds
    pulse: Callable[[], None]


def learn_strangeness(examples: Examples, views: Sequence[tuple[View, Read]]) -> tuple[Strangeness, Limit] | None:
    """Learns distances from all examples, and the limit from examples that were held out.

    Args:
        examples: At least one.
        views: What to look at, with the features of all examples; at least one.

    Returns:
        None where too little was held out to tell.
    """
    held_out, place = np.unique(examples.folds.rows, return_inverse=True)
    inside = np.isin(held_out, examples.known)
    if not examples.folds.apart or inside.sum() < FEWEST:
        return None
    far, learned = np.zeros(len(held_out)), []
    for view, read in views:
        whole = _sums(examples, read, examples.known)
        own = np.bincount(place, _held_out(examples, read, whole)) / np.bincount(place)
        usual = max(float(np.median(own[inside])), _TINIEST)
        learned.append((view, Nearness.of(whole, usual)))
        far += own / usual / len(views)
    limit = limit_of(far[inside])
    strange = far > limit
    right = (np.sum(strange & ~inside) + 1) / (strange.sum() + 2) if not inside.all() else 0.5
    return Strangeness(tuple(learned)), Limit(limit, float(right))


def limit_of(far: Array) -> float:
    """How far off a newcomer lies at most `REFUSED` of the time.

    Of n examples that newcomers are like, one lies beyond the rth farthest r times in n + 1. Where there are too few
    for that, the logarithms of the distances are taken to be normal, and the farthest counts in any case.

    Args:
        far: Of held-out examples, at least two, (n,).
    """
    count = len(far)
    rank = math.ceil((count + 1) * (1 - REFUSED))
    if rank <= count:
        return float(np.sort(far)[rank - 1])
    logs = np.log(np.maximum(far, _TINIEST))
    reach = float(scipy.special.stdtrit(count - 1, 1 - REFUSED)) * math.sqrt(1 + 1 / count)
    return max(float(far.max()), math.exp(float(logs.mean()) + reach * float(logs.std(ddof=1))))


def _held_out(examples: Examples, read: Read, whole: Sums) -> Array:
    """Distances of examples to means that they had no part in, in the order of `Folds.rows`."""
    found = []
    for fold in examples.folds.folds:
        examples.pulse()
        taken = np.intersect1d(fold.held_out, examples.known)
        left = whole - _sums(examples, read, taken) if len(taken) else whole
        found.append(Nearness.of(left)(read(fold.held_out)))
    return np.concatenate(found)


def _sums(examples: Examples, read: Read, indices: Indices) -> Sums:
    return Sums.of(read, indices, examples.labels, int(examples.labels.max()) + 1, examples.pulse)
