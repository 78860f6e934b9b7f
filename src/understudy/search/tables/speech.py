"""From what members say together to answers: honest probabilities, intervals, and when to ask a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task, labels_text
from understudy.search.odds import sloped
from understudy.search.scale import Scale
from understudy.search.speech import agreeing
from understudy.search.tables.calibrating import sharpened
from understudy.search.tables.doubt import Doubt
from understudy.search.tables.encoding import Encoded
from understudy.search.tables.fitted import Arrays, Numbers


@dataclass(frozen=True)
class Speech:
    """How members' words become answers.

    Attributes:
        task: What is answered.
        labels: In order; none for numbers.
        threshold: Below this probability a person should answer, 0..1.
        sharpness: Factor on log probabilities of labels.
        slope: Slope and shift on the log odds that a set of labels is right.
        costs: What answering one label (column) costs where another is true (row), (k, k); empty: the likeliest counts.
        weights: How much an example of each label counted in learning, (k,); empty: all the same.
        scale: From what members say to numbers; None for labels.
        doubt: How far off numbers are; None for labels.
    """

    task: Task
    labels: tuple[str, ...]
    threshold: float = 1.0
    sharpness: float = 1.0
    slope: tuple[float, float] = (1.0, 0.0)
    costs: Numbers | None = None
    weights: Numbers | None = None
    scale: Scale | None = None
    doubt: Doubt | None = None

    @property
    def unit(self) -> float:
        """What members say a number in; 1 for labels."""
        return 1.0 if self.scale is None else self.scale.unit

    def answers(self, given: Numbers, rows: Encoded) -> list[Answer]:
        """One answer a row.

        Args:
            given: What members say together, (n, k) or (n, 1).
            rows: The rows themselves.
        """
        if self.task.answers is AnswerKind.NUMBER:
            return self._numbers(given[:, 0], rows)
        if self.task.answers is AnswerKind.LABELS:
            return [self._set(row, stated) for row, stated in zip(given, self.stated(given), strict=True)]
        return [self._label(row) for row in self.honest(given)]

    def honest(self, given: Numbers) -> Numbers:
        """Probabilities of labels, (n, k), from what members say together; what counted more is no likelier by that."""
        return sharpened(unweighted(given, self.weights), self.sharpness)

    def said(self, given: Numbers) -> npt.NDArray[np.int64]:
        """Which label is answered, (n,), for honest probabilities, (n, k)."""
        if self.costs is None:
            return np.asarray(given.argmax(axis=1))
        return np.asarray((given @ self.costs).argmin(axis=1))

    def stated(self, given: Numbers) -> Numbers:
        """Probability that a set of labels is right as a whole, (n,)."""
        return sloped(np.prod(np.maximum(given, 1 - given), axis=1), self.slope)

    def within(self, hardness: Numbers) -> Numbers:
        """Probability that numbers are within the tolerance, (n,)."""
        if self.doubt is None or self.scale is None:
            raise ValueError("only numbers can be within a tolerance")
        return self.doubt.within(self.scale.tolerance, hardness)

    def _label(self, given: Numbers) -> Answer:
        first = int(self.said(given[None])[0])
        order = sorted((place for place in range(len(given)) if place != first), key=lambda place: -given[place])
        probability, second = float(given[first]), float(given[order[0]])
        every = tuple(zip(self.labels, (float(each) for each in given), strict=True))
        asks = probability < self.threshold
        return Answer(self.labels[first], probability, self.labels[order[0]], second, asks, every)

    def _set(self, given: Numbers, stated: float) -> Answer:
        chosen = tuple(label for label, each in zip(self.labels, given, strict=True) if each >= 0.5)
        stated = float(stated)
        every = tuple(zip(self.labels, agreeing(given, stated).tolist(), strict=True))
        return Answer(labels_text(chosen), stated, "", 0.0, stated < self.threshold, every, kind=AnswerKind.LABELS)

    def _numbers(self, said: Numbers, rows: Encoded) -> list[Answer]:
        if self.doubt is None or self.scale is None:
            raise ValueError("numbers are answered with their scale and their doubt")
        hardness = self.doubt.hardness(rows, said)
        sides = self.doubt.intervals(said, hardness)
        answers = []
        for value, stated, (low, high) in zip(said, self.within(hardness), sides, strict=True):
            asks = bool(stated < self.threshold)
            interval = self.scale.between(float(low), float(high))
            text = self.scale.text(float(value))
            answers.append(Answer(text, float(stated), "", 0.0, asks, (), kind=AnswerKind.NUMBER, interval=interval))
        return answers

    def to_json(self) -> dict[str, Any]:
        """All of it but the doubt, ready for JSON."""
        return {
            "sharpness": self.sharpness,
            "slope": list(self.slope),
            "costs": None if self.costs is None else self.costs.tolist(),
            "weights": None if self.weights is None else self.weights.tolist(),
            "scale": None if self.scale is None else self.scale.to_json(),
        }

    def arrays(self) -> Arrays:
        """The doubt's arrays; none for labels."""
        return {} if self.doubt is None else self.doubt.arrays()

    @classmethod
    def of_json(
        cls,
        task: Task,
        labels: tuple[str, ...],
        threshold: float,
        given: Mapping[str, Any],
        arrays: Mapping[str, npt.NDArray[Any]],
    ) -> "Speech":
        """Reads what `to_json` and `arrays` gave.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        return cls(
            task,
            labels,
            threshold,
            float(given["sharpness"]),
            (float(given["slope"][0]), float(given["slope"][1])),
            None if given["costs"] is None else np.array(given["costs"], np.float64),
            None if given["weights"] is None else np.array(given["weights"], np.float64),
            None if given["scale"] is None else Scale.from_json(task, given["scale"]),
            Doubt.of_arrays(arrays) if arrays else None,
        )


def unweighted(given: Numbers, weights: Numbers | None) -> Numbers:
    """Probabilities as they would be had all examples counted the same, (n, k).

    Source:
        Saerens, Latinne & Decaestecker, Adjusting the outputs of a classifier to new a priori probabilities, 2002.
    """
    if weights is None:
        return given
    plain: Numbers = given / weights
    plain /= plain.sum(axis=1, keepdims=True)
    return plain


def weights_of(labels: tuple[str, ...], weights: tuple[tuple[str, float], ...]) -> Numbers | None:
    """The weights that a schema tells, (k,), or None where all labels count the same."""
    given = dict(weights)
    return np.array([given.get(label, 1.0) for label in labels]) if weights else None


def costs_of(labels: tuple[str, ...], costs: tuple[tuple[str, str, float], ...]) -> Numbers | None:
    """The matrix of costs that a schema tells, (k, k), or None where it tells none."""
    if not costs:
        return None
    places = {label: place for place, label in enumerate(labels)}
    matrix = 1.0 - np.eye(len(labels))
    for true, said, cost in costs:
        if true in places and said in places:
            matrix[places[true], places[said]] = cost
    return matrix
