"""A learning curve: how accuracy grew with examples, and where it leads."""

from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    """Whether a curve can be followed further."""

    WELL = "well-behaved"
    ILL = "ill-behaved"
    """It falls, jumps or is too rough, so it says nothing about more examples."""
    FLAT = "flat"
    """More examples of this kind will hardly help."""
    TOO_SHORT = "too-short"


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy with so many examples, over repeated grouped subsamples of the training set.

    Attributes:
        examples: Training examples.
        accuracy: Mean share right on training examples that were left out, 0..1.
        spread: Standard deviation over the repetitions.
    """

    examples: int
    accuracy: float
    spread: float


@dataclass(frozen=True)
class Forecast:
    """Accuracy to be expected with so many examples; the interval holds it 80 times in 100."""

    examples: int
    accuracy: float
    lower: float
    upper: float


@dataclass(frozen=True)
class LabelsNeeded:
    """Examples in all that a target will probably take; the interval holds it 80 times in 100.

    Attributes:
        target: Share right, 0..1.
        examples: The middle estimate, or None when the curve does not reach it.
        lower: Lower end of the interval.
        upper: Upper end, or None when it has none.
    """

    target: float
    examples: int | None
    lower: int
    upper: int | None


@dataclass(frozen=True)
class LearningCurve:
    """What the training examples say about more of them.

    Attributes:
        points: As measured, by rising number of examples.
        behaviour: Whether it can be followed further.
        forecasts: Where it leads; empty unless it is well-behaved or flat.
        needed: Examples a target takes, or None without a target or when the curve does not say.
        by_label: Recall with all examples and, for each label, what as many again would probably bring, as
            (label, recall now, expected recall).
    """

    points: tuple[CurvePoint, ...]
    behaviour: Behaviour
    forecasts: tuple[Forecast, ...]
    needed: LabelsNeeded | None
    by_label: tuple[tuple[str, float, float], ...]
