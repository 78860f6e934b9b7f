"""Rows: a view's features, standardised and turned to few dimensions, in memory or on disk."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import scipy

Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]
Read = Callable[[Indices], Matrix]
Chunks = Iterable[tuple[Indices, Matrix]]
"""Rows with their indices, to be run through as often as needed."""

MAX_DIMENSIONS = 1024
SAMPLE = 2048
"""Rows from which the turning is learned (32 MB); all of them where there are fewer."""
CHUNK = 1024
IN_MEMORY = 8192
"""Rows up to which the turned matrix stays in memory (at most 32 MB a view); more are kept in a file."""
DENSE = 6
"""Reading so many times the rows that are wanted is quicker than looking for each."""
_FLAT = 1e-6


@dataclass(frozen=True)
class Turning:
    """Standardises features and turns them into few dimensions, so that a row's mean squared length is about 1.

    Attributes:
        mean: (d,)
        scale: (d,), by which centred features are multiplied.
        basis: (d, r), orthonormal columns.
    """

    mean: Matrix
    scale: Matrix
    basis: Matrix

    def __call__(self, features: Matrix) -> Matrix:
        """Turns (n, d) into (n, r)."""
        return np.asarray(((features - self.mean) * self.scale) @ self.basis, np.float32)


def learn_turning(read: Read, count: int, *, seed: int, standardised: bool = True) -> Turning:
    """Learns the turning from features alone; labels play no part.

    Args:
        read: Returns features.
        count: Examples.
        seed: Same seed, same sample.
        standardised: Bring every column to the same deviation; else all are scaled alike.

    Up to `SAMPLE` rows no distance between rows is lost (as many dimensions as rows, at most `MAX_DIMENSIONS`).
    """
    rng = np.random.default_rng(seed)
    sample = read(np.sort(rng.choice(count, SAMPLE, replace=False)) if count > SAMPLE else np.arange(count))
    mean, deviation = _moments(sample)
    scale = _scale(deviation, standardised=standardised)
    sample -= mean
    sample *= scale
    return Turning(mean, scale, _basis(sample))


def _scale(deviation: Matrix, *, standardised: bool) -> Matrix:
    """By which centred columns are multiplied, so that a row's mean squared length is about 1."""
    width, spread = len(deviation), float(np.sqrt((deviation.astype(np.float64) ** 2).sum()))
    if not standardised:
        return np.full(width, 1 / spread if spread > _FLAT else 0, np.float32)
    scale = np.where(deviation > _FLAT, 1 / np.maximum(deviation, _FLAT), 0) / np.sqrt(width)
    return np.asarray(scale, np.float32)


def _moments(sample: Matrix) -> tuple[Matrix, Matrix]:
    """Mean and standard deviation of each column, in double precision though never of the whole at once."""
    mean = sample.mean(axis=0, dtype=np.float64)
    squares = np.zeros_like(mean)
    for rows in _chunks(np.arange(len(sample))):
        squares += ((sample[rows] - mean) ** 2).sum(axis=0)
    return mean.astype(np.float32), np.sqrt(squares / len(sample)).astype(np.float32)


def _basis(standard: Matrix) -> Matrix:
    """The directions in which the sample spreads most, (d, r), from the products of its rows or columns: the fewer."""
    rows, columns = standard.shape
    products = standard @ standard.T if rows < columns else standard.T @ standard
    largest = (max(len(products) - MAX_DIMENSIONS, 0), len(products) - 1)
    values, vectors = scipy.linalg.eigh(products, subset_by_index=largest, overwrite_a=True, check_finite=False)
    kept = np.flatnonzero(values > max(values.max(), 0) * _FLAT)[::-1]
    if not len(kept):
        return np.eye(columns, 1, dtype=np.float32)
    turned = standard.T @ (vectors[:, kept] / np.sqrt(values[kept])) if rows < columns else vectors[:, kept]
    return np.ascontiguousarray(turned, np.float32)


class Rows:
    """The turned rows of all training examples."""

    def __init__(self, count: int, width: int, held: Matrix | None, file: Path | None) -> None:
        self.count, self.width = count, width
        self._held, self._file = held, file

    @classmethod
    def turned(cls, read: Read, count: int, turning: Turning, scratch: Path) -> "Rows":
        """Turns every row, in chunks; a large matrix goes to the file `scratch`."""
        width = turning.basis.shape[1]
        if count <= IN_MEMORY:
            chunks = [turning(read(rows)) for rows in _chunks(np.arange(count))]
            return cls(count, width, np.concatenate(chunks), None)
        with scratch.open("wb") as file:
            for rows in _chunks(np.arange(count)):
                file.write(np.ascontiguousarray(turning(read(rows)), np.float32).tobytes())
        return cls(count, width, None, scratch)

    def remove(self) -> None:
        """Removes the file, if there is one; the rows cannot be read after that."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)

    def take(self, indices: Indices) -> Matrix:
        """Rows by sorted index, (len(indices), width)."""
        if self._held is not None:
            return self._held[indices]
        assert self._file is not None  # noqa: S101 - one of the two is always there
        return _read_rows(self._file, indices, self.width)

    def chunks(self, indices: Indices) -> Chunks:
        """The rows of sorted `indices` in bounded memory, to be run through as often as needed."""
        if self._held is not None:
            return [(indices, self._held[indices])]
        return _StoredChunks(self, indices)


@dataclass(frozen=True)
class _StoredChunks:
    """Rows that are read anew each time they are run through."""

    rows: Rows
    indices: Indices

    def __iter__(self) -> Iterator[tuple[Indices, Matrix]]:
        for part in _chunks(self.indices):
            yield part, self.rows.take(part)


def _read_rows(path: Path, indices: Indices, width: int) -> Matrix:
    """Reads sorted rows: in one stretch where much of it is wanted, else run by run of neighbours."""
    if not len(indices):
        return np.empty((0, width), np.float32)
    stretch = int(indices[-1] - indices[0]) + 1
    with path.open("rb", buffering=0) as file:
        if stretch <= DENSE * len(indices):
            wanted: Matrix = _read_run(file, int(indices[0]), stretch, width)[indices - indices[0]]
            return wanted
        cuts = np.flatnonzero(np.diff(indices) != 1) + 1
        return np.concatenate([_read_run(file, int(run[0]), len(run), width) for run in np.split(indices, cuts)])


def _read_run(file: IO[bytes], start: int, count: int, width: int) -> Matrix:
    file.seek(start * width * 4)
    rows: Matrix = np.fromfile(file, np.float32, count * width).reshape(count, width)
    return rows


def _chunks(indices: Indices) -> Iterator[Indices]:
    for start in range(0, len(indices), CHUNK):
        yield indices[start : start + CHUNK]
