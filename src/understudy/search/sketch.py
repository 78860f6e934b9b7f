"""Sketches: few numbers that tell whether arrays are still what they were, without keeping the arrays."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understudy.modalities.protocol import Array

SUMS: Final = 16
MOST: Final = 2**16
"""Numbers of an array that are looked at, drawn by chance from more: of three photos all of them take 160 ms."""
ALLOWED: Final = 0.01
"""How far measures and pixels may be off, as a share of their size: decoders and processors differ in the last bits."""


@dataclass(frozen=True)
class Sketch:
    """What is kept of an array.

    Attributes:
        kind: Its number format ("float32").
        shape: Its lengths.
        size: The root of its numbers' mean square.
        sums: Of its numbers with signs drawn by chance, each in one of `SUMS` sums, divided by the root of their count.
    """

    kind: str
    shape: tuple[int, ...]
    size: float
    sums: tuple[float, ...]

    @classmethod
    def of(cls, array: Array) -> "Sketch":
        """Sketches an array of numbers.

        The squared distance between two arrays' sums is on average the mean square of their differences.

        Source:
            Charikar, Chen & Farach-Colton, "Finding frequent items in data streams", ICALP 2002.
        """
        numbers = array.reshape(-1)
        if array.size > MOST:
            numbers = numbers[(_drawn(MOST) % np.uint64(array.size)).astype(np.int64)]
        signed = np.zeros(-(-numbers.size // SUMS) * SUMS)
        signed[: numbers.size] = numbers
        count = max(numbers.size, 1)
        size = math.sqrt(float(signed @ signed) / count)
        sums = (signed * _signs(signed.size)).reshape(-1, SUMS).sum(axis=0) / math.sqrt(count)
        return cls(str(array.dtype), array.shape, size, tuple(float(each) for each in sums))

    def gap(self, other: "Sketch") -> float:
        """How far apart two arrays of one shape are, as a share of the larger one's size."""
        apart = math.dist(self.sums, other.sums)
        return apart / max(self.size, other.size) if apart else 0.0

    @property
    def allowed(self) -> float:
        """The largest gap to an array that counts as the same: of whole numbers that name something, hardly any."""
        measured = self.kind.startswith("float") or self.kind == "uint8"
        return ALLOWED if measured else ALLOWED**4

    def to_json(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"kind": self.kind, "shape": list(self.shape), "size": self.size, "sums": list(self.sums)}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Sketch":
        """Reads what `to_json` wrote.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        shape, sums = tuple(int(length) for length in given["shape"]), tuple(float(each) for each in given["sums"])
        if len(sums) != SUMS:
            raise ValueError(f"{len(sums)} sums instead of {SUMS}")
        return cls(str(given["kind"]), shape, float(given["size"]), sums)


def sketched(arrays: Mapping[str, Array]) -> dict[str, Sketch]:
    """Sketches of arrays by name."""
    return {name: Sketch.of(array) for name, array in arrays.items()}


def what_differs(now: Mapping[str, Sketch], before: Mapping[str, Sketch]) -> str:
    """What of some arrays is no longer as it was, in words ("“vibration” is 1 x 5 x 9 instead of 1 x 8 x 9"); or ""."""
    for name in sorted(now.keys() | before.keys()):
        if name not in now or name not in before:
            return f"“{name}” is {'new' if name in now else 'missing'}"
        is_, was = now[name], before[name]
        if (is_.kind, is_.shape) != (was.kind, was.shape):
            return f"“{name}” is {_form(is_, was)} instead of {_form(was, is_)}"
        if not is_.gap(was) <= was.allowed:
            return f"“{name}” is off by {is_.gap(was):.2%}"
    return ""


def _form(one: Sketch, other: Sketch) -> str:
    return " x ".join(map(str, one.shape)) if one.shape != other.shape else one.kind


def _signs(count: int) -> Array:
    bits = np.unpackbits(_drawn(-(-count // 64)).astype("<u8").view(np.uint8), count=count)
    return np.asarray(1 - 2 * bits.astype(np.float64))


def _drawn(count: int) -> Array:
    """The same always: a generator's own bits, which NumPy promises not to change."""
    return np.asarray(np.random.PCG64(0).random_raw(count))
