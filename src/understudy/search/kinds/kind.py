"""What a search asks of a kind of answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from understudy.search.assembly import Member
from understudy.search.candidates import Family
from understudy.search.endings import Ending
from understudy.search.ensemble import Loss
from understudy.search.odds import Slopes
from understudy.search.out_of_fold import OutOfFold
from understudy.search.preparation import Preparation
from understudy.search.scorers import Matrix
from understudy.search.speech import NumberSpeech

Array = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Finished:
    """What the mixture of the chosen members is worth, on examples while they were held out, and how it answers.

    Attributes:
        ending: How the model's graph ends.
        threshold: Below this probability a person should answer, 0..1.
        log_loss: As in `Trial`.
        accuracy: Share right, in the sense of the task.
        out_of_fold: How sure it was, and whether rightly; empty where nothing could be held out.
        set_slope: Of several labels: see `SetSpeech`.
        number: How numbers are answered; None for labels.
    """

    ending: Ending
    threshold: float
    log_loss: float
    accuracy: float
    out_of_fold: OutOfFold
    set_slope: tuple[float, float] | None = None
    number: NumberSpeech | None = None


class Kind(Protocol):
    """What a search does differently by the kind of answer.

    Scores are those of held-out examples, (m, k), in the order of the run's folds.
    """

    @property
    def families(self) -> tuple[Family, ...]:
        """The heads that can learn it."""
        ...

    @property
    def loss(self) -> Loss:
        """By which mixtures are compared."""
        ...

    def sharpness(self, scores: Matrix) -> float:
        """What is kept of a candidate's calibration, where fitting it again would take long."""
        ...

    def slopes(self, scores: Matrix, sharpness: float) -> Slopes:
        """The calibration of a candidate's scores."""
        ...

    def given(self, scores: Matrix, slopes: Slopes) -> Array:
        """What a candidate says: what can be mixed with what others say, (m, k)."""
        ...

    def figures(self, given: Array) -> tuple[float, float]:
        """Loss as in `Trial`, and share right, of what held-out examples were answered with."""
        ...

    def finished(self, mixture: Array, members: Sequence[Member], preparation: Preparation) -> Finished:
        """Makes the mixture honest and says what it is worth.

        Args:
            mixture: What the chosen say together, (m, k).
            members: These, fitted on all examples.
            preparation: Gives their rows.
        """
        ...
