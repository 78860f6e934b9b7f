"""The threshold below which a model asks a person, from held-out answers on training examples."""

from typing import Final

import numpy as np
import numpy.typing as npt

SHARE_RIGHT: Final = 0.95
"""What answers above the threshold should reach, out of fold. A review proves a promise; this is only a start."""
LEAST_SURE: Final = 0.5
"""No answer that is likelier wrong than right is given alone, however right those are that are surer."""
ALWAYS_ASK: Final = 1.0
"""No probability reaches it, since none is ever certain."""


def choose_threshold(stated: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Finds the lowest probability such that answers at or above it are right often enough.

    Args:
        stated: How sure held-out answers were, (m,), 0..1.
        right: Whether each was right, (m,).

    Returns:
        The threshold, `LEAST_SURE` to 1; just above the surest wrong answer where `SHARE_RIGHT` is never reached.
    """
    order = np.argsort(-stated, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_ties = np.append(np.diff(stated[order]) != 0, True)
    reached = np.flatnonzero((shares >= SHARE_RIGHT) & last_of_ties)
    lowest = float(stated[order][reached[-1]]) if len(reached) else float(stated[~right].max()) + 1e-6
    return min(max(lowest, LEAST_SURE), ALWAYS_ASK)
