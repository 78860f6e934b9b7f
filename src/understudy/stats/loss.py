"""How many answers are served until a fall is noticed, when a share of them is audited.

It assumes that the audits are a random share of the model's answers and that the breaker watches them as
`stats.restarts` does. The delay in audits does not depend on the share that is audited: its distribution is simulated
once, and how many served answers it takes to draw that many audits follows exactly from the binomial distribution.
"""

import math

import numpy as np
import scipy
from numpy.typing import NDArray

SURE = 0.95
"""The promise holds in so many cases of all."""
USUAL_AUDIT_SHARE = 0.1
"""Audited when no loss budget says how much."""
LEAST_AUDIT_SHARE = 0.01


def cases_until(waits: NDArray[np.int64], audit_share: float, *, sure: float = SURE) -> int:
    """Served answers until so many audits have been drawn, at the `sure` quantile over both kinds of luck.

    Args:
        waits: Audits until it is noticed, a sample of them, shape (runs,).
        audit_share: Share of served answers that is audited, above 0, up to 1.
        sure: The quantile, between 0 and 1.

    Raises:
        ValueError: A share is out of range, or there is no sample.
    """
    if not len(waits) or not 0.0 < audit_share <= 1.0 or not 0.0 < sure < 1.0:
        raise ValueError("a sample of delays, an audit share up to 1 and a quantile below 1 are needed")
    needed, runs = np.unique(waits, return_counts=True)
    low, high = 0, math.ceil(int(needed[-1]) / audit_share)
    while _noticed(needed, runs, high, audit_share) < sure:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        enough = _noticed(needed, runs, middle, audit_share) >= sure
        low, high = (low, middle) if enough else (middle, high)
    return high


def _noticed(needed: NDArray[np.int64], runs: NDArray[np.int64], cases: int, audit_share: float) -> float:
    """Chance that so many served answers held the audits that were needed."""
    if audit_share == 1.0:
        return float(runs[needed <= cases].sum() / runs.sum())
    fits = needed <= cases
    drawn = scipy.special.bdtrc(np.minimum(needed, cases) - 1.0, cases, audit_share)
    return float((runs * np.where(fits, drawn, 0.0)).sum() / runs.sum())
