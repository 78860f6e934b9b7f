"""From what a model's graph says to an answer, by the kind of answer: honest probabilities, intervals, when to ask."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer, answer_from
from understudy.domain.task import AnswerKind, Task, labels_text
from understudy.search.margins import Margins
from understudy.search.odds import sloped
from understudy.search.scale import Scale

Numbers = npt.NDArray[np.float64]
Given = npt.NDArray[np.floating]

PROBABILITIES: Final = "probabilities"
DEVIATIONS, HARDNESS = "deviations", "hardness"
"""Outputs of a graph."""
THERE: Final = 0.5
"""Of several labels, those at least so likely are the answer: no other set is likelier, were they independent."""


class Speech(Protocol):
    """How a row of a graph's outputs becomes an answer."""

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that make a row, side by side."""
        ...

    def answer(self, row: Given, threshold: float) -> Answer:
        """The answer to one input.

        Args:
            row: What the outputs say of it, (w,).
            threshold: Below this probability a person should answer, 0..1.
        """
        ...

    def falls(self, row: Given, others: Given) -> Given:
        """How far the answer to an input falls with each variant of it.

        Args:
            row: What the outputs say of the input, (w,).
            others: What they say of the variants, (v, w).

        Returns:
            By how much less likely the answer is, or how much smaller the number, (v,).
        """
        ...


@dataclass(frozen=True)
class LabelSpeech:
    """One of several labels: the likeliest."""

    labels: tuple[str, ...]
    outputs: tuple[str, ...] = (PROBABILITIES,)

    def answer(self, row: Given, threshold: float) -> Answer:
        """See `Speech`."""
        return answer_from(self.labels, tuple(float(each) for each in row), threshold=threshold)

    def falls(self, row: Given, others: Given) -> Given:
        """See `Speech`."""
        place = int(row.argmax())
        return np.asarray(row[place] - others[:, place])


@dataclass(frozen=True)
class SetSpeech:
    """Several labels at once: those that are likelier there than not.

    Attributes:
        labels: In order.
        slope: Slope and shift on the log odds that all of them are right, were they independent.
        outputs: See `Speech`.
    """

    labels: tuple[str, ...]
    slope: tuple[float, float]
    outputs: tuple[str, ...] = (PROBABILITIES,)

    def stated(self, given: Given) -> Numbers:
        """Probability that each set is right as a whole, (n,), for probabilities of each label alone, (n, k)."""
        return stated_of_sets(given, self.slope)

    def answer(self, row: Given, threshold: float) -> Answer:
        """See `Speech`."""
        stated = float(self.stated(row[None])[0])
        every = tuple(zip(self.labels, agreeing(row, stated).tolist(), strict=True))
        chosen = tuple(label for label, each in every if each >= THERE)
        return Answer(labels_text(chosen), stated, "", 0.0, stated < threshold, every, kind=AnswerKind.LABELS)

    def falls(self, row: Given, others: Given) -> Given:
        """See `Speech`; of the set that is the answer, were its labels independent."""
        there = row >= THERE
        given = np.concatenate([row[None], others]).astype(np.float64)
        whole = np.prod(np.where(there, given, 1 - given), axis=1)
        return np.asarray(whole[0] - whole[1:])

    def by_label(self, row: Given, others: Given) -> tuple[Given, list[str]]:
        """How far each variant moves that label of the answer which it moves most, and which that is.

        Where no label is the answer, how far the answer as a whole falls, for no label.

        Args:
            row: What the outputs say of the input, (k,).
            others: What they say of its variants, (v, k).

        Returns:
            By how much less likely the label is, (v,); and the labels.
        """
        there = np.flatnonzero(row >= THERE)
        if not len(there):
            return self.falls(row, others), [""] * len(others)
        falls = row[there] - others[:, there]
        most = np.abs(falls).argmax(axis=1)
        return falls[np.arange(len(falls)), most], [self.labels[there[at]] for at in most]


@dataclass(frozen=True)
class NumberSpeech:
    """A number, with its interval.

    Attributes:
        scale: From deviations to numbers as they are answered.
        margins: How far off numbers are.
        outputs: See `Speech`.
    """

    scale: Scale
    margins: Margins
    outputs: tuple[str, ...] = (DEVIATIONS, HARDNESS)

    def within(self, hardness: Numbers) -> Numbers:
        """Probability that numbers are within the tolerance, (n,)."""
        return self.margins.within(self.scale.tolerance, hardness)

    def answer(self, row: Given, threshold: float) -> Answer:
        """See `Speech`."""
        said, hardness = row[:1].astype(np.float64), row[1:].astype(np.float64)
        stated = float(self.within(hardness)[0])
        interval = self.scale.between(*self.margins.intervals(said, hardness)[0].tolist())
        text = self.scale.text(float(said[0]))
        return Answer(text, stated, "", 0.0, stated < threshold, (), kind=AnswerKind.NUMBER, interval=interval)

    def falls(self, row: Given, others: Given) -> Given:
        """See `Speech`."""
        return np.asarray((row[0] - others[:, 0]) * self.scale.unit)

    def to_json(self) -> dict[str, Any]:
        """All of it but the task, ready for JSON."""
        return {**self.scale.to_json(), "margins": self.margins.to_json()}

    @classmethod
    def from_json(cls, task: Task, given: dict[str, Any]) -> "NumberSpeech":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        return cls(Scale.from_json(task, given), Margins.from_json(given["margins"]))


def stated_of_sets(given: Given, slope: tuple[float, float]) -> Numbers:
    """Probability that each set is right as a whole, (n,); see `SetSpeech`."""
    wide = given.astype(np.float64)
    return sloped(np.prod(np.maximum(wide, 1 - wide), axis=1), slope)


def agreeing(row: Given, stated: float) -> Numbers:
    """Probabilities of each label that agree with that of the set: each of its labels is right where the set is.

    Each label is calibrated by few examples and shy for it, the set as a whole by all of them: on 264 short texts of
    seven labels, sets said to be right in 95 of 100 were in all, and their least sure label was said to be in 92.

    Args:
        row: Of each label alone, (k,).
        stated: That the set is right as a whole, 0..1.
    """
    wide = row.astype(np.float64)
    return np.asarray(np.where(wide >= THERE, np.maximum(wide, stated), np.minimum(wide, 1 - stated)))
