"""Several labels at once: each is learned, calibrated and answered for itself; the set is right or wrong as a whole.

Measured on texts of 48 labels: which labels go together is not worth learning besides (a second layer over the labels'
log odds, or keeping to sets that were met, gained nothing), nor is another cut than even odds for each label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from understudy.search.assembly import Member
from understudy.search.calibration import LEAST
from understudy.search.candidates import REGRESSIONS, Family
from understudy.search.endings import SetEnding
from understudy.search.folds import Folds
from understudy.search.kinds.kind import Array, Finished
from understudy.search.odds import Slopes, fit_slope, fit_slopes, log_odds
from understudy.search.out_of_fold import OutOfFold, summed_up
from understudy.search.preparation import Preparation
from understudy.search.scorers import Matrix
from understudy.search.speech import THERE, Given, stated_of_sets
from understudy.search.target import Target
from understudy.search.threshold import ALWAYS_ASK, choose_threshold

EVEN = (0.0, 0.0)
"""What is said of every set where nothing could be held out: even odds."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SetLoss:
    """Log loss of all labels together, in nats an example, were they independent.

    Attributes:
        there: Whether each label is there, (m, k).
    """

    there: Flags

    def told(self, given: Array) -> Array:
        """See `Loss`: what the truth about each label is given."""
        return np.asarray(np.where(self.there, given, 1 - given), given.dtype)

    def losses(self, told: Array) -> Array:
        """See `Loss`."""
        return np.asarray(-np.log(np.maximum(told, LEAST)).sum(axis=1, dtype=np.float64))

    def overall(self, losses: Array) -> float:
        """See `Loss`."""
        return float(losses.mean())


@dataclass(frozen=True)
class SeveralLabels:
    """Several labels at once, or none; see `Kind`.

    Attributes:
        target: What is to be learned.
        folds: How it is split.
    """

    target: Target
    folds: Folds
    families: tuple[Family, ...] = REGRESSIONS

    @cached_property
    def there(self) -> Flags:
        """Whether held-out examples have each label, (m, k)."""
        return np.asarray(self.target.wanted[self.folds.rows] > 0)

    @property
    def loss(self) -> SetLoss:
        """See `Kind`."""
        return SetLoss(self.there)

    def sharpness(self, scores: Matrix) -> float:
        """See `Kind`."""
        del scores
        return 1.0

    def slopes(self, scores: Given, sharpness: float) -> Slopes:
        """See `Kind`."""
        del sharpness
        return fit_slopes(scores, self.there, cases=self.folds.cases(self.target.strata))

    def given(self, scores: Matrix, slopes: Slopes) -> Array:
        """See `Kind`."""
        return np.asarray(slopes(scores), np.float32)  # as many as candidates, examples and labels, so half counts

    def figures(self, given: Array) -> tuple[float, float]:
        """See `Kind`; where nothing was held out, those of always saying how common each label is."""
        if not self.folds.apart:
            shares = np.broadcast_to(self.there.mean(axis=0), self.there.shape)
            commonest = np.unique(self.there, axis=0, return_counts=True)[1].max() / len(self.there)
            return self._mean_loss(shares), float(commonest)
        return self._mean_loss(given), float(self.right(given).mean())

    def finished(self, mixture: Array, members: Sequence[Member], preparation: Preparation) -> Finished:
        """See `Kind`."""
        del members, preparation
        odds = log_odds(mixture.astype(np.float64))
        slopes = self.slopes(odds, 1.0)
        given = slopes(odds)
        right = self.right(given)
        log_loss, accuracy = self.figures(given)
        ending = SetEnding(slopes)
        if not self.folds.apart:
            return Finished(ending, ALWAYS_ASK, log_loss, accuracy, OutOfFold(), EVEN)
        once = self.folds.once
        slope = fit_slope(np.prod(np.maximum(given, 1 - given), axis=1)[once], right[once])
        stated = stated_of_sets(given, slope)
        threshold = choose_threshold(stated, right)
        return Finished(ending, threshold, log_loss, accuracy, summed_up(stated[once], right[once]), slope)

    def _mean_loss(self, given: Array) -> float:
        """Mean log loss of a label, in nats."""
        return float(-np.log(np.maximum(self.loss.told(given), LEAST)).mean())

    def right(self, given: Array) -> Flags:
        """Whether held-out sets are right as a whole, (m,), where labels were given such probabilities, (m, k)."""
        return np.asarray(((given >= THERE) == self.there).all(axis=1))
