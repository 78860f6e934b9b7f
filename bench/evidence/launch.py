"""Whether the product would launch: its own review decides.

A review of thousands of simulated looks would take an hour, and hardly any of them can launch. So a look is first asked
what every launch implies, by the product's own bounds for many looks at once; the review itself decides all others.
"""

import numpy as np
import numpy.typing as npt

from bench.evidence.sealed import Flags, Look, Shares, material
from understudy.domain.brief import Brief
from understudy.domain.review import Review, Verdict
from understudy.stats.intervals import lower_bounds
from understudy.stats.looks import confidence_of
from understudy.studio.launch_review import review_of


def launched(look: Look, brief: Brief) -> Review | None:
    """The review of a look if it says “launch”, else None."""
    said = review_of(material(look, brief))
    return said if said.verdict is Verdict.LAUNCH else None


def launches(look: Look, brief: Brief) -> bool:
    """Whether the review of a look says “launch”."""
    return launched(look, brief) is not None


def could_prove(right: Flags, stated: Shares, bar: float, *, look: int = 1) -> npt.NDArray[np.bool_]:
    """Whether at any threshold at all the bar is proven, as it is in every launch by a share; ungrouped examples.

    Args:
        right: Of each answer of each run, shape (runs, n).
        stated: How sure each was, shape (runs, n).
        bar: The share right that is asked for.
        look: Which look it is.

    Returns:
        Shape (runs,).
    """
    surest_first = np.argsort(-stated, axis=1, kind="stable")
    hits = np.cumsum(np.take_along_axis(right, surest_first, axis=1), axis=1)
    bounds = lower_bounds(hits, np.arange(1, right.shape[1] + 1), confidence=confidence_of(look))
    return np.any(bounds >= bar - 1e-9, axis=1)
