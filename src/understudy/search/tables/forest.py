"""Forests of trees grown apart on random splits, by scikit-learn; kept as plain arrays and answered without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.search.tables.boosting import TreeRows, fit_tree_rows
from understudy.search.tables.encoding import Encoded, Matrix
from understudy.search.tables.fitted import Arrays, Numbers, Task, put_under, under
from understudy.search.tables.target import Target

NATIVE: Final = 3
"""Different codes up to which they are seen as numbers; of more, the target's means are."""
TREES: Final = 100
"""For each fold; together they make five times as many."""
DOUBTED: Final = 1.0
"""Trees' worth of the labels' overall shares that is mixed in, so that no label is ever ruled out."""
AT_ONCE: Final = 1 << 20
"""Pairs of a row and a tree that are followed together."""


@dataclass(frozen=True)
class Forest:
    """A fitted forest.

    Attributes:
        rows: What trees see.
        middle: What stands for missing values, (w,).
        gaps: Columns that are missing at times; each gets a sign of its own for that.
        roots: Where each tree begins among the nodes, (t,).
        feature: What each node looks at; below 0 at a leaf. Of 32 bits where 16 hold too few for the columns.
        threshold: Up to which value a node goes left.
        left, right: Where a node goes on, counted from its tree's root.
        leaf: Which row of `values` a leaf says.
        values: Shares of labels, or a number, (leaves, k) or (leaves, 1).
        prior: Shares of the labels overall, (k,); empty for numbers.
    """

    rows: TreeRows
    middle: Matrix
    gaps: npt.NDArray[np.int64]
    roots: npt.NDArray[np.int64]
    feature: npt.NDArray[np.int16 | np.int32]
    threshold: Matrix
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    leaf: npt.NDArray[np.int32]
    values: Matrix
    prior: Numbers

    curve: None = None

    def cut(self, rounds: int) -> "Forest":  # noqa: ARG002
        """It knows no rounds."""
        return self

    def answers(self, rows: Encoded) -> Numbers:
        """See `Fitted`."""
        matrix = _filled(self.rows.matrix(rows), self.middle, self.gaps)
        step = max(1, AT_ONCE // len(self.roots))
        parts = [self._mean(matrix[start : start + step]) for start in range(0, len(matrix), step)]
        given = np.concatenate(parts) if parts else np.zeros((0, self.values.shape[1]))
        if not len(self.prior):
            return given
        return np.asarray((given * len(self.roots) + DOUBTED * self.prior) / (len(self.roots) + DOUBTED))

    def _mean(self, matrix: Matrix) -> Numbers:
        """Mean over trees of the leaves that rows come to."""
        count = len(matrix)
        at = np.repeat(self.roots[None], count, axis=0).ravel()
        root = at.copy()
        row = np.repeat(np.arange(count), len(self.roots))
        going = np.flatnonzero(self.feature[at] >= 0)
        while len(going):
            here = at[going]
            goes_left = matrix[row[going], self.feature[here]] <= self.threshold[here]
            onward = root[going] + np.where(goes_left, self.left[here], self.right[here])
            at[going] = onward
            going = going[self.feature[onward] >= 0]
        leaves = self.leaf[at].reshape(count, len(self.roots))
        return np.stack([self.values[:, label][leaves].mean(axis=1, dtype=np.float64)
                         for label in range(self.values.shape[1])], axis=1)  # fmt: skip

    def arrays(self) -> Arrays:
        """See `Fitted`."""
        plain = ("middle", "gaps", "roots", "feature", "threshold", "left", "right", "leaf", "values", "prior")
        own: Arrays = {name: getattr(self, name) for name in plain}
        return own | put_under("rows", self.rows.arrays())


class Forests:
    """The family of forests."""

    def fit(self, task: Task, setting: Mapping[str, Any]) -> Forest:
        """Fits a forest; see `Family`.

        Args:
            task: The fit.
            setting: `random`: splits are drawn at random; `leaf`: rows of the smallest leaf; `share` of what is looked
                at for a split.
        """
        rows, matrix = fit_tree_rows(task, NATIVE, NATIVE)
        known = np.isfinite(matrix)
        gaps = np.flatnonzero(~known.all(axis=0))
        middle = np.array(
            [np.median(column[here]) if here.any() else 0 for column, here in zip(matrix.T, known.T, strict=True)]
        )
        middle = middle.astype(np.float32)
        seen = _filled(matrix, middle, gaps)
        chance = np.random.default_rng(task.seed)
        trees = []
        for _ in range(TREES):
            task.pulse()
            trees.append(_grown(seen, task.target, setting, chance))
        classes = trees[0].classes_ if task.target.classes else None
        return _kept([tree.tree_ for tree in trees], rows, middle, gaps, _prior(task), classes)

    def read(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Forest:
        """See `Family`."""
        plain = ("middle", "gaps", "roots", "feature", "threshold", "left", "right", "leaf", "values", "prior")
        kept: dict[str, Any] = {name: arrays[name] for name in plain}
        return Forest(TreeRows.of_arrays(under("rows", arrays)), **kept)


def _grown(matrix: Matrix, target: Target, setting: Mapping[str, Any], chance: np.random.Generator) -> Any:
    """One tree: on all rows where its splits are drawn at random, else on as many rows drawn with repetition."""
    # Deferred because it takes longer to load than a first trial does, and a kept forest needs none of it.
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor  # noqa: PLC0415

    drawn = int(chance.integers(2**31))
    given = {
        "splitter": "random" if setting["random"] else "best",
        "min_samples_leaf": int(setting["leaf"]),
        "max_features": setting["share"],
        "random_state": drawn,
    }
    weights = target.weights
    if not setting["random"]:
        weights = weights * np.bincount(chance.integers(len(matrix), size=len(matrix)), minlength=len(matrix))
        if target.classes and len(np.unique(target.values[weights > 0])) < len(np.unique(target.values)):
            weights = target.weights  # so that all trees know the same labels
    if target.classes:
        return DecisionTreeClassifier(criterion="entropy", **given).fit(matrix, target.values, sample_weight=weights)
    return DecisionTreeRegressor(**given).fit(matrix, target.values, sample_weight=weights)


def _prior(task: Task) -> Numbers:
    target = task.target
    if not target.classes:
        return np.zeros(0)
    counts = np.bincount(target.values, target.weights, minlength=target.classes) + 1e-3
    return np.asarray(counts / counts.sum())


def _filled(matrix: Matrix, middle: Matrix, gaps: npt.NDArray[np.int64]) -> Matrix:
    known = np.isfinite(matrix)
    return np.concatenate([np.where(known, matrix, middle), ~known[:, gaps]], axis=1, dtype=np.float32)


def _kept(
    trees: Sequence[Any],
    rows: TreeRows,
    middle: Matrix,
    gaps: npt.NDArray[np.int64],
    prior: Numbers,
    classes: npt.NDArray[np.int64] | None,
) -> Forest:
    """The trees as arrays, one after another."""
    sizes = np.array([tree.node_count for tree in trees], np.int64)
    feature = np.concatenate([tree.feature for tree in trees])
    ends = feature < 0
    told = np.concatenate([tree.value[:, 0, :] for tree in trees])[ends]
    values = told
    if classes is not None:
        values = np.zeros((len(told), len(prior)))
        values[:, classes] = told / told.sum(axis=1, keepdims=True)
    leaf = np.where(ends, np.cumsum(ends) - 1, 0)
    kind = np.int16 if feature.max() <= np.iinfo(np.int16).max else np.int32
    return Forest(
        rows,
        middle,
        gaps,
        np.cumsum(sizes) - sizes,
        np.where(ends, -1, feature).astype(kind),
        _as_float32(np.concatenate([tree.threshold for tree in trees])),
        np.concatenate([tree.children_left for tree in trees]).astype(np.int32),
        np.concatenate([tree.children_right for tree in trees]).astype(np.int32),
        leaf.astype(np.int32),
        values.astype(np.float32),
        prior,
    )


def _as_float32(thresholds: Numbers) -> Matrix:
    """The largest number of 32 bits that is no larger: rows have 32 bits, so they go the same way by it."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near).astype(np.float32)
