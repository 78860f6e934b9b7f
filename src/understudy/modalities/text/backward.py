"""Layers of a transformer forwards and backwards, so that examples can change them: in NumPy, without torch.

Every step returns its result and the way back: given how the loss grows with the result, it adds to `into` how the loss
grows with each array and returns how it grows with what the step was given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.text.transformer import EPSILON, HEADS, WIDTH

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
    """Hidden states of several texts, one after the other.

    Attributes:
        rows: One row a token, (tokens, 384).
        lengths: Tokens of each text, (n,).
    """

    rows: Array
    lengths: npt.NDArray[np.int64]

    @classmethod
    def beside(cls, several: Sequence[Array]) -> "Texts":
        """Puts texts, (w_i, 384), one after the other."""
        return cls(np.concatenate(several), np.array([len(each) for each in several]))

    @property
    def parts(self) -> list[slice]:
        """Where in `rows` each text is."""
        ends = np.cumsum(self.lengths).tolist()
        return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


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

    return Texts(rows, texts.lengths), back


def add_mean(texts: Texts) -> tuple[Array, Back]:
    """The mean over each text's tokens, brought to length 1, (n, 384)."""
    counts = texts.lengths[:, None].astype(texts.rows.dtype)
    mean = np.stack([texts.rows[part].sum(axis=0) for part in texts.parts]) / counts
    length = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), np.float32(1e-6))
    unit = mean / length

    def back(slope: Array, into: dict[str, Array]) -> Array:
        del into
        along = (slope * unit).sum(axis=1, keepdims=True)
        return np.repeat((slope - unit * along) / (length * counts), texts.lengths, axis=0)

    return unit, back


def _attention(texts: Texts, weights: Arrays, name: str) -> tuple[Array, Back]:
    given = [_dense(texts.rows, weights, f"{name}self.{kind}") for kind in ("query", "key", "value")]
    queries, keys, values = (rows for rows, _ in given)
    mixed, ways = np.empty_like(texts.rows), []
    for part in texts.parts:
        mixed[part], way = _mixed(queries[part], keys[part], values[part])
        ways.append(way)
    rows, from_rows = _dense(mixed, weights, f"{name}output.dense")

    def back(slope: Array, into: dict[str, Array]) -> Array:
        towards = from_rows(slope, into)
        slopes = [np.empty_like(towards) for _ in given]
        for part, way in zip(texts.parts, ways, strict=True):
            for whole, own in zip(slopes, way(towards[part]), strict=True):
                whole[part] = own
        parts = [way(each, into) for (_, way), each in zip(given, slopes, strict=True)]
        return parts[0] + parts[1] + parts[2]

    return rows, back


def _mixed(query: Array, key: Array, value: Array) -> tuple[Array, Callable[[Array], tuple[Array, Array, Array]]]:
    """The values of one text's tokens, mixed as each head attends to them, (w, 384)."""
    query, key, value = (_heads(each) for each in (query, key, value))
    shares = _softmax(query @ key.swapaxes(1, 2) * _SCALE)

    def back(slope: Array) -> tuple[Array, Array, Array]:
        mixed = _heads(slope)
        towards = mixed @ value.swapaxes(1, 2)
        scores = shares * (towards - (towards * shares).sum(axis=2, keepdims=True)) * _SCALE
        slopes = scores @ key, scores.swapaxes(1, 2) @ query, shares.swapaxes(1, 2) @ mixed
        return _together(slopes[0]), _together(slopes[1]), _together(slopes[2])

    return _together(shares @ value), back


def _heads(rows: Array) -> Array:
    """What each head sees, (heads, w, 32)."""
    return rows.reshape(-1, HEADS, _SIZE).swapaxes(0, 1)


def _together(heads: Array) -> Array:
    return heads.swapaxes(0, 1).reshape(-1, WIDTH)


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
