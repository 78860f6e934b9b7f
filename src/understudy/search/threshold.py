"""The threshold below which a model asks a person, from held-out answers on training photos."""

import numpy as np
import numpy.typing as npt

from understudy.search.rows import Indices

SHARE_RIGHT = 0.95
"""What answers above the threshold should reach, out of fold. A review proves a promise; this is only a start."""

ALWAYS_ASK = 1.0
"""No probability reaches it, since none is ever certain."""


def choose_threshold(given: npt.NDArray[np.float64], labels: Indices) -> float:
    """Finds the lowest probability such that answers at or above it are right often enough.

    Args:
        given: Held-out probabilities, (m, k).
        labels: True labels, (m,).

    Returns:
        The threshold, 0..1; just above the surest wrong answer where `SHARE_RIGHT` is never reached.
    """
    stated = given.max(axis=1)
    right = given.argmax(axis=1) == labels
    order = np.argsort(-stated, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(stated[order]) != 0, True)
    reached = np.flatnonzero((shares >= SHARE_RIGHT) & last_of_ties)
    if len(reached):
        return float(stated[order][reached[-1]])
    surest_wrong = float(stated[~right].max())
    return min(1.0, surest_wrong + 1e-6)
