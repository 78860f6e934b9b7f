"""Rankers: what a candidate has learned, ready to score every item for somebody's history."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.recommend.log import Indices, Log, Matrix, Sparse

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Weighing:
    """How events of a history weigh when a ranker is asked.

    Attributes:
        disliked: Weight of an event that is not liked, against 1 for a liked one.
        half_life: Events after which an earlier one weighs half, or None.
    """

    disliked: float = 1.0
    half_life: float | None = None

    def matrix(self, log: Log) -> Sparse:
        """People by items, (n, width)."""
        return log.matrix(disliked=self.disliked, half_life=self.half_life)


class Ranker(Protocol):
    """Scores items by histories. Higher is likelier to come next; scores of different people need not compare."""

    def scores(self, log: Log) -> Matrix:
        """Scores of all items for each person, (n, width)."""
        ...

    def because(self, log: Log, items: Indices) -> Sparse | None:
        """How much each item of one person's history speaks for these items together, (1, width), or None."""
        ...

    def told(self) -> tuple[dict[str, Any], Arrays]:
        """Everything it is made of: what goes into JSON, and arrays."""
        ...


@dataclass(frozen=True)
class Popular:
    """The same for everybody: what many took.

    Attributes:
        weight: Of each item, (width,).
    """

    weight: Matrix

    def scores(self, log: Log) -> Matrix:  # noqa: D102
        return np.broadcast_to(self.weight, (len(log), len(self.weight))).astype(np.float32)

    def because(self, log: Log, items: Indices) -> None:  # noqa: D102
        del log, items

    def told(self) -> tuple[dict[str, Any], Arrays]:  # noqa: D102
        return {"ranker": "popular"}, {"weight": self.weight}


@dataclass(frozen=True)
class Linked:
    """Items speak for items: a score is the sum over the history of links to the item.

    Attributes:
        links: (width, width); row i holds what item i speaks for.
        weighing: How the history weighs.
    """

    links: Sparse
    weighing: Weighing

    def scores(self, log: Log) -> Matrix:  # noqa: D102
        scored: Matrix = (self.weighing.matrix(log) @ self.links).toarray().astype(np.float32)
        return scored

    def because(self, log: Log, items: Indices) -> Sparse:  # noqa: D102
        asked = self.weighing.matrix(log)
        towards = np.zeros(self.links.shape[1], np.float32)
        towards[items] = 1.0
        rows = self.links[asked.indices]
        pushes = asked.data * (rows @ towards)
        return scipy.sparse.csr_array((pushes, asked.indices, asked.indptr), shape=asked.shape)

    def told(self) -> tuple[dict[str, Any], Arrays]:  # noqa: D102
        said = {"ranker": "linked", "disliked": self.weighing.disliked, "half_life": self.weighing.half_life}
        links = self.links
        return said, {
            "data": links.data.astype(np.float32),
            "indices": links.indices.astype(np.int32),
            "indptr": links.indptr.astype(np.int64),
        }


@dataclass(frozen=True)
class Described:
    """Items are liked that are described like those in the history.

    Attributes:
        words: (width, words), rows of length 1 or of no words at all.
        weighing: How the history weighs.
    """

    words: Sparse
    weighing: Weighing

    def scores(self, log: Log) -> Matrix:  # noqa: D102
        taste = self.weighing.matrix(log) @ self.words
        scored: Matrix = (taste @ self.words.T).toarray().astype(np.float32)
        return scored

    def because(self, log: Log, items: Indices) -> Sparse:  # noqa: D102
        asked = self.weighing.matrix(log)
        towards = np.asarray(self.words[items].sum(axis=0)).ravel()
        pushes = asked.data * (self.words[asked.indices] @ towards)
        return scipy.sparse.csr_array((pushes, asked.indices, asked.indptr), shape=asked.shape)

    def told(self) -> tuple[dict[str, Any], Arrays]:  # noqa: D102
        said = {
            "ranker": "described",
            "words": self.words.shape[1],
            "disliked": self.weighing.disliked,
            "half_life": self.weighing.half_life,
        }
        return said, {
            "data": self.words.data.astype(np.float32),
            "indices": self.words.indices.astype(np.int32),
            "indptr": self.words.indptr.astype(np.int64),
        }


