"""A trial: one candidate, fitted under the budget and scored by cross-validation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """How much a run may use; whichever limit comes first ends it.

    Attributes:
        seconds: Wall-clock time of the whole run, or None.
        trials: Candidates to fit, or None for all that the search knows.
        memory_bytes: Resident memory of the training process, or None.
    """

    seconds: float | None = None
    trials: int | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True)
class Trial:
    """One candidate and its cross-validated score on training data.

    Attributes:
        name: What was tried, for people ("logistic regression, photos at 224 px").
        log_loss: Mean negative log probability of the true label, out of fold, in nats.
        accuracy: Share right, out of fold, 0..1.
    """

    name: str
    log_loss: float
    accuracy: float


@dataclass(frozen=True)
class Progress:
    """Where a long task stands.

    Attributes:
        stage: What it does now, for people ("Reading photos").
        done: Steps finished.
        total: Steps in all; 0 where they cannot be counted.
        seconds_left: Estimate until the whole task is finished, or None when there is none yet.
    """

    stage: str
    done: int
    total: int
    seconds_left: float | None
