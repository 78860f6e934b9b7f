"""A number: least squares, with an interval and the probability of being near enough, from held-out answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from understudy.search.assembly import Member
from understudy.search.candidates import REGRESSIONS, Family
from understudy.search.endings import NumberEnding
from understudy.search.folds import Folds
from understudy.search.kinds.hardness import fit_hardness
from understudy.search.kinds.kind import Array, Finished
from understudy.search.margins import Margins
from understudy.search.odds import Flags, Slopes
from understudy.search.out_of_fold import OutOfFold, summed_up
from understudy.search.preparation import Preparation
from understudy.search.scale import Numbers
from understudy.search.scorers import Matrix
from understudy.search.speech import NumberSpeech
from understudy.search.target import Target
from understudy.search.threshold import ALWAYS_ASK, choose_threshold

LEAST = 1e-12
"""Mean squared error below which none counts as smaller."""


@dataclass(frozen=True)
class SquaredLoss:
    """Squared errors, in deviations.

    Attributes:
        truth: True numbers in deviations, (m,).
    """

    truth: Array

    def told(self, given: Array) -> Array:
        """See `Loss`: how far off each is."""
        return given[:, 0] - self.truth

    def losses(self, told: Array) -> Array:
        """See `Loss`."""
        return np.asarray(told**2)

    def overall(self, losses: Array) -> float:
        """See `Loss`: the log loss of a normal distribution as wide as the errors, up to a constant."""
        return float(np.log(max(float(losses.mean()), LEAST))) / 2


@dataclass(frozen=True)
class Number:
    """A number; see `Kind`.

    Attributes:
        target: What is to be learned.
        folds: How it is split.
    """

    target: Target
    folds: Folds
    families: tuple[Family, ...] = REGRESSIONS

    @cached_property
    def truth(self) -> Numbers:
        """True numbers of held-out examples, in their own unit, (m,)."""
        return self.target.numbers[self.folds.rows]

    @cached_property
    def loss(self) -> SquaredLoss:
        """See `Kind`."""
        return SquaredLoss((self.truth - self.target.scale.level) / self.target.scale.unit)

    def sharpness(self, scores: Matrix) -> float:
        """See `Kind`."""
        del scores
        return 1.0

    def slopes(self, scores: Matrix, sharpness: float) -> Slopes:
        """See `Kind`."""
        return Slopes(np.full(scores.shape[1], sharpness), np.zeros(scores.shape[1]))

    def given(self, scores: Matrix, slopes: Slopes) -> Array:
        """See `Kind`."""
        del slopes
        return scores.astype(np.float64)

    def figures(self, given: Array) -> tuple[float, float]:
        """See `Kind`: root of the mean squared error in deviations; of saying the mean where nothing was held out."""
        said = given if self.folds.apart else np.zeros_like(given)
        error = float(np.sqrt(self.loss.losses(self.loss.told(said)).mean()))
        return error, float(self.right(said).mean())

    def finished(self, mixture: Array, members: Sequence[Member], preparation: Preparation) -> Finished:
        """See `Kind`."""
        log_loss, accuracy = self.figures(mixture)
        # Where nothing could be held out, all that is known is how far apart the numbers are.
        gaps = -self.loss.told(mixture if self.folds.apart else np.zeros_like(mixture)).astype(np.float64)
        hardness, seeming = fit_hardness(gaps, self.folds, members, preparation)
        hard = seeming.astype(np.float64)
        speech = NumberSpeech(self.target.scale, Margins.of(gaps, hard))
        ending = NumberEnding(hardness)
        if not self.folds.apart:
            return Finished(ending, ALWAYS_ASK, log_loss, accuracy, OutOfFold(), number=speech)
        stated, right = speech.within(hard), self.right(mixture)
        threshold, once = choose_threshold(stated, right), self.folds.once
        told = summed_up(stated[once], right[once])
        return Finished(ending, threshold, log_loss, accuracy, told, number=speech)

    def right(self, given: Array) -> Flags:
        """Whether held-out numbers are right as `Task.right` says it of numbers as they are kept, (m,).

        Args:
            given: In deviations from the mean, (m, 1).
        """
        return self.target.scale.right(given[:, 0].astype(np.float64), self.truth)
