"""Telling inputs that belong to none of the labels: those too far from the mean of every label.

Measured on 15,000 questions of 150 intents, 3,000 further ones and 200 that belong to none of these: distances to the
nearest mean refuse 88% of the latter where they refuse 5% of the former; the probability of the likeliest label 40%,
the margin before the second 42%, the nearest training example 68 to 75%.

Source:
    Lee et al., A simple unified framework for detecting out-of-distribution samples, NeurIPS 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import linalg

from understudy.domain.answer import Answer
from understudy.domain.task import NONE_OF_THESE
from understudy.modalities.graph import GraphBuilder
from understudy.search.candidates import Material
from understudy.search.moments import Moments
from understudy.search.rows import Indices, Matrix

MODALITIES: Final = frozenset({"text"})
"""Whose inputs are looked at this way: those for which it was measured."""
REFUSED: Final = 0.045
"""Share of the training examples, out of fold, that lie beyond the limit."""
LEAST_EXAMPLES: Final = 40
"""Fewer do not tell where the limit lies."""
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


def learn_limit(material: Material, names: Sequence[str]) -> tuple[Distances, Limit] | None:
    """Learns distances from all examples, and the limit from examples that were held out.

    Args:
        material: What heads are fitted on.
        names: Of the labels. `NONE_OF_THESE` has no mean; its examples tell how often a refusal is right.

    Returns:
        None where too little was held out to tell.
    """
    labels = [place for place, name in enumerate(names) if name != NONE_OF_THESE]
    if not material.folds.apart or len(material.labels) < LEAST_EXAMPLES:
        return None
    known = np.isin(material.labels, labels)
    far, rows = _held_out(material, labels, known)
    inside = known[rows]
    if inside.sum() < LEAST_EXAMPLES:
        return None
    limit = float(np.quantile(far[inside], 1 - REFUSED))
    strange = far > limit
    right = (np.sum(strange & ~inside) + 1) / (strange.sum() + 2) if not inside.all() else 0.5
    whole = Distances.of(material.moments(np.flatnonzero(known)), labels)
    return whole, Limit(limit, float(right))


def _held_out(material: Material, labels: Sequence[int], known: npt.NDArray[np.bool_]) -> tuple[Array, Indices]:
    """Distances of examples to means that they had no part in, and which examples these are."""
    found = []
    for fold in material.folds.folds:
        material.pulse()
        distances = Distances.of(material.moments(fold.train[known[fold.train]]), labels)
        found.append(distances(material.rows.take(fold.held_out)))
    return np.concatenate(found), material.folds.rows
