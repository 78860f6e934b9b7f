"""What one case adds to the evidence of excess errors, when cases of which a model is less sure are audited more often.

What is guaranteed: the factor by which a bettor's wealth grows through one case, audited or not, has a mean of at most
1 while the chance of an error is at most `most_error`; so `stats.restarts` may take these factors. It assumes that the
chance of an audit and the expected error were known before the case's outcome, and that no chance is below `floor`.

Why it is true. With q the chance of the audit and b any number known before, b + (loss - b) / q when audited and b when
not is an unbiased estimate of the loss. A bettor stakes on that estimate against `most_error`, floor / most_error
of his wealth at most, so that he is never ruined. Here b is the expected error where that is above `most_error`, and
`most_error` elsewhere: what was expected anyway is no surprise to be paid for, and audits are left to tell what
is new. A case that is not audited and of which the model is sure has the factor 1, other cases that are not audited
one of at least 1; whoever leaves some of these out only understates the evidence.

For a plain draw, where all chances equal the floor and no error is expected, these are the factors of
`RestartingMixture.update`, to the last bit.

Source:
    Waudby-Smith, Wu, Ramdas, Karampatziakis & Mineiro, "Anytime-valid off-policy inference for contextual bandits"
    (2022); Angelopoulos et al., "Prediction-powered inference" (2023), for the expectation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from understudy.stats.restarts import RICHEST, STAKES, begun_with, cash_after

PRUDENCE = 0.5
"""Of their wealth, what bettors lose at most through one case because of what was expected."""
NOTHING = (1.0,) * len(STAKES)
"""The factors of a case that says nothing."""


@dataclass(frozen=True)
class Bets:
    """The bets on the cases of one model.

    Attributes:
        most_error: Mean loss that is allowed, strictly between 0 and 1.
        floor: The least chance with which a case is audited, above 0, up to 1.
    """

    most_error: float
    floor: float

    def __post_init__(self) -> None:
        if not 0.0 < self.most_error < 1.0 or not 0.0 < self.floor <= 1.0:
            raise ValueError("the allowed error lies strictly between 0 and 1, the floor above 0 and at most at 1")

    def audited(self, loss: float, propensity: float, expected: float = 0.0) -> tuple[float, ...]:
        """The factor of each stake for a case that was audited.

        Args:
            loss: What the audit showed, 0..1.
            propensity: The chance with which it was drawn, `floor` to 1.
            expected: The error that was expected, 0..1.

        Raises:
            ValueError: A figure is out of range.
        """
        if not 0.0 <= loss <= 1.0:
            raise ValueError("a loss lies between 0 and 1")
        weight = self._weight(propensity, expected)
        factors = []
        for stake in STAKES:
            guess = self._guess(stake, weight, expected)
            gain = weight * (loss - guess) + self.floor * (guess - self.most_error)
            factors.append(1.0 + stake / self.most_error * gain)
        return tuple(factors)

    def unaudited(self, propensity: float, expected: float) -> tuple[float, ...]:
        """The factor of each stake for a case that was not audited, 1 or more.

        Raises:
            ValueError: A figure is out of range.
        """
        weight = self._weight(propensity, expected)
        if expected <= self.most_error:
            return NOTHING
        guesses = (self._guess(stake, weight, expected) for stake in STAKES)
        return tuple(
            1.0 + stake / self.most_error * (self.floor * (guess - self.most_error))
            for stake, guess in zip(STAKES, guesses, strict=True)
        )

    def _guess(self, stake: float, weight: float, expected: float) -> float:
        """What a bettor of that stake expects of the case: no more than he can bear to be wrong about."""
        if expected <= self.most_error or weight <= self.floor:
            return max(expected, self.most_error)
        most = self.most_error * (PRUDENCE / stake - self.floor) / (weight - self.floor)
        return max(self.most_error, min(expected, most))

    def _weight(self, propensity: float, expected: float) -> float:
        if not self.floor * (1.0 - 1e-9) <= propensity <= 1.0 or not 0.0 <= expected <= 1.0:
            raise ValueError("a case is drawn with no less than the floor, and its expected error lies in 0..1")
        return min(1.0, self.floor / propensity)


def case_factors(
    losses: ArrayLike, *, audited: ArrayLike, propensities: ArrayLike, expected: ArrayLike, bets: Bets
) -> NDArray[np.float64]:
    """The factors of many cases at once, the same numbers as `Bets` gives one by one.

    Args:
        losses: 0..1, in any shape; of cases that were not audited, anything.
        audited: Which cases were, in that shape.
        propensities: The chance of each, in that shape.
        expected: The expected error of each, in that shape.
        bets: What is allowed.

    Returns:
        In that shape, with one more axis for the stakes.
    """
    seen, loss, error = (np.asarray(each, dtype=np.float64)[..., None] for each in (audited, losses, expected))
    weight = np.minimum(1.0, bets.floor / np.asarray(propensities, dtype=np.float64))[..., None]
    stakes = np.array(STAKES)
    room = weight - bets.floor
    with np.errstate(divide="ignore", invalid="ignore"):
        bearable = bets.most_error * (PRUDENCE / stakes - bets.floor) / room
    most = np.where(room > 0.0, bearable, np.inf)
    guess = np.maximum(bets.most_error, np.minimum(error, most))
    gain = np.where(seen > 0.0, weight * (loss - guess), 0.0) + bets.floor * (guess - bets.most_error)
    factors: NDArray[np.float64] = 1.0 + stakes / bets.most_error * gain
    return factors


def case_evidence(factors: ArrayLike, audited: ArrayLike) -> NDArray[np.float64]:
    """The evidence after each case of many runs at once, the same numbers as a `RestartingMixture` has.

    What cases between two audits add is counted with the later audit.

    Args:
        factors: As `case_factors` gives them, shape (runs, cases, stakes).
        audited: Which cases were audited, shape (runs, cases).

    Returns:
        Shape (runs, cases); it is time to act from 1 / alpha on.
    """
    growing, seen_by = np.asarray(factors, dtype=np.float64), np.asarray(audited, dtype=np.bool_)
    most = int(seen_by.sum(axis=1).max(initial=0)) + 1
    begun = np.array([[begun_with(audits, place) for place in range(len(STAKES))] for audits in range(most)])
    cash = np.array([cash_after(audits) for audits in range(most)])
    wealths, gap = np.zeros((len(seen_by), len(STAKES))), np.ones((len(seen_by), len(STAKES)))
    seen, found = np.zeros(len(seen_by), dtype=np.int64), np.empty(seen_by.shape)
    for case in range(seen_by.shape[1]):
        counts, factor = seen_by[:, case, None], growing[:, case]
        grown = np.minimum(np.minimum((wealths + begun[seen]) * gap, RICHEST) * factor, RICHEST)
        wealths, gap = np.where(counts, grown, wealths), np.where(counts, 1.0, gap * factor)
        seen = seen + counts[:, 0]
        total = cash[seen]
        for place in range(len(STAKES)):
            total = total + wealths[:, place]
        found[:, case] = total
    return found
