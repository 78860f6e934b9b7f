"""Layers of a transformer forwards and backwards, so that examples can change them: in NumPy, without torch.

Every step returns its result and the way back: given how the loss grows with the result, it adds to `into` how the loss
grows with each array and returns how it grows with what the step was given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.text.transformer import AWAY, EPSILON, HEADS, WIDTH

Array = npt.NDArray[np.float32]
Arrays = Mapping[str, Array]
Back = Callable[[Array, dict[str, Array]], Array]

_SIZE = WIDTH // HEADS
_SCALE = np.float32(1 / np.sqrt(_SIZE))
_NEAR: Final = 0.3275911
_SERIES: Final = tuple(
    np.float32(factor / 2) for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
)


@dataclass(frozen=True)
class Texts:
    """Hidden states of several texts, side by side.

    Attributes:
        rows: One row a token, texts one after the other and all filled up to the same length, (n w, 384).
        mask: 1 for tokens, 0 for padding, (n, w).
    """

    rows: Array
    mask: Array

    @classmethod
    def beside(cls, several: Sequence[Array]) -> "Texts":
        """Puts texts of different length, (w_i, 384), beside each other."""
        width = max(len(each) for each in several)
        rows, mask = np.zeros((len(several), width, WIDTH), np.float32), np.zeros((len(several), width), np.float32)
        for place, each in enumerate(several):
            rows[place, : len(each)], mask[place, : len(each)] = each, 1
        return cls(rows.reshape(-1, WIDTH), mask)


def add_layer(texts: Texts, weights: Arrays, name: str) -> tuple[Texts, Back]:
    """One layer, as `transformer.add_transformer` appends it to a graph.

    Args:
        texts: What comes in.
        weights: The arrays by name.
        name: What the names of this layer's arrays begin with, the dot at the end included.
    """
    attended, from_attended = _attention(texts, weights, f"{name}attention.")
    kind = f"{name}attention.output.LayerNorm"
    middle, from_middle = add_standardised(attended + texts.rows, weights, kind)
    inner, from_inner = _dense(middle, weights, f"{name}intermediate.dense")
    bent, from_bent = _gelu(inner)
    outer, from_outer = _dense(bent, weights, f"{name}output.dense")
    rows, from_rows = add_standardised(outer + middle, weights, f"{name}output.LayerNorm")

    def back(slope: Array, into: dict[str, Array]) -> Array:
        last = from_rows(slope, into)
        first = from_middle(from_inner(from_bent(from_outer(last, into), into), into) + last, into)
        return from_attended(first, into) + first

    return Texts(rows, texts.mask), back


def add_mean(texts: Texts) -> tuple[Array, Back]:
    """The mean over each text's tokens, brought to length 1, (n, 384)."""
    count, width = texts.mask.shape
    shares = (texts.mask / texts.mask.sum(axis=1, keepdims=True))[:, None]
    mean = (shares @ texts.rows.reshape(count, width, WIDTH))[:, 0]
    length = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-6))
    unit = mean / length

    def back(slope: Array, into: dict[str, Array]) -> Array:
        del into
        along = (slope * unit).sum(axis=1, keepdims=True)
        tokens: Array = shares.transpose(0, 2, 1) @ ((slope - unit * along) / length)[:, None]
        return tokens.reshape(-1, WIDTH)

    return unit, back


def _attention(texts: Texts, weights: Arrays, name: str) -> tuple[Array, Back]:
    count, width = texts.mask.shape
    away = ((1 - texts.mask) * np.float32(AWAY))[:, None, None]

    def apart(rows: Array) -> Array:
        return rows.reshape(count, width, HEADS, _SIZE).transpose(0, 2, 1, 3)

    def together(heads: Array) -> Array:
        return heads.transpose(0, 2, 1, 3).reshape(-1, WIDTH)

    given = [_dense(texts.rows, weights, f"{name}self.{kind}") for kind in ("query", "key", "value")]
    query, key, value = (apart(rows) for rows, _ in given)
    shares = _softmax(query @ key.swapaxes(2, 3) * _SCALE + away)
    rows, from_rows = _dense(together(shares @ value), weights, f"{name}output.dense")

    def back(slope: Array, into: dict[str, Array]) -> Array:
        mixed = apart(from_rows(slope, into))
        towards = mixed @ value.swapaxes(2, 3)
        scores = shares * (towards - (towards * shares).sum(axis=3, keepdims=True)) * _SCALE
        slopes = scores @ key, scores.swapaxes(2, 3) @ query, shares.swapaxes(2, 3) @ mixed
        parts = [way(together(each), into) for (_, way), each in zip(given, slopes, strict=True)]
        return parts[0] + parts[1] + parts[2]

    return rows, back


def _dense(rows: Array, weights: Arrays, name: str) -> tuple[Array, Back]:
    matrix = weights[f"{name}.weight"]

    def back(slope: Array, into: dict[str, Array]) -> Array:
        _add(into, f"{name}.weight", slope.T @ rows)
        _add(into, f"{name}.bias", slope.sum(axis=0))
        return slope @ matrix

    return rows @ matrix.T + weights[f"{name}.bias"], back


def add_standardised(rows: Array, weights: Arrays, name: str) -> tuple[Array, Back]:
    """Source: Ba et al., Layer normalization (2016)."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    narrow = 1 / np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(EPSILON))
    normal, scale = centred * narrow, weights[f"{name}.weight"]

    def back(slope: Array, into: dict[str, Array]) -> Array:
        _add(into, f"{name}.weight", (slope * normal).sum(axis=0))
        _add(into, f"{name}.bias", slope.sum(axis=0))
        inner = slope * scale
        along = (inner * normal).mean(axis=1, keepdims=True)
        given: Array = (inner - inner.mean(axis=1, keepdims=True) - normal * along) * narrow
        return given

    return normal * scale + weights[f"{name}.bias"], back


def _gelu(rows: Array) -> tuple[Array, Back]:
    """The exact form, as in the graph."""
    share, density = _normal(rows)

    def back(slope: Array, into: dict[str, Array]) -> Array:
        del into
        return slope * (share + rows * density)

    return rows * share, back


def _normal(rows: Array) -> tuple[Array, Array]:
    """The standard normal distribution: its share below each number, right to 3e-7, and its density there.

    Source:
        Abramowitz & Stegun, Handbook of mathematical functions, 7.1.26. In float32 that is as close as SciPy's `ndtr`,
        in a quarter of its time, and the density, which the way back needs, is on the way.
    """
    density = np.square(rows)
    density *= np.float32(-0.5)
    np.exp(density, out=density)
    near = np.abs(rows)
    near *= np.float32(_NEAR * np.sqrt(0.5))
    near += np.float32(1)
    np.divide(np.float32(1), near, out=near)
    tail = np.full_like(rows, _SERIES[0])
    for factor in _SERIES[1:]:
        tail *= near
        tail += factor
    tail *= near
    tail *= density
    np.subtract(np.float32(0.5), tail, out=tail)
    share = np.copysign(tail, rows, out=tail)
    share += np.float32(0.5)
    density *= np.float32(1 / np.sqrt(2 * np.pi))
    return share, density


def _softmax(scores: Array) -> Array:
    grown: Array = np.exp(scores - scores.max(axis=-1, keepdims=True))
    grown /= grown.sum(axis=-1, keepdims=True)
    return grown


def _add(into: dict[str, Array], name: str, slope: Array) -> None:
    if name in into:
        into[name] += slope
    else:
        into[name] = slope
