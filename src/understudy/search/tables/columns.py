"""Rows as columns: what cells say by the schema's kinds, one array a column."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.table.cells import Cell, NumberStyle, moment_of, number_of, present, text_of
from understudy.modalities.table.schema import MEASURED, Column, Kind

Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

REMEMBERED: Final = 10_000
"""Spellings of words that are understood once; beyond so many, few come again, and all of them would fill memory."""
MISSING: Final = -1
"""The code of a missing or unknown word."""


@dataclass(frozen=True)
class Wording:
    """A column of words.

    Attributes:
        codes: Place of each row's word among `levels`, (n,); `MISSING` where there is none.
        levels: The different words.
    """

    codes: Codes
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """Rows of a table as columns.

    Attributes:
        count: Rows.
        numbers: By column that measures, its values, (n,); of dates days since 1970; NaN where missing.
        words: By any other column, its words.
    """

    count: int
    numbers: Mapping[str, Numbers]
    words: Mapping[str, Wording]

    def some(self, rows: npt.NDArray[np.int64]) -> "Cells":
        """The rows with these indices."""
        numbers = {name: values[rows] for name, values in self.numbers.items()}
        words = {name: Wording(each.codes[rows], each.levels) for name, each in self.words.items()}
        return Cells(len(rows), numbers, words)


def cells_of(rows: Iterable[Mapping[str, Cell]], columns: Sequence[Column]) -> Cells:
    """Reads rows into columns. Missing columns are missing values, unknown ones are passed over.

    Args:
        rows: Each its cells by column.
        columns: Those that the model sees.
    """
    readers = [(column.name, _reader(column)) for column in columns]
    count = 0
    for row in rows:
        count += 1
        for name, reader in readers:
            reader.add(row.get(name))
    numbers = {name: reader.values() for name, reader in readers if isinstance(reader, _Numbers)}
    words = {name: reader.values() for name, reader in readers if isinstance(reader, _Words)}
    return Cells(count, numbers, words)


class _Numbers:
    def __init__(self, column: Column) -> None:
        self._style, self._way = NumberStyle(column.decimal), column.way or "iso"
        self._dates = column.kind is Kind.DATE
        self._values = array("d")

    def add(self, cell: Cell) -> None:
        given = moment_of(cell, self._way) if self._dates else number_of(cell, self._style)
        self._values.append(given)

    def values(self) -> Numbers:
        return np.frombuffer(self._values, np.float64) if self._values else np.zeros(0)


class _Words:
    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._codes = array("i")
        self._seen: dict[str, int] = {}

    def add(self, cell: Cell) -> None:
        code = self._seen.get(cell) if isinstance(cell, str) else None
        if code is None:
            word = text_of(cell) if present(cell) else ""
            code = self._places.setdefault(word, len(self._places)) if word else MISSING
            if isinstance(cell, str) and len(self._seen) < REMEMBERED:
                self._seen[cell] = code
        self._codes.append(code)

    def values(self) -> Wording:
        codes = np.frombuffer(self._codes, np.int32) if self._codes else np.zeros(0, np.int32)
        return Wording(codes, tuple(self._places))


def _reader(column: Column) -> "_Numbers | _Words":
    return _Numbers(column) if column.kind in MEASURED else _Words()


def by_frequency(words: Wording, most: int) -> tuple[str, ...]:
    """The commonest words, the commonest first, at most so many."""
    counts = np.bincount(words.codes[words.codes >= 0], minlength=len(words.levels))
    common: Counter[str] = Counter(dict(zip(words.levels, counts.tolist(), strict=True)))
    ranked = sorted((word for word in common if common[word]), key=lambda word: (-common[word], word))
    return tuple(ranked[:most])


def coded(words: Wording, levels: Sequence[str]) -> Codes:
    """The words' places among these levels; `MISSING` for what is none of them."""
    places = {word: place for place, word in enumerate(levels)}
    mapped = np.array([places.get(word, MISSING) for word in words.levels] + [MISSING], np.int32)
    return np.asarray(mapped[words.codes], np.int32)
