"""Far out: numbers that lie absurdly far from all others, as a slip of the hand or another unit does.

Claim: a number is named when its distance from the median is beyond the upper quartile of these distances by six times
what lies between their quartiles, on a scale of orders of magnitude, and ten times beyond the farthest of the others.
So the scale is the data's own: what is normal, even or exponential has no such number unless it is some thousand times
the usual distance away, and what is spread over orders of magnitude only if it is beyond these as well. False alarms in
20 to 20,000 numbers: below 2 in 1,000 where they are normal, even, exponential, counts, of Student's distribution (3
degrees of freedom) or lognormal up to a sigma of 2; up to 2 in 100 at a sigma of 3; up to 1 in 10 where there is no
mean at all (Cauchy, Pareto of index 1).

Source:
    Tukey, "Exploratory Data Analysis" (1977), for fences by quartiles and for taking logarithms first.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

FEWEST: Final = 20
"""Distances below which nobody can tell what is usual."""
FENCE: Final = 6.0
LEAST_SPREAD: Final = 1.28
"""Between the quartiles of the logarithm of a normal distance: less than that is taken for chance or for few values."""
APART: Final = 10.0


def beyond(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which numbers lie absurdly far out, (n,)."""
    if len(numbers) < FEWEST:
        return np.zeros(len(numbers), np.bool_)
    with np.errstate(over="ignore", divide="ignore"):
        orders = np.log(np.abs(numbers / 4 - np.median(numbers / 4)))  # a quarter, so that no distance overflows
    known = orders[np.isfinite(orders)]
    if len(known) < FEWEST:
        return np.zeros(len(numbers), np.bool_)
    low, high = np.quantile(known, (0.25, 0.75))
    out = orders > high + FENCE * max(high - low, LEAST_SPREAD)
    apart = out.any() and orders[out].min() >= orders[~out].max() + np.log(APART)
    return np.array(out if apart else np.zeros(len(numbers), np.bool_), np.bool_)
