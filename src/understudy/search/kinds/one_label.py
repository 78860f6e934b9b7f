"""One of several labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from understudy.search.assembly import Member
from understudy.search.calibration import LEAST, figures, fit_sharpness, probabilities
from understudy.search.candidates import FAMILIES, Family
from understudy.search.endings import LabelEnding
from understudy.search.folds import Folds
from understudy.search.kinds.kind import Array, Finished
from understudy.search.odds import Slopes
from understudy.search.out_of_fold import OutOfFold, out_of_fold
from understudy.search.preparation import Preparation
from understudy.search.rows import Indices
from understudy.search.scorers import Matrix
from understudy.search.target import Target
from understudy.search.threshold import ALWAYS_ASK, choose_threshold


@dataclass(frozen=True)
class LogLoss:
    """Log loss of the true label, in nats.

    Attributes:
        labels: True labels, (m,).
    """

    labels: Indices

    def told(self, given: Array) -> Array:
        """See `Loss`: what the true label is given, and nothing else."""
        return np.take_along_axis(given, self.labels[:, None], axis=1)[:, 0]

    def losses(self, told: Array) -> Array:
        """See `Loss`."""
        return np.asarray(-np.log(np.maximum(told, LEAST)))

    def overall(self, losses: Array) -> float:
        """See `Loss`."""
        return float(losses.mean())


@dataclass(frozen=True)
class OneLabel:
    """One of several labels; see `Kind`.

    Attributes:
        target: What is to be learned.
        folds: How it is split.
    """

    target: Target
    folds: Folds
    families: tuple[Family, ...] = FAMILIES

    @cached_property
    def held_out(self) -> Indices:
        """True labels of held-out examples, (m,)."""
        return self.target.strata[self.folds.rows]

    @property
    def loss(self) -> LogLoss:
        """See `Kind`."""
        return LogLoss(self.held_out)

    def sharpness(self, scores: Matrix) -> float:
        """See `Kind`."""
        return fit_sharpness(scores, self.held_out, cases=self.folds.cases(self.target.strata))

    def slopes(self, scores: Matrix, sharpness: float) -> Slopes:
        """See `Kind`."""
        return Slopes(np.full(scores.shape[1], sharpness), np.zeros(scores.shape[1]))

    def given(self, scores: Matrix, slopes: Slopes) -> Array:
        """See `Kind`."""
        return probabilities(scores, float(slopes.slope[0]))

    def figures(self, given: Array) -> tuple[float, float]:
        """See `Kind`."""
        return figures(given.astype(np.float64), self.held_out, self.folds)

    def finished(self, mixture: Array, members: Sequence[Member], preparation: Preparation) -> Finished:
        """See `Kind`."""
        del members, preparation
        logarithms = np.log(np.maximum(mixture, 1e-9))
        sharpness = fit_sharpness(logarithms, self.held_out, cases=self.folds.cases(self.target.strata))
        given = probabilities(logarithms, sharpness)
        log_loss, accuracy = self.figures(given)
        ending = LabelEnding(given.shape[1], sharpness)
        if not self.folds.apart:
            return Finished(ending, ALWAYS_ASK, log_loss, accuracy, OutOfFold())
        threshold = choose_threshold(given.max(axis=1), given.argmax(axis=1) == self.held_out)
        summed_up = out_of_fold(given, self.held_out, self.folds.rows)
        return Finished(ending, threshold, log_loss, accuracy, summed_up)
