"""From scores to probabilities of what is or is not: by slope and shift on log odds, fitted on held-out scores."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEAST: Final = 1e-7
STEPS: Final = 50
"""Newton's at most; it takes about ten."""
USUAL_SLOPE: Final = 2.0
"""Of scores that are as wide as 1: what labels that were seen too rarely to tell are drawn towards."""


@dataclass(frozen=True)
class Slopes:
    """Slope and shift of each of several labels, each (k,)."""

    slope: Numbers
    shift: Numbers

    def __call__(self, scores: npt.NDArray[np.floating]) -> Numbers:
        """Probability of each label, (n, k)."""
        return np.asarray(scipy.special.expit(self.slope * scores + self.shift))


def fit_slopes(scores: npt.NDArray[np.floating], there: Flags, *, cases: int | None = None) -> Slopes:
    """Slope and shift for each label alone.

    Targets are slightly off 0 and 1, the more the fewer examples there are; a label that was never there while held out
    gets a probability near 0, whatever its scores.

    Args:
        scores: (m, k), of examples that were held out.
        there: Whether each label is there, (m, k).
        cases: How many different examples they are of; None for m.

    Source:
        Platt, Probabilistic outputs for support vector machines, 1999.
    """
    wide = scores.astype(np.float64)
    centre, width = wide.mean(axis=0), np.maximum(wide.std(axis=0), 1e-9)
    standard = (wide - centre) / width
    once = 1.0 if cases is None else cases / len(there)
    hits, misses = there.sum(axis=0) * once, (~there).sum(axis=0) * once
    truth = np.where(there, (hits + 1) / (hits + 2), 1 / (misses + 2))
    share = truth.mean(axis=0)
    slope, shift = np.full(len(hits), USUAL_SLOPE), scipy.special.logit(share) - 1.0
    for _ in range(STEPS):
        given = scipy.special.expit(slope * standard + shift)
        rest, bend = (given - truth) * once, given * (1 - given) * once
        by_slope, by_shift = (rest * standard).sum(axis=0) + slope - USUAL_SLOPE, rest.sum(axis=0)
        twice, mixed, single = (bend * standard**2).sum(axis=0) + 1, (bend * standard).sum(axis=0), bend.sum(axis=0)
        size = np.maximum(twice * single - mixed**2, 1e-12)
        steps = np.stack([single * by_slope - mixed * by_shift, twice * by_shift - mixed * by_slope]) / size
        # No step is longer than 1: from there on the next one goes on, and none runs away.
        steps = np.clip(steps, -1, 1)
        slope, shift = slope - steps[0], shift - steps[1]
        if np.abs(steps).max() < 1e-9:
            break
    return Slopes(slope / width, shift - slope * centre / width)


def log_odds(given: Numbers) -> Numbers:
    """Log odds of probabilities, none beyond what `LEAST` gives."""
    return np.asarray(scipy.special.logit(np.clip(given, LEAST, 1 - LEAST)))


def fit_slope(stated: Numbers, right: Flags) -> tuple[float, float]:
    """Slope and shift on log odds that make stated probabilities honest.

    Source:
        Platt, Probabilistic outputs for support vector machines, 1999.
    """
    odds = log_odds(stated)
    hits, misses = int(right.sum()), int((~right).sum())
    truth = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))

    def loss(both: Numbers) -> float:
        scores = both[0] * odds + both[1]
        # As if the slope were known to be about 1, so that a handful of answers never makes certainty.
        return float(np.mean(np.logaddexp(0, scores) - truth * scores) + (both[0] - 1) ** 2 / (2 * len(right)))

    found = scipy.optimize.minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.05, 5.0), (-10.0, 10.0)])
    return float(found.x[0]), float(found.x[1])


def sloped(stated: Numbers, slope: tuple[float, float]) -> Numbers:
    """Probabilities after slope and shift, (n,)."""
    return np.asarray(scipy.special.expit(slope[0] * log_odds(stated) + slope[1]))
