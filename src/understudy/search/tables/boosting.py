"""Trees by LightGBM: boosted one after another, or grown apart as a forest."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from understudy.engine.absent import absent
from understudy.search.tables.encoding import Codes, Encoded, Matrix
from understudy.search.tables.fitted import Arrays, Numbers, Task, put_under, under
from understudy.search.tables.target import Target
from understudy.search.tables.target_means import TargetMeans, fit_means

if TYPE_CHECKING:
    import lightgbm

NATIVE: Final = 100
"""Different codes up to which LightGBM splits them itself."""
MEANT: Final = 4
"""Different codes above which trees also see the target's mean by code."""
BINS, WORDED_BINS = 255, 63
"""Bins that a number is cut into before it is split, and one of those that a text was brought to: fewer are as good for
these and take half the time (employee salaries: R2 .932 instead of .931)."""
PATIENCE: Final = 4.0
"""Rounds without gain after which boosting ends, times the learning rate."""
LEAST_PATIENCE: Final = 30
MOST_ROUNDS: Final = 4000

FIXED: Final = {
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "feature_pre_filter": False,
    "max_bin": BINS,
    "min_data_in_bin": 3,
    "first_metric_only": True,
    "seed": 0,
}


def _lightgbm() -> ModuleType:
    """LightGBM, loaded when trees are first grown or asked.

    It offers its trees to whoever has scikit-learn or pandas and loads them for that: four fifths of its time to load,
    and 130 MB. Nothing here is in need of that.
    """
    with absent("sklearn", "pandas", "pyarrow", "matplotlib", "dask", "cffi"):
        import lightgbm  # noqa: PLC0415

    return lightgbm


@dataclass(frozen=True)
class TreeRows:
    """How encoded rows become what trees see.

    Attributes:
        native: Places of the codes that are split as they are.
        meant: Places of the codes whose means are seen.
        means: Those means.
        counts: How often each of the meant codes was there, as logarithms; the last stands for unknown ones.
    """

    native: npt.NDArray[np.int64]
    meant: npt.NDArray[np.int64]
    means: TargetMeans
    counts: tuple[Matrix, ...]

    def matrix(self, rows: Encoded, seen_means: Matrix | None = None) -> Matrix:
        """What trees see, (n, w): numbers, native codes, means, counts."""
        meant = rows.codes[:, self.meant]
        native = rows.codes[:, self.native].astype(np.float32)
        native[native < 0] = np.nan
        means = self.means.numbers(meant) if seen_means is None else seen_means
        counts = [table[meant[:, place]][:, None] for place, table in enumerate(self.counts)]
        return np.asarray(np.concatenate([rows.numbers, native, means, *counts], axis=1), np.float32)

    def sources(self, numbers: int) -> npt.NDArray[np.int64]:
        """Which feature (numbers first, then codes) each column of the matrix comes from, (w,)."""
        per_code = [table.shape[1] for table in self.means.tables]
        means = np.repeat(self.meant, per_code).astype(np.int64)
        return np.concatenate([np.arange(numbers), numbers + self.native, numbers + means, numbers + self.meant])

    def arrays(self) -> Arrays:
        """All of it, to be kept."""
        kept: Arrays = {"native": self.native, "meant": self.meant}
        return (
            kept | put_under("means", self.means.arrays()) | {f"counts.{i}": each for i, each in enumerate(self.counts)}
        )

    @classmethod
    def of_arrays(cls, given: Mapping[str, npt.NDArray[Any]]) -> "TreeRows":
        """Reads what `arrays` gave."""
        means, counts = under("means", given), under("counts", given)
        tables = tuple(means[str(place)] for place in range(len(means)))
        return cls(
            given["native"], given["meant"], TargetMeans(tables), tuple(counts[str(i)] for i in range(len(counts)))
        )


def fit_tree_rows(task: Task, native: int, meant: int) -> tuple[TreeRows, Matrix]:
    """Learns what trees see, and gives it for the training rows."""
    sizes = np.array(task.sizes, np.int64)
    split, by_mean = np.flatnonzero(sizes <= native), np.flatnonzero(sizes > meant)
    codes = task.rows.codes[:, by_mean]
    means, seen = fit_means(codes, tuple(sizes[by_mean].tolist()), task.target.means, seed=task.seed)
    counts = tuple(_counts(codes[:, place], int(sizes[each])) for place, each in enumerate(by_mean))
    rows = TreeRows(split, by_mean, means, counts)
    return rows, rows.matrix(task.rows, seen)


def _counts(codes: Codes, size: int) -> Matrix:
    counted = np.bincount(codes[codes >= 0], minlength=size)
    return np.asarray(np.log1p(np.append(counted, 0)), np.float32)


