"""A small neural network in plain arrays: two hidden layers on numbers spread over bins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import scipy

from understudy.search.tables.dense import Dense, fit_dense
from understudy.search.tables.encoding import Encoded, Matrix
from understudy.search.tables.fitted import Arrays, Numbers, Task, put_under, under

BATCH: Final = 256
FIRST_DECAY, SECOND_DECAY = 0.9, 0.98
MOST_AT_ONCE: Final = 8192
"""Rows that are answered together."""


@dataclass(frozen=True)
class Network:
    """A fitted network.

    Attributes:
        dense: What it sees.
        layers: Weights and bias of each layer, (in, out) and (out,).
        classes: As in `Target`.
    """

    dense: Dense
    layers: tuple[tuple[Matrix, Matrix], ...]
    classes: int

    curve: None = None

    def cut(self, rounds: int) -> "Network":  # noqa: ARG002
        """Its rounds are planned, since it learns ever more slowly towards their end."""
        return self

    def answers(self, rows: Encoded) -> Numbers:
        """See `Fitted`."""
        parts = []
        for start in range(0, len(rows), MOST_AT_ONCE):
            some = Encoded(rows.numbers[start : start + MOST_AT_ONCE], rows.codes[start : start + MOST_AT_ONCE])
            parts.append(_forward(self.layers, self.dense.matrix(some))[-1])
        scores = np.concatenate(parts).astype(np.float64) if parts else np.zeros((0, max(self.classes, 1)))
        return np.asarray(scipy.special.softmax(scores, axis=1)) if self.classes else scores

    def arrays(self) -> Arrays:
        """See `Fitted`."""
        own: Arrays = {"classes": np.array(self.classes)} | put_under("dense", self.dense.arrays())
        for place, (weights, bias) in enumerate(self.layers):
            own |= {f"weights.{place}": weights, f"bias.{place}": bias}
        return own


class Networks:
    """The family of networks."""

    def fit(self, task: Task, setting: Mapping[str, Any]) -> Network:
        """Fits a network; see `Family`.

        Args:
            task: The fit.
            setting: `width` of the hidden layers, `depth`, `bins` of each number, `rate` of learning at its height,
                `decay` of weights, `dropout`, `epochs` and `steps` at most, `smoothing` of labels.
        """
        dense, matrix = fit_dense(task, bins=int(setting["bins"]))
        layers = _Learning(task, matrix, setting).layers()
        return Network(dense, layers, task.target.classes)

    def read(self, arrays: Mapping[str, npt.NDArray[Any]]) -> Network:
        """See `Family`."""
        weights, bias = under("weights", arrays), under("bias", arrays)
        layers = tuple((weights[str(place)], bias[str(place)]) for place in range(len(weights)))
        return Network(Dense.of_arrays(under("dense", arrays)), layers, int(arrays["classes"]))


class _Learning:
    """One run of Adam with decoupled weight decay and a rate that rises, then falls as a cosine.

    Source:
        Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019.
    """

    def __init__(self, task: Task, matrix: Matrix, setting: Mapping[str, Any]) -> None:
        self._task, self._matrix, self._setting = task, matrix, setting
        self._chance = np.random.default_rng(task.seed)
        target = task.target
        if target.classes:
            smoothing = float(setting.get("smoothing", 0.0))
            hot = (target.values[:, None] == np.arange(target.classes)).astype(np.float32)
            self._truth = hot * np.float32(1 - smoothing) + np.float32(smoothing / target.classes)
        else:
            self._truth = target.values.astype(np.float32)[:, None]
        self._counted = target.weights.astype(np.float32)[:, None]

    def layers(self) -> tuple[tuple[Matrix, Matrix], ...]:
        """Learns, and gives the mean of the weights over the last steps."""
        setting, chance = self._setting, self._chance
        hidden = [int(setting["width"])] * int(setting.get("depth", 2))
        widths = [self._matrix.shape[1], *hidden, self._truth.shape[1]]
        weights = [_first(chance, before, after) for before, after in pairwise(widths)]
        weights[-1] *= np.float32(0.1)
        flat = [*weights, *(np.zeros(after, np.float32) for after in widths[1:])]
        if not self._task.target.classes:
            flat[-1][:] = self._truth.mean()
        momentum, square = [np.zeros_like(each) for each in flat], [np.zeros_like(each) for each in flat]
        steps = list(self._batches())
        for step, rows in enumerate(steps, start=1):
            self._task.pulse()
            gradients = self._gradients(flat, rows)
            rate = float(setting["rate"]) * _pace(step / len(steps))
            for place, gradient in enumerate(gradients):
                momentum[place] += np.float32(1 - FIRST_DECAY) * (gradient - momentum[place])
                square[place] += np.float32(1 - SECOND_DECAY) * (gradient * gradient - square[place])
                first = momentum[place] / np.float32(1 - FIRST_DECAY**step)
                second = np.sqrt(square[place] / np.float32(1 - SECOND_DECAY**step)) + np.float32(1e-8)
                if place < len(weights):
                    flat[place] *= np.float32(1 - rate * float(setting["decay"]))
                flat[place] -= np.float32(rate) * first / second
        half = len(weights)
        return tuple(zip(flat[:half], flat[half:], strict=True))

    def _batches(self) -> Iterator[npt.NDArray[np.int64]]:
        count = len(self._matrix)
        size = min(BATCH, max(16, count // 8))
        epochs = max(1, min(int(self._setting["epochs"]), int(self._setting["steps"]) * size // max(count, 1)))
        for _ in range(epochs):
            order = self._chance.permutation(count)
            yield from (order[start : start + size] for start in range(0, count - size + 1, size))

    def _gradients(self, flat: Sequence[Matrix], rows: npt.NDArray[np.int64]) -> list[Matrix]:
        half = len(flat) // 2
        layers = list(zip(flat[:half], flat[half:], strict=True))
        keep = 1 - float(self._setting.get("dropout", 0.0))
        masks = [
            (self._chance.random((len(rows), len(bias)), dtype=np.float32) < keep).astype(np.float32) / np.float32(keep)
            if keep < 1
            else None
            for _, bias in layers[:-1]
        ]
        seen = _forward(layers, self._matrix[rows], masks)
        scores = seen[-1]
        if self._task.target.classes:
            given = np.exp(scores - scores.max(axis=1, keepdims=True))
            given /= given.sum(axis=1, keepdims=True)
        else:
            given = scores
        slope = (given - self._truth[rows]) * (self._counted[rows] / np.float32(len(rows)))
        weights, biases = [], []
        for place in range(half - 1, -1, -1):
            weights.append(seen[place].T @ slope)
            biases.append(slope.sum(axis=0))
            if place:
                slope = slope @ layers[place][0].T
                mask = masks[place - 1]
                slope *= seen[place] > 0
                if mask is not None:
                    slope *= mask
        return [*weights[::-1], *biases[::-1]]


def _first(chance: np.random.Generator, before: int, after: int) -> Matrix:
    return (chance.standard_normal((before, after), dtype=np.float32) * np.float32(np.sqrt(2 / max(before, 1)))).astype(
        np.float32
    )


def _pace(done: float) -> float:
    return min(done / 0.1, 0.5 * (1 + float(np.cos(np.pi * done))))


def _forward(
    layers: Sequence[tuple[Matrix, Matrix]], matrix: Matrix, masks: Sequence[Matrix | None] | None = None
) -> list[Matrix]:
    """What goes into each layer, and last the scores."""
    seen = [matrix]
    for place, (weights, bias) in enumerate(layers):
        out = seen[-1] @ weights + bias
        if place < len(layers) - 1:
            out = np.maximum(out, 0, dtype=np.float32)
            mask = None if masks is None else masks[place]
            out = out if mask is None else out * mask
        seen.append(out)
    return seen
