"""How far a distribution has shifted from what it was, from counts in bins.

The population stability index is the mean of ln(seen / expected) under what is seen, plus the mean of ln(expected /
seen) under what was expected: 0 when both are alike, about 0.1 for a shift that is worth a look, 0.25 for a large one.
Beside it stands the chance of a difference at least as large if nothing had shifted (two samples, chi-square), so that
small samples are not taken for shifts.

It sees only what it is given: inputs and answers, never whether the answers are right.

Source:
    Siddiqi, "Credit Risk Scorecards" (2006), for the index and its customary marks; Yurdakul & Naranjo, "Statistical
    properties of the population stability index" (2020), for its size by chance alone.
"""

from collections.abc import Sequence

import numpy as np
import scipy


def stability_index(expected: Sequence[int], seen: Sequence[int]) -> float:
    """The population stability index of counts in the same bins; 0.0 while either is empty.

    Half a case is added to each bin, so that an empty one does not make it infinite.

    Raises:
        ValueError: The bins differ, or a count is negative.
    """
    before, now = _counts(expected, seen)
    if not before.sum() or not now.sum():
        return 0.0
    was, is_now = ((each + 0.5) / (each + 0.5).sum() for each in (before, now))
    return float(np.sum((is_now - was) * np.log(is_now / was)))


def shift_p_value(expected: Sequence[int], seen: Sequence[int]) -> float:
    """Chance of counts that differ at least so much when both come from one distribution; 1.0 while either is empty.

    Raises:
        ValueError: The bins differ, or a count is negative.
    """
    before, now = _counts(expected, seen)
    both = before + now
    known = both > 0
    if not before.sum() or not now.sum() or known.sum() < 2:
        return 1.0
    scale = np.sqrt(now.sum() / before.sum())
    statistic = float((((before * scale - now / scale) ** 2)[known] / both[known]).sum())
    return float(scipy.special.chdtrc(int(known.sum()) - 1, statistic))


def _counts(expected: Sequence[int], seen: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    before, now = (np.asarray(each, dtype=np.float64) for each in (expected, seen))
    if before.shape != now.shape or before.ndim != 1 or (before < 0).any() or (now < 0).any():
        raise ValueError("both need a count of 0 or more for each of the same bins")
    return before, now
