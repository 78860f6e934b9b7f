"""What a project has to go by besides its brief: examples, people's measured error, a rule, a curve, the date."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from understudy.domain.learning import LearningCurve
from understudy.domain.money import count
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.review import Measured, RuleResult
from understudy.domain.task import AnswerKind, Task, labels_in

FEWEST_OF_A_LABEL = 10
"""Examples of a label to learn from, below which there is no beginning."""
FIRST_LOOK = 0.035
"""How much of the 5% error budget the first look may spend (`stats.looks`): the chance that its proof is luck."""


@dataclass(frozen=True)
class Means:
    """What a project has got so far.

    Attributes:
        labels: Training examples by label, as (label, count); of several at once, those that have it among others.
            Empty where answers are numbers or rankings.
        sealed: Examples in the sealed set.
        sealed_share: Share of what is gathered that is sealed, 0..1.
        people_error: Share of people's answers that are wrong, from double answers, or None when never measured.
        rule: The best one-line rule on the sealed examples, or None when no review held one against this brief.
        curve: What more examples would bring, or None when never measured.
        today: The date, or None when dates are not to be judged.
        trained: There is a model.
        reviewed: It was reviewed, and by this brief.
        may_launch: That review allows a launch.
        task: What is decided about.
        taught: Training examples with an answer, or None where each bears one label.
        made_up: Synthetic examples besides: a model may learn from them, and they prove nothing.
    """

    labels: tuple[tuple[str, int], ...] = ()
    sealed: int = 0
    sealed_share: float = 0.25
    people_error: Measured | None = None
    rule: RuleResult | None = None
    curve: LearningCurve | None = None
    today: date | None = None
    trained: bool = False
    reviewed: bool = False
    may_launch: bool = False
    task: Task = PHOTO_LABELS
    taught: int | None = None
    made_up: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The labels."""
        return tuple(label for label, _ in self.labels)

    @property
    def few(self) -> tuple[str, ...]:
        """The labels that have too few examples to learn from."""
        return tuple(label for label, number in self.labels if number < FEWEST_OF_A_LABEL)

    @property
    def examples(self) -> int:
        """Examples with a label: those to learn from and the sealed ones."""
        taught = sum(number for _, number in self.labels) if self.taught is None else self.taught
        return taught + self.sealed

    @property
    def real(self) -> str:
        """What goes before "examples": that they are real has to be said where made-up ones stand beside them."""
        return "real " if self.made_up else ""

    @property
    def counted(self) -> str:
        """How many examples there are ("12 examples")."""
        many = count(self.examples) if self.examples else "no"
        return f"{many} {self.real}{'example' if self.examples == 1 else 'examples'}"

    @property
    def has_labels(self) -> bool:
        """An answer is one or several of a few labels, so one can ask how many examples each has."""
        return self.task.answers in {AnswerKind.LABEL, AnswerKind.LABELS}


NOTHING = Means()
"""Before anything is gathered."""


def means_of_task(task: Task, train: Mapping[str, int], known: Iterable[str] = ()) -> Means:
    """What a project's training examples come to.

    Args:
        task: What is decided about.
        train: Training examples by what is true of them, as it is kept.
        known: Labels that there are, whether or not an example has them.
    """
    taught = sum(train.values())
    if task.answers is AnswerKind.LABEL:
        return Means((*train.items(), *((label, 0) for label in known if label not in train)), task=task)
    if task.answers is not AnswerKind.LABELS:
        return Means(task=task, taught=taught)
    counts = Counter(dict.fromkeys(known, 0))
    for text, number in train.items():
        counts.update(dict.fromkeys(labels_in(text), number))
    return Means(tuple(sorted(counts.items())), task=task, taught=taught)


def real_counts(train: Mapping[str, int], made_up: Mapping[str, int]) -> dict[str, int]:
    """Training examples by answer that nobody made up; an answer that has none stays, with zero."""
    return {answer: number - made_up.get(answer, 0) for answer, number in train.items()}


def fewest_sealed(bar: float) -> int | None:
    """The fewest sealed examples that could prove a share right: all of them answered rightly.

    Args:
        bar: The share, 0..1.

    Returns:
        The least n with bar ** n <= 3.5%, the first look's part; or None for a bar of 1, which no number proves.

    Source:
        Clopper & Pearson, Biometrika 26 (1934), at zero errors.
    """
    if bar >= 1.0:
        return None
    return 1 if bar <= FIRST_LOOK else math.ceil(math.log(FIRST_LOOK) / math.log(bar))


def fewest_examples(bar: float, sealed_share: float) -> int | None:
    """The fewest examples in all, sealed or not, among which so many are sealed; None when no number proves it."""
    sealed = fewest_sealed(bar)
    return None if sealed is None or not sealed_share else math.ceil(sealed / sealed_share)
