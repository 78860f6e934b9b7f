"""Strangeness: how far an input lies from the mean of every label, and from where on it belongs to none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.task import NONE_OF_THESE, AnswerKind
from understudy.modalities.graph import FLOAT, GraphBuilder
from understudy.modalities.protocol import View
from understudy.search.rows import CHUNK, Indices, Matrix, Read

LEVELLING: Final = 1.0
"""Share of the columns' mean variance that is added to the variance of each, so that none which hardly varies among the
examples decides alone."""
OUTPUT: Final = "strangeness"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """What means and variances of features follow from; those of some rows can be taken out again.

    Attributes:
        counts: Rows of each label, (k,).
        sums: Their sums, (k, w).
        squares: Sums of squares over all rows, (w,).
    """

    counts: Array
    sums: Array
    squares: Array

    @classmethod
    def of(cls, read: Read, indices: Indices, labels: Indices, classes: int, pulse: Callable[[], None]) -> "Sums":
        """Adds up features in chunks.

        Args:
            read: Returns features.
            indices: Of which rows, sorted; at least one.
            labels: Label of every row there is, 0..k-1.
            classes: k.
            pulse: Called for each chunk; raises when the work should end.
        """
        counts, sums, squares = np.zeros(classes), np.zeros(()), np.zeros(())
        for start in range(0, len(indices), CHUNK):
            pulse()
            part = indices[start : start + CHUNK]
            rows = read(part).astype(np.float64)
            member = np.eye(classes)[labels[part]]
            counts += member.sum(axis=0)
            sums = sums + member.T @ rows
            squares = squares + np.einsum("nw,nw->w", rows, rows)
        return cls(counts, sums, squares)

    def __sub__(self, other: "Sums") -> "Sums":
        """What is left when some of the rows are taken out again."""
        return Sums(self.counts - other.counts, self.sums - other.sums, self.squares - other.squares)


@dataclass(frozen=True)
class Nearness:
    """How far features lie from the nearest label's mean; about 1 for the examples.

    Attributes:
        mean: Of all examples, (w,).
        scale: By which centred columns are multiplied, (w,).
        centres: The labels' means after that, (k, w).
    """

    mean: Matrix
    scale: Matrix
    centres: Matrix

    @classmethod
    def of(cls, sums: Sums, usual: float = 1.0) -> "Nearness":
        """Learns it.

        Args:
            sums: Over the examples of the labels that count; at least one row.
            usual: The squared distance that becomes 1.
        """
        total = sums.counts.sum()
        mean = sums.sums.sum(axis=0) / total
        variance = np.maximum(sums.squares / total - mean**2, 0)
        levelled = (variance + LEVELLING * variance.mean()) * len(mean) * usual
        scale = np.where(levelled > 0, 1 / np.sqrt(np.maximum(levelled, 1e-30)), 0)
        kept = sums.counts > 0
        centres = (sums.sums[kept] / sums.counts[kept, None] - mean) * scale
        return cls(mean.astype(np.float32), scale.astype(np.float32), centres.astype(np.float32))

    def __call__(self, features: Matrix) -> Array:
        """Squared distances to the nearest mean, (n,)."""
        standard = (features - self.mean) * self.scale
        lengths = np.einsum("nw,nw->n", standard, standard)
        gaps = (self.centres * self.centres).sum(axis=1) - 2 * (standard @ self.centres.T)
        return np.asarray(np.maximum(lengths + gaps.min(axis=1), 0), np.float64)

    def add_to(self, graph: GraphBuilder, features: str, name: str) -> str:
        """Appends the distance to a graph.

        Args:
            graph: Receives the nodes.
            features: Name of the features, (n, w).
            name: Of the view.

        Returns:
            Name of the squared distances, float (n, 1).
        """
        centred = graph.node("Sub", [features, graph.constant(f"usual {name}", self.mean)])
        standard = graph.node("Mul", [centred, graph.constant(f"spread of {name}", self.scale)])
        axis = graph.constant("axis", np.array([1], np.int64))
        lengths = graph.node("ReduceSum", [graph.node("Mul", [standard, standard]), axis], keepdims=1)
        centres = graph.constant(f"centres of {name}", np.ascontiguousarray(np.float32(2) * self.centres.T))
        own = graph.constant(f"lengths of centres of {name}", (self.centres * self.centres).sum(axis=1))
        closeness = graph.node("Sub", [graph.node("MatMul", [standard, centres]), own])
        # GlobalMaxPool rather than ReduceMax: it is written alike in every version of ONNX that a graph may have.
        pooled = graph.node("GlobalMaxPool", [graph.node("Unsqueeze", [closeness, axis])])
        gaps = graph.node("Sub", [lengths, graph.node("Flatten", [pooled], axis=1)])
        return graph.node("Max", [gaps, graph.constant("nothing", np.float32(0))])


@dataclass(frozen=True)
class Strangeness:
    """How strange an input is: the mean, over views, of how far it lies from the nearest label's mean.

    Attributes:
        views: At least one, with what tells the distance there.
    """

    views: tuple[tuple[View, Nearness], ...]

    def add_to(self, graph: GraphBuilder, seen: Mapping[str, str]) -> None:
        """Appends the output `strangeness`, float (n, 1), to a graph.

        Args:
            graph: Receives the nodes.
            seen: By a view's name, the name of its features, float (n, w).
        """
        total, *others = (nearness.add_to(graph, seen[view.name], view.name) for view, nearness in self.views)
        for far in others:
            total = graph.node("Add", [total, far])
        share = graph.constant("share of a view", np.float32(1 / len(self.views)))
        graph.output(graph.node("Mul", [total, share]), OUTPUT, FLOAT, ["n", 1])


@dataclass(frozen=True)
class Limit:
    """From where on an input belongs to none of the labels.

    Attributes:
        distance: Strangeness beyond which it does not.
        right: Probability that this is right, 0..1, as training examples that people called none of these tell; 0.5
            where there were none.
    """

    distance: float
    right: float

    def applied(self, answer: Answer, strangeness: float, threshold: float) -> Answer:
        """The answer as it stands once it is known how strange its input is.

        A stranger is left to a person, and its label's probability falls by the chance that none is right. “None of
        these” is the answer itself only where people have given it: otherwise nothing tells how often that is right.

        Args:
            answer: As the model gave it.
            strangeness: Of its input.
            threshold: Below this probability a person should answer, 0..1.
        """
        said_none = answer.kind is AnswerKind.LABEL and answer.label == NONE_OF_THESE
        if said_none or strangeness <= self.distance:
            return replace(answer, unknown=said_none)
        known = 1 - self.right
        first, second = answer.probability * known, answer.runner_up_probability * known
        if answer.kind is AnswerKind.LABEL and NONE_OF_THESE in dict(answer.probabilities):
            return replace(
                answer,
                label=NONE_OF_THESE,
                probability=self.right,
                runner_up=answer.label,
                runner_up_probability=first,
                unknown=True,
                ask_person=self.right < threshold,
            )
        return replace(answer, probability=first, runner_up_probability=second, unknown=True, ask_person=True)

    def to_json(self) -> dict[str, float]:
        """Ready for JSON."""
        return {"distance": self.distance, "right": self.right}

    @classmethod
    def from_json(cls, given: dict[str, Any] | None) -> "Limit | None":
        """Reads what `to_json` wrote; None for None.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        return None if given is None else cls(float(given["distance"]), float(given["right"]))
