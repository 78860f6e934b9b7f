"""How far apart two samples are, and how likely chance alone puts them so far apart.

The distance is Kolmogorov's: the largest difference between the shares of either sample up to any number, which is also
a lower bound of the part of one sample that would have to move for both to be alike. The chance is exact for samples
without ties, whatever their distribution, and too large where there are ties; so a bound on false alarms that is built
on it holds for every distribution.

Source:
    Kolmogorov-Smirnov, two samples; exact by counting paths, Hodges, Arkiv för Matematik 3 (1958), as SciPy does it.
"""

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.floating]

ROUGHLY = 100.0
"""The limit for large samples is never so many times too large where chances matter."""


def distance(one: Numbers, other: Numbers) -> float:
    """Kolmogorov's distance of two samples, 0..1.

    Args:
        one: (n,), n at least 1; minus infinity for what is missing.
        other: (m,), m at least 1.
    """
    left, right = np.sort(one), np.sort(other)
    both = np.concatenate([left, right])
    shares = [np.searchsorted(each, both, side="right") / len(each) for each in (left, right)]
    return float(np.abs(shares[0] - shares[1]).max())


def chance(one: Numbers, other: Numbers, *, below: float = 1.0) -> float:
    """The chance of a distance at least as large if both come from one distribution, at most, 0..1.

    Args:
        one: (n,), n at least 1.
        other: (m,), m at least 1.
        below: Only chances up to this matter: of one that is far above, 1.0 is said, which is quick.
    """
    pairs = len(one) * len(other) / (len(one) + len(other))
    if np.exp(-2.0 * pairs * distance(one, other) ** 2) > ROUGHLY * below:
        return 1.0
    return float(scipy.stats.ks_2samp(one, other, method="exact").pvalue)
