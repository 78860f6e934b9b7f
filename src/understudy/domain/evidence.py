"""Evidence: a figure with its interval, its method and the data it came from."""

from dataclasses import dataclass

from understudy.domain.project import PHOTO_LABELS
from understudy.domain.task import Task


@dataclass(frozen=True)
class Proportion:
    """A share of independent cases with a proven one-sided lower bound.

    Attributes:
        successes: Right answers.
        trials: Cases counted.
        lower: Bound below which the true share lies with probability at most 1 - `confidence`, 0..1.
        confidence: Coverage of the bound, 0..1.
        method: How the bound was made ("Clopper-Pearson").
    """

    successes: int
    trials: int
    lower: float
    confidence: float
    method: str

    @property
    def estimate(self) -> float:
        """The observed share, 0..1; 0.0 when nothing was counted."""
        return self.successes / self.trials if self.trials else 0.0


@dataclass(frozen=True)
class ClassRecall:
    """How many examples of one label were recognised."""

    label: str
    recall: Proportion


@dataclass(frozen=True)
class ReliabilityBin:
    """Answers whose stated probability fell in one interval, and how often they were right.

    Attributes:
        lower: Lower end of the interval of stated probabilities, 0..1.
        upper: Upper end, 0..1.
        count: Answers in it.
        mean_probability: Their mean stated probability, 0..1.
        share_right: How many of them were right, 0..1.
    """

    lower: float
    upper: float
    count: int
    mean_probability: float
    share_right: float


@dataclass(frozen=True)
class NumberFigures:
    """How far off numbers are, in the unit of the numbers; see `stats.number_figures`.

    Attributes:
        median: Half of the errors are at most that.
        median_upper: Upper bound of that at the judgement's confidence; None where too few are sealed for one.
        large: Nine in ten errors are at most that.
        large_upper: Upper bound of that, or None.
        usual: Half of the errors would be at most that, had the training examples' median always been said.
        held: Truths that lay within the interval that came with the number; None where none came.
        held_lower: Lower bound of that share, 0..1, or None.
    """

    median: float
    median_upper: float | None
    large: float
    large_upper: float | None
    usual: float
    held: int | None = None
    held_lower: float | None = None


@dataclass(frozen=True)
class Stretch:
    """Held-out answers on one stretch of time, by what had learned from earlier examples alone.

    Attributes:
        learned: Share of all training examples that were learned from, 0..1.
        right: How many answers were right.
        count: How many there were.
    """

    learned: float
    right: int
    count: int


@dataclass(frozen=True)
class Later:
    """How a model did on training examples that were later than those it learned from; see `stats.later`.

    Attributes:
        right: How many answers were right.
        count: How many there were.
        worse: It was right more seldom than of the sealed ones, by more than chance and fewer examples explain.
    """

    right: int
    count: int
    worse: bool


@dataclass(frozen=True)
class Judgement:
    """What a look at the sealed set showed about one model.

    Attributes:
        model: The model's version (SHA-256 of its file, in hex).
        labels: The model's labels, in its order.
        accuracy: Right answers over all sealed examples, in the sense of the task.
        recalls: By label, in the order of `labels`; empty where answers are numbers or rankings.
        confusion: Rows are true labels, columns answers, in the order of `labels`; counts. Empty unless answers are one
            of several labels.
        reliability: Non-empty bins, in rising order.
        calibration_error: Mean gap between stated probability and share right, weighted by count, 0..1.
        majority: Right answers had the same always been said: the commonest training label or set of labels, the
            median of the training numbers, or the most popular items.
        asked: Sealed examples for which the model would have asked a person.
        groups: Independent groups among the sealed examples.
        look: How often this project's sealed labels have been opened, this time included; 1 is the first.
        mistakes: Up to 50 wrong answers as (digest, true label, answer, probability), surest first.
        task: What was to be answered, and what counts as right.
        numbers: How far off the answers are, where they are numbers; else None.
        better: It is proven to be right more often than `majority` counts, by the difference over the same examples.
        later: How it did on later examples than it learned from, where times are known; else None.
    """

    model: str
    labels: tuple[str, ...]
    accuracy: Proportion
    recalls: tuple[ClassRecall, ...]
    confusion: tuple[tuple[int, ...], ...]
    reliability: tuple[ReliabilityBin, ...]
    calibration_error: float
    majority: int
    asked: int
    groups: int
    look: int
    mistakes: tuple[tuple[str, str, str, float], ...]
    task: Task = PHOTO_LABELS
    numbers: NumberFigures | None = None
    better: bool = False
    later: Later | None = None
