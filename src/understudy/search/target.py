"""What a search is to learn: answers as they are kept, in numbers."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError
from understudy.domain.task import AnswerKind, Task, labels_in, number_in
from understudy.modalities.protocol import Modality
from understudy.search.rows import Indices, Matrix
from understudy.search.scale import Scale

BANDS: Final = 10
"""Bands of a number that are spread evenly over the folds."""
FEWEST_IN_BAND: Final = 5
"""Groups that every band must come from; else there are fewer bands."""


class TooLittleToLearn(UnderstudyError):
    """There are not enough labelled examples to train on, or nothing that differs."""


@dataclass(frozen=True)
class Target:
    """What a search is to learn.

    Attributes:
        task: What is to be answered.
        labels: The labels, in order; none for numbers.
        strata: What is spread evenly over the folds, (n,), 0..: the label; of several, the rarest of each example; of a
            number, its band.
        wanted: What heads are fitted towards where that is not one label: a column for each label, 1 where it is there,
            or a number in deviations from the mean, (n, k). (n, 0) for one label.
        numbers: The numbers themselves, (n,); (0,) for labels.
        measured: Their scale; None for labels.
    """

    task: Task
    labels: tuple[str, ...]
    strata: Indices
    wanted: Matrix = field(repr=False)
    numbers: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0), repr=False)
    measured: Scale | None = None

    @property
    def scale(self) -> Scale:
        """The numbers' scale.

        Raises:
            ValueError: There are labels instead.
        """
        if self.measured is None:
            raise ValueError("labels have no scale")
        return self.measured

    @property
    def examples(self) -> tuple[int, ...]:
        """Examples of each label, in their order; all of them as one figure where answers are numbers."""
        if self.task.answers is AnswerKind.NUMBER:
            return (len(self.strata),)
        if self.task.answers is AnswerKind.LABELS:
            return tuple(int(count) for count in self.wanted.sum(axis=0, dtype=np.float64))
        return tuple(int(count) for count in np.bincount(self.strata, minlength=len(self.labels)))


def target_of(answers: Sequence[str], groups: Indices, task: Task, modality: Modality) -> Target:
    """Reads answers as a task takes them.

    Args:
        answers: Of each example, as they are kept.
        groups: Group of each, 0..g-1.
        task: What is to be answered.
        modality: What the inputs are.

    Raises:
        TooLittleToLearn: All answers are the same, or no numbers where numbers are asked for.
    """
    if task.answers is AnswerKind.NUMBER:
        return _number(answers, groups, task, modality)
    if task.answers is AnswerKind.LABELS:
        return _labels(answers, task, modality)
    names = tuple(sorted(set(answers)))
    if len(names) < 2:
        raise _nothing_to_tell_apart(answers, names, modality)
    places = {name: place for place, name in enumerate(names)}
    strata = np.array([places[answer] for answer in answers], np.int64)
    return Target(task, names, strata, np.empty((len(strata), 0), np.float32))


def _labels(answers: Sequence[str], task: Task, modality: Modality) -> Target:
    sets = [labels_in(answer) for answer in answers]
    counts = Counter(label for each in sets for label in each)
    names = tuple(sorted(counts))
    if not any(0 < counts[name] < len(sets) for name in names):
        raise TooLittleToLearn(
            fact="There is nothing to tell apart.",
            reason=f"No label is there in some {modality.plural} and missing in others.",
            remedy=f"Add {modality.plural} with other labels.",
        )
    places = {name: place for place, name in enumerate(names)}
    wanted = np.zeros((len(sets), len(names)), np.float32)
    strata = np.full(len(sets), len(names), np.int64)
    for row, each in enumerate(sets):
        wanted[row, [places[label] for label in each]] = 1
        if each:
            strata[row] = places[min(each, key=lambda label: (counts[label], label))]
    return Target(task, names, np.unique(strata, return_inverse=True)[1].astype(np.int64), wanted)


def _number(answers: Sequence[str], groups: Indices, task: Task, modality: Modality) -> Target:
    values = numbers_to_learn(answers, modality.plural)
    scale = scale_of(values, task)
    wanted = ((values - scale.level) / scale.unit).astype(np.float32)[:, None]
    return Target(task, (), bands_of(values, groups), wanted, values, scale)


def bands_of(values: npt.NDArray[np.float64], groups: Indices) -> Indices:
    """Bands of about as many numbers each, (n,), 0..; so few that every band comes from several groups."""
    ranks = np.searchsorted(np.sort(values), values)
    for bands in range(BANDS, 1, -1):
        cut = np.unique(ranks * bands // len(values), return_inverse=True)[1].astype(np.int64)
        pairs = np.unique(np.stack([cut, groups], axis=1), axis=0)
        if np.bincount(pairs[:, 0]).min() >= FEWEST_IN_BAND:
            return cut
    return np.zeros(len(values), np.int64)


def _nothing_to_tell_apart(answers: Sequence[str], names: Sequence[str], modality: Modality) -> TooLittleToLearn:
    all_say = f"all {len(answers)} training {modality.plural} say “{names[0]}”" if names else ""
    found = all_say or f"no training {modality.name} has a label"
    by_folder = f": a folder for each label, at least two {modality.plural} in each" if modality.suffixes else ""
    return TooLittleToLearn(
        fact="There is nothing to tell apart.",
        reason=f"A model learns from at least two labels, and {found}.",
        remedy=f"Add {modality.plural} of another label{by_folder}.",
    )


def numbers_to_learn(answers: Sequence[str], things: str) -> npt.NDArray[np.float64]:
    """The numbers that answers stand for, (m,).

    Args:
        answers: As they are kept.
        things: What they are about, in the plural.

    Raises:
        TooLittleToLearn: One is no number, or all are the same.
    """
    values = np.array([number_in(answer) for answer in answers], np.float64)
    wrong = [answer for answer, fine in zip(answers, np.isfinite(values), strict=True) if not fine]
    if wrong:
        raise TooLittleToLearn(
            fact=f"{len(wrong):,} answers are no numbers, such as “{wrong[0][:40]}”.",
            reason="The project asks for a number.",
            remedy="Correct these answers, or let the answer be a label.",
        )
    if len(values) < 2 or values.min() == values.max():
        found = f"all {len(values):,} {things} say {values[0]:,g}" if len(values) else "none has an answer"
        raise TooLittleToLearn(
            fact="There is nothing to learn.",
            reason=f"A model learns from numbers that differ, and {found}.",
            remedy=f"Add {things} with other numbers.",
        )
    return values


def scale_of(values: npt.NDArray[np.float64], task: Task) -> Scale:
    """The scale of numbers that a model learns to answer with, (m,), not all the same.

    Raises:
        TooLittleToLearn: They lie so far apart, or so near together, that 64 bits do not hold their deviation.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        level, unit = float(values.mean()), float(values.std())
    if not (math.isfinite(unit) and unit > 0):
        far = "near together" if unit == 0 else "far apart"
        raise TooLittleToLearn(
            fact=f"The answers lie too {far} to be learned from.",
            reason=f"They go from {values.min():,g} to {values.max():,g}, and 64 bits do not hold their deviation.",
            remedy="Correct those that are mistakes, or give all of them in another unit.",
        )
    return Scale(task, level, unit, bool(np.all(values == np.round(values))))