@dataclass(frozen=True)
class Factored:
    """Items and people are points; a person's is found anew from the history.

    Attributes:
        points: Of items, (width, d).
        regular: Weight of the penalty on a person's point, a number times what `strength` says.
        unseen: Weight of every item as not taken.
        power: By which the penalty grows with the number of events.
        weighing: How the history weighs.
    """

    points: Matrix
    regular: float
    unseen: float
    power: float
    weighing: Weighing

    def scores(self, log: Log) -> Matrix:  # noqa: D102
        people = fold_in(self.weighing.matrix(log), self.points, self.regular, self.unseen, self.power)
        scored: Matrix = people @ self.points.T
        return scored

    def because(self, log: Log, items: Indices) -> Sparse:  # noqa: D102
        asked = self.weighing.matrix(log)
        near = self.points[asked.indices]
        weighed = near * asked.data[:, None]
        inside = self.unseen * (self.points.T @ self.points) + weighed.T @ near
        inside.flat[:: len(inside) + 1] += self.regular * (len(near) + self.unseen * len(self.points)) ** self.power
        pushes = weighed @ np.linalg.solve(inside, self.points[items].sum(axis=0))
        return scipy.sparse.csr_array((pushes, asked.indices, asked.indptr), shape=asked.shape)

    def told(self) -> tuple[dict[str, Any], Arrays]:  # noqa: D102
        said = {
            "ranker": "factored",
            "regular": self.regular,
            "unseen": self.unseen,
            "power": self.power,
            "disliked": self.weighing.disliked,
            "half_life": self.weighing.half_life,
        }
        return said, {"points": self.points}


CHUNK = 256


def fold_in(matrix: Sparse, points: Matrix, regular: float, unseen: float, power: float) -> Matrix:
    """Points of people (or of items, with rows and columns exchanged) that fit best what they took.

    Minimises for each row u: sum over taken i of w_ui (1 - u.i)^2 + unseen * sum over all i of (u.i)^2
    + regular * (taken + unseen * all)^power * |u|^2.

    Args:
        matrix: (n, m), weights of what was taken.
        points: Of the columns, (m, d).
        regular: Factor of the penalty.
        unseen: Weight of every column as not taken.
        power: Of the penalty's growth.

    Returns:
        (n, d).

    Source:
        Rendle, Krichene, Zhang & Koren, "Revisiting the Performance of iALS on Item Recommendation Benchmarks",
        RecSys 2022.
    """
    width, depth = points.shape
    common = unseen * (points.T @ points)
    found = np.zeros((matrix.shape[0], depth), np.float32)
    counts = np.diff(matrix.indptr)
    penalty = regular * (counts + unseen * width) ** power
    for start in range(0, matrix.shape[0], CHUNK):
        rows = np.arange(start, min(start + CHUNK, matrix.shape[0]))
        rows = rows[counts[rows] > 0]
        left = np.empty((len(rows), depth, depth), np.float32)
        right = np.empty((len(rows), depth), np.float32)
        for at, row in enumerate(rows):
            cut = slice(matrix.indptr[row], matrix.indptr[row + 1])
            near = points[matrix.indices[cut]]
            weighed = near * matrix.data[cut, None]
            left[at] = common + weighed.T @ near
            left[at].flat[:: depth + 1] += penalty[row]
            right[at] = weighed.sum(axis=0)
        if len(rows):
            found[rows] = np.linalg.solve(left, right[:, :, None])[:, :, 0]
    return found


def ranker_from(said: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]], width: int) -> Ranker:
    """Makes a ranker again from what `told` gave.

    Raises:
        KeyError, TypeError, ValueError: That is none.
    """
    if said["ranker"] == "popular":
        return Popular(_checked(arrays["weight"], (width,)))
    half_life = said["half_life"]
    weighing = Weighing(float(said["disliked"]), None if half_life is None else float(half_life))
    match said["ranker"]:
        case "linked":
            return Linked(_sparse(arrays, (width, width)), weighing)
        case "described":
            return Described(_sparse(arrays, (width, int(said["words"]))), weighing)
        case "factored":
            points = _checked(arrays["points"], (width, arrays["points"].shape[-1]))
            numbers = (float(said["regular"]), float(said["unseen"]), float(said["power"]))
            return Factored(points, *numbers, weighing)
    raise ValueError(f"an unknown ranker “{said['ranker']}”")


def _checked(array: npt.NDArray[Any], shape: tuple[int, ...]) -> Matrix:
    if array.shape != shape or array.dtype != np.float32:
        raise ValueError("an array is of another shape or kind")
    return array


def _sparse(arrays: Mapping[str, npt.NDArray[Any]], shape: tuple[int, int]) -> Sparse:
    made = scipy.sparse.csr_array((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
    made.check_format(full_check=True)
    return made
