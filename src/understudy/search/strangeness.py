"""Strangeness: how far an input lies from the mean of every label, and from where on it belongs to none of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import linalg

from understudy.domain.answer import Answer
from understudy.domain.task import NONE_OF_THESE
from understudy.modalities.graph import GraphBuilder
from understudy.search.moments import Moments
from understudy.search.rows import Matrix

DIMENSIONS: Final = 384
"""Of the turned rows, those in which examples spread most."""
SHRINKAGE: Final = 0.3
"""How far the labels' common covariance is drawn towards a multiple of the identity."""
OUTPUT: Final = "strangeness"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Distances:
    """How far rows lie from the nearest label's mean, in units of the labels' common spread.

    Attributes:
        whitening: (d, d), after which the labels spread alike in every direction; d is at most `DIMENSIONS`.
        centres: Means of the labels after that, (k, d).
    """

    whitening: Matrix
    centres: Matrix

    @classmethod
    def of(cls, moments: Moments, labels: Sequence[int]) -> "Distances":
        """Learns them from the sums over rows.

        Args:
            moments: Of turned rows.
            labels: Those that count; at least one has a row.
        """
        kept = [label for label in labels if moments.counts[label]]
        size = min(DIMENSIONS, len(moments.products))
        sums, counts = moments.sums[:, :size], moments.counts
        means = sums / np.maximum(counts, 1)[:, None]
        pooled = (moments.products[:size, :size] - sums.T @ means) / moments.total
        spread = max(float(np.trace(pooled)) / size, 1e-9)
        covariance = (1 - SHRINKAGE) * pooled + SHRINKAGE * spread * np.eye(size)
        inverse = linalg.inv(covariance, check_finite=False)
        whitening = linalg.cholesky((inverse + inverse.T) / 2, lower=True, check_finite=False)
        return cls(whitening.astype(np.float32), (means[kept] @ whitening).astype(np.float32))

    def __call__(self, rows: Matrix) -> Array:
        """Squared distances of turned rows, (n,), to the nearest mean."""
        white = rows[:, : len(self.whitening)] @ self.whitening
        lengths = (white * white).sum(axis=1)
        gaps = (self.centres * self.centres).sum(axis=1) - 2 * (white @ self.centres.T)
        return np.asarray(np.maximum(lengths + gaps.min(axis=1), 0), np.float64)

    def add_to(self, graph: GraphBuilder, row: str, basis: Matrix) -> str:
        """Appends the distance to a graph.

        Args:
            graph: Receives the nodes.
            row: Name of standardised rows, (n, w), before they are turned.
            basis: By which they are turned, (w, r).

        Returns:
            Name of the squared distances, float (n, 1).
        """
        turned = basis[:, : len(self.whitening)] @ self.whitening
        white = graph.node("MatMul", [row, graph.constant("whitening", turned.astype(np.float32))])
        axis = graph.constant("axis", np.array([1], np.int64))
        lengths = graph.node("ReduceSum", [graph.node("Mul", [white, white]), axis], keepdims=1)
        products = graph.node("MatMul", [white, graph.constant("centres", np.float32(-2) * self.centres.T)])
        own = graph.constant("centres' lengths", (self.centres * self.centres).sum(axis=1))
        nearest = graph.node("ReduceMin", [graph.node("Add", [products, own])], axes=[1], keepdims=1)
        return graph.node("Max", [graph.node("Add", [lengths, nearest]), graph.constant("nothing", np.float32(0))])


@dataclass(frozen=True)
class Limit:
    """From where on an input belongs to none of the labels.

    Attributes:
        distance: Squared distance beyond which it does not.
        right: Probability that this is right, 0..1, as training examples that people called none of these tell; 0.5
            where there were none.
    """

    distance: float
    right: float

    def applied(self, answer: Answer, strangeness: float) -> Answer:
        """The answer as it stands once it is known how strange its input is.

        A stranger is left to a person. “None of these” is the answer itself only where people have given it: otherwise
        nothing tells how often that would be right, and the likeliest label stays.
        """
        if strangeness <= self.distance:
            return replace(answer, unknown=answer.label == NONE_OF_THESE)
        strange = replace(answer, unknown=True, ask_person=True)
        if answer.label == NONE_OF_THESE or NONE_OF_THESE not in dict(answer.probabilities):
            return strange
        second = min(answer.probability, 1 - self.right)
        return replace(
            strange,
            label=NONE_OF_THESE,
            probability=self.right,
            runner_up=answer.label,
            runner_up_probability=second,
        )

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