@dataclass(frozen=True)
class Trees:
    """Fitted trees.

    Attributes:
        text: LightGBM's own text of them.
        rows: What they see.
        classes: As in `Target`.
        bounds: Of numbers: the least and largest that they learned from, beyond which lines in leaves must not lead.
        curve: Loss on the guard rows after each round.
    """

    text: str
    rows: TreeRows
    classes: int
    bounds: tuple[float, float]
    curve: Numbers | None = None

    @cached_property
    def booster(self) -> "lightgbm.Booster":
        """The trees, ready to answer."""
        read: lightgbm.Booster = _lightgbm().Booster(model_str=self.text)
        return read

    def cut(self, rounds: int) -> "Trees":
        """As after so many rounds."""
        return Trees(self.booster.model_to_string(num_iteration=rounds), self.rows, self.classes, self.bounds)

    def answers(self, rows: Encoded) -> Numbers:
        """See `Fitted`."""
        given = np.asarray(self.booster.predict(self.rows.matrix(rows), num_threads=1), np.float64)
        if self.classes == 2:
            return np.stack([1 - given, given], axis=1)
        return given.reshape(len(rows), -1) if self.classes else np.clip(given[:, None], *self.bounds)

    @property
    def explains(self) -> bool:
        """Whether `pushes` can be asked: LightGBM has no SHAP values for trees that may have lines in their leaves."""
        return "[linear_tree: 1]" not in self.text

    def pushes(self, rows: Encoded) -> Numbers:
        """SHAP values of each feature, (n, k or 1, features): numbers first, then codes; last the base."""
        matrix = self.rows.matrix(rows)
        given = np.asarray(self.booster.predict(matrix, pred_contrib=True, num_threads=1), np.float64)
        outputs = self.classes if self.classes > 2 else 1
        given = given.reshape(len(rows), outputs, -1)
        numbers, codes = rows.numbers.shape[1], rows.codes.shape[1]
        pushes = np.zeros((len(rows), outputs, numbers + codes + 1))
        for column, source in enumerate(self.rows.sources(numbers)):
            pushes[:, :, source] += given[:, :, column]
        pushes[:, :, -1] = given[:, :, -1]
        return pushes

    def arrays(self) -> Arrays:
        """See `Fitted`."""
        text = np.frombuffer(self.text.encode(), np.uint8)
        kept = {"text": text, "classes": np.array(self.classes), "bounds": np.array(self.bounds)}
        return kept | put_under("rows", self.rows.arrays())


class Boosting:
    """The family of trees."""

    def fit(self, task: Task, setting: Mapping[str, Any]) -> Trees:
        """Fits trees; see `Family`.

        Args:
            task: The fit.
            setting: LightGBM's parameters; and `native`, `meant`: see `NATIVE`, `MEANT`; `rounds`: at most.
        """
        own = dict(setting)
        native, meant, rounds = own.pop("native", NATIVE), own.pop("meant", MEANT), own.pop("rounds", MOST_ROUNDS)
        rows, matrix = fit_tree_rows(task, native, meant)
        given = FIXED | _objective(task.target) | own | self._limits(task, rows, own)
        numbers = task.rows.numbers.shape[1]
        data = _lightgbm().Dataset(
            matrix,
            label=task.target.values,
            weight=_weights(task.target),
            categorical_feature=list(range(numbers, numbers + len(rows.native))),
            params=given,
        )
        guard = data.create_valid(
            rows.matrix(task.guard), label=task.guard_target.values, weight=_weights(task.guard_target), params=given
        )
        booster = _lightgbm().Booster(given, data)
        booster.add_valid(guard, "guard")
        forest = own.get("boosting") == "rf"
        curve = _grown(booster, task, rounds, 10**9 if forest else _patience(given))
        bounds = float(task.target.values.min()), float(task.target.values.max())
        return Trees(booster.model_to_string(num_iteration=-1), rows, task.target.classes, bounds, curve)

    @staticmethod
    def _limits(task: Task, rows: TreeRows, own: Mapping[str, Any]) -> dict[str, Any]:
        limits: dict[str, Any] = {"num_threads": task.threads, "seed": task.seed}
        rest = len(rows.sources(len(task.features))) - len(task.features)
        if any(feature.monotone for feature in task.features) and not own.get("linear_tree"):
            limits["monotone_constraints"] = [feature.monotone for feature in task.features] + [0] * rest
            limits["monotone_constraints_method"] = "intermediate"
        if any(feature.worded for feature in task.features):
            bins = [WORDED_BINS if feature.worded else BINS for feature in task.features]
            limits["max_bin_by_feature"] = bins + [BINS] * rest
        if int(float(own.get("bagging_fraction", 1)) * len(task.rows)) < 1:
            limits |= {"bagging_fraction": 1.0, "bagging_freq": 0}  # a part of one row is none
        # So that few rows can be split at all.
        least = int(own.get("min_data_in_leaf", 20))
        limits["min_data_in_leaf"] = max(1, min(least, len(task.rows) // 10))
        return limits

    def read(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Trees:
        """See `Family`."""
        text = arrays["text"].tobytes().decode()
        low, high = (float(bound) for bound in arrays["bounds"])
        return Trees(text, TreeRows.of_arrays(under("rows", arrays)), int(arrays["classes"]), (low, high))


def _objective(target: Target) -> dict[str, Any]:
    if not target.classes:
        return {"objective": "regression", "metric": "l2"}
    if target.classes == 2:
        return {"objective": "binary", "metric": "binary_logloss"}
    return {"objective": "multiclass", "metric": "multi_logloss", "num_class": target.classes}


def _weights(target: Target) -> Numbers | None:
    return None if np.all(target.weights == 1) else target.weights


def _patience(given: Mapping[str, Any]) -> int:
    return max(LEAST_PATIENCE, round(PATIENCE / float(given.get("learning_rate", 0.1))))


def _grown(booster: "lightgbm.Booster", task: Task, rounds: int, patience: int) -> Numbers:
    """Grows trees until the guard rows gain nothing for a while; returns their loss after each round."""
    curve: list[float] = []
    best, best_at = np.inf, 0
    for at in range(rounds):
        task.pulse()
        ended = booster.update()
        loss = float(booster.eval_valid()[0][2])
        curve.append(loss)
        if loss < best:
            best, best_at = loss, at
        if ended or at - best_at >= patience:
            break
    return np.array(curve)
