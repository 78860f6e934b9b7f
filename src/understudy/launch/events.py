"""What a breaker is told. Moments are seconds since whatever moment the caller counts from; they never go back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drawn:
    """An answer of the model was drawn to be audited. Told in the order in which they were drawn.

    Attributes:
        at: When.
        id: The decision's.
        due: When an answer is due at the latest; from then on it counts as no error.
        propensity: The chance with which it was drawn.
        expected: The error that was expected of the answer, 0..1: one minus its probability.
    """

    at: float
    id: str
    due: float
    propensity: float
    expected: float = 0.0


@dataclass(frozen=True)
class Unaudited:
    """The model answered and was not drawn. Told in the order of the draws; only doubtful answers need to be.

    To leave such an answer out is safe: it can only make the breaker slower. One of which no more error was expected
    than is allowed changes nothing.

    Attributes:
        at: When.
        propensity: The chance with which it would have been drawn.
        expected: As of an audit.
    """

    at: float
    propensity: float
    expected: float


@dataclass(frozen=True)
class Answered:
    """A person answered an audit; in whatever order.

    Attributes:
        at: When.
        id: The decision's.
        loss: 1 for a wrong answer of the model, 0 for a right one, or anything between.
    """

    at: float
    id: str
    loss: float


@dataclass(frozen=True)
class Fault:
    """The model failed, timed out or could not be loaded.

    Attributes:
        at: When.
        request: How many requests the model had been asked until then, this one included.
        input: A mark of the one input that it failed on, which counts once however often it comes; empty where the
            fault is no single input's.
    """

    at: float
    request: int
    input: str = ""


@dataclass(frozen=True)
class Stopped:
    """A person took the model out."""

    at: float


@dataclass(frozen=True)
class Retried:
    """A person wants to know whether the model is good again: from now on it works in the dark."""

    at: float


@dataclass(frozen=True)
class ShadowAnswered:
    """What the model said in the dark was compared with a person's answer.

    Told in the order of the requests; one that nobody answered is told as wrong.

    Attributes:
        at: When that was known.
        said: When the model said it.
        loss: As of an audit.
    """

    at: float
    said: float
    loss: float


@dataclass(frozen=True)
class Passed:
    """Nothing happened but time."""

    at: float


Event = Drawn | Unaudited | Answered | Fault | Stopped | Retried | ShadowAnswered | Passed
