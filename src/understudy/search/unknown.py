"""Telling inputs that belong to none of the labels: those too far from the mean of every label.

Measured on 15,000 questions of 150 intents, 3,000 further ones and 200 that belong to none of these: distances to the
nearest mean refuse 88% of the latter where they refuse 5% of the former; the probability of the likeliest label 40%,
the margin before the second 42%, the nearest training example 68 to 75%.

Source:
    Lee et al., A simple unified framework for detecting out-of-distribution samples, NeurIPS 2018.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import NONE_OF_THESE
from understudy.search.candidates import Material
from understudy.search.rows import Indices
from understudy.search.strangeness import Array, Distances, Limit

MODALITIES: Final = frozenset({"text"})
"""Whose inputs are looked at this way: those for which it was measured."""
REFUSED: Final = 0.045
"""Share of the training examples, out of fold, that lie beyond the limit."""
LEAST_EXAMPLES: Final = 40
"""Fewer do not tell where the limit lies."""


def learn_limit(material: Material, names: Sequence[str]) -> tuple[Distances, Limit] | None:
    """Learns distances from all examples, and the limit from examples that were held out.

    Args:
        material: What heads are fitted on.
        names: Of the labels. `NONE_OF_THESE` has no mean; its examples tell how often a refusal is right.

    Returns:
        None where too little was held out to tell.
    """
    labels = [place for place, name in enumerate(names) if name != NONE_OF_THESE]
    if not material.folds.apart or len(material.labels) < LEAST_EXAMPLES:
        return None
    known = np.isin(material.labels, labels)
    far, rows = _held_out(material, labels, known)
    inside = known[rows]
    if inside.sum() < LEAST_EXAMPLES:
        return None
    limit = float(np.quantile(far[inside], 1 - REFUSED))
    strange = far > limit
    right = (np.sum(strange & ~inside) + 1) / (strange.sum() + 2) if not inside.all() else 0.5
    whole = Distances.of(material.moments(np.flatnonzero(known)), labels)
    return whole, Limit(limit, float(right))


def _held_out(material: Material, labels: Sequence[int], known: npt.NDArray[np.bool_]) -> tuple[Array, Indices]:
    """Distances of examples to means that they had no part in, and which examples these are."""
    found = []
    for fold in material.folds.folds:
        material.pulse()
        distances = Distances.of(material.moments(fold.train[known[fold.train]]), labels)
        found.append(distances(material.rows.take(fold.held_out)))
    return np.concatenate(found), material.folds.rows
