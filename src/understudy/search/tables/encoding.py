"""Columns as numbers and codes for candidates; learned from cells alone, never from what is to be answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.modalities.table.schema import MEASURED, Column, Kind
from understudy.search.tables.columns import MISSING, Cells, Wording, by_frequency, coded
from understudy.search.tables.dates import CYCLES, parts_of
from understudy.search.tables.ngrams import KEPT, NGrams, fit_ngrams

Matrix = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int32]

MOST_LEVELS: Final = 20_000
"""Words of a column that are told apart; rarer ones count as unknown."""
LARGEST: Final = 1e30
"""Numbers beyond are taken for this: 32 bits hold no difference of much larger ones."""
DIRTY_LEVELS: Final = 30
"""Different words from which they are also read as text, since some may be the same thing written otherwise."""
DIRTY_LENGTH: Final = 6.0
"""Mean characters of a word from which that pays."""


@dataclass(frozen=True)
class Feature:
    """One number or code that candidates see.

    Attributes:
        name: Unique.
        column: The column it comes from.
        monotone: As in `Column`.
        trees_only: It says nothing that a straight line could use.
        worded: It is one of the many that a text was brought to: its fine steps mean little, and looking at all of them
            takes most of the time.
    """

    name: str
    column: str
    monotone: int = 0
    trees_only: bool = False
    worded: bool = False


@dataclass(frozen=True)
class Encoded:
    """Rows as candidates see them.

    Attributes:
        numbers: (n, p); NaN where missing.
        codes: (n, q); `MISSING` where missing or unknown.
    """

    numbers: Matrix
    codes: Codes

    def __len__(self) -> int:
        return len(self.numbers)

    def some(self, rows: npt.NDArray[np.int64]) -> "Encoded":
        """The rows with these indices."""
        return Encoded(self.numbers[rows], self.codes[rows])

    @classmethod
    def together(cls, parts: Sequence["Encoded"]) -> "Encoded":
        """Puts rows behind one another."""
        return cls(np.concatenate([each.numbers for each in parts]), np.concatenate([each.codes for each in parts]))


@dataclass
class Encoding:
    """How cells become numbers and codes.

    Attributes:
        columns: Those that the model sees.
        levels: By column of words, the words that are told apart, commonest first.
        ngrams: By column that is read as text, how.
        parts: By column of dates, the parts that differ; of one with a direction, the days alone.
        centres: By column that measures, what is taken off its numbers, in 64 bits: 32 of them hold few differences
            between numbers that all lie far from 0. Columns that need none are not named.
        numbers: What the numbers are.
        codes: What the codes are.
        sizes: How many different codes each has.
    """

    columns: tuple[Column, ...]
    levels: dict[str, tuple[str, ...]]
    ngrams: dict[str, NGrams]
    parts: dict[str, tuple[str, ...]]
    centres: dict[str, float]
    numbers: tuple[Feature, ...] = ()
    codes: tuple[Feature, ...] = ()
    sizes: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        self.numbers = tuple(self._numbers())
        codes = list(self._codes())
        self.codes = tuple(feature for feature, _ in codes)
        self.sizes = tuple(size for _, size in codes)

    def encoded(self, cells: Cells) -> Encoded:
        """What candidates see of some rows."""
        numbers: list[Matrix] = []
        codes: list[Codes] = []
        for column in self.columns:
            name = column.name
            if column.kind is Kind.NUMBER:
                numbers.append(_single(cells.numbers[name], self.centres.get(name, 0.0)))
            elif column.kind is Kind.DATE:
                parts = parts_of(cells.numbers[name])
                centres = {"days": self.centres.get(name, 0.0)}
                numbers += [_single(parts[part], centres.get(part, 0.0)) for part in self.parts[name]]
                codes += [_cycle(parts[part]) for part in self.parts[name] if part in CYCLES]
            if name in self.levels:
                codes.append(coded(cells.words[name], self.levels[name])[:, None])
            if name in self.ngrams:
                numbers.append(_read(cells.words[name], self.ngrams[name]))
        return Encoded(_beside(numbers, cells.count, np.float32), _beside(codes, cells.count, np.int32))

    def _numbers(self) -> Iterable[Feature]:
        for column in self.columns:
            name = column.name
            if column.kind is Kind.NUMBER:
                yield Feature(name, name, column.monotone)
            elif column.kind is Kind.DATE:
                for part in self.parts[name]:
                    yield Feature(f"{name}: {part}", name, column.monotone, part in CYCLES)
            if name in self.ngrams:
                for each in self.ngrams[name].names:
                    yield Feature(f"{name}: {each}", name, worded=True)

    def _codes(self) -> Iterable[tuple[Feature, int]]:
        for column in self.columns:
            name = column.name
            if column.kind is Kind.DATE:
                for part in self.parts[name]:
                    if part in CYCLES:
                        yield Feature(f"{name}: {part} by name", name), CYCLES[part] + 1
            if name in self.levels:
                yield Feature(name, name), len(self.levels[name])

    def to_json(self) -> dict[str, Any]:
        """All of it but arrays, ready for JSON."""
        return {
            "levels": {name: list(words) for name, words in self.levels.items()},
            "parts": {name: list(parts) for name, parts in self.parts.items()},
            "centres": self.centres,
            "texts": sorted(self.ngrams),
        }

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Its arrays, by name."""
        order = sorted(self.ngrams)
        return {
            f"{order.index(name)}.{key}": array for name in order for key, array in self.ngrams[name].arrays().items()
        }

    @classmethod
    def of_json(
        cls, columns: Sequence[Column], given: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]
    ) -> "Encoding":
        """Reads what `to_json` and `arrays` gave.

        Raises:
            KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
        """
        ngrams = {
            str(name): NGrams.of_arrays({key: arrays[f"{place}.{key}"] for key in KEPT})
            for place, name in enumerate(given["texts"])
        }
        levels = {str(name): tuple(str(word) for word in words) for name, words in given["levels"].items()}
        parts = {name: tuple(each) for name, each in given["parts"].items()}
        centres = {str(name): float(centre) for name, centre in given["centres"].items()}
        return cls(tuple(columns), levels, ngrams, parts, centres)


def fit_encoding(cells: Cells, columns: Sequence[Column], *, seed: int) -> Encoding:
    """Learns how cells become numbers and codes.

    Args:
        cells: The training rows.
        columns: Those that the model sees.
        seed: Of what is approximate.
    """
    levels: dict[str, tuple[str, ...]] = {}
    ngrams: dict[str, NGrams] = {}
    parts: dict[str, tuple[str, ...]] = {}
    centres: dict[str, float] = {}
    for column in columns:
        name = column.name
        if column.kind in MEASURED and (centre := _centre(cells.numbers[name])):
            centres[name] = centre
        if column.kind is Kind.DATE:
            # The other parts come round again, so what they say would rise and fall with time.
            parts[name] = ("days",) if column.monotone else _differing(cells.numbers[name])
        elif column.kind is not Kind.NUMBER:
            words = by_frequency(cells.words[name], MOST_LEVELS)
            if column.kind is not Kind.TEXT:
                levels[name] = words
            if _wordy(column, words):
                ngrams[name] = fit_ngrams(words, seed=seed)
    return Encoding(tuple(columns), levels, ngrams, parts, centres)


def _wordy(column: Column, words: Sequence[str]) -> bool:
    if len(words) < 2:
        return False
    length = sum(len(word) for word in words) / len(words)
    return column.kind is Kind.TEXT or (len(words) >= DIRTY_LEVELS and length >= DIRTY_LENGTH)


def _differing(days: npt.NDArray[np.float64]) -> tuple[str, ...]:
    known = days[np.isfinite(days)]
    if not len(known):
        return ("days",)
    return tuple(part for part, values in parts_of(known).items() if values.min() < values.max()) or ("days",)


def _centre(values: npt.NDArray[np.float64]) -> float:
    """A number in the midst of those that differ, where more of them are told apart once it is taken off; else 0."""
    known = np.unique(_held(values[np.isfinite(values)]))
    plain = _told_apart(known)
    if plain == len(known):
        return 0.0
    middle = float(known[len(known) // 2])
    return middle if _told_apart(known - middle) > plain else 0.0


def _told_apart(rising: npt.NDArray[np.float64]) -> int:
    """How many of the numbers differ in 32 bits."""
    return 1 + int(np.count_nonzero(np.diff(rising.astype(np.float32)))) if len(rising) else 0


def _held(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.clip(values, -LARGEST, LARGEST)


def _single(values: npt.NDArray[np.float64], centre: float) -> Matrix:
    kept = np.where(np.isfinite(values), _held(values) - centre, np.nan)
    return np.asarray(kept, np.float32)[:, None]


def _cycle(values: npt.NDArray[np.float64]) -> Codes:
    return np.where(np.isfinite(values), np.nan_to_num(values), MISSING).astype(np.int32)[:, None]


def _read(words: Wording, ngrams: NGrams) -> Matrix:
    used, place = np.unique(words.codes, return_inverse=True)
    known = ngrams.numbers([words.levels[code] for code in used if code >= 0])
    missing = np.full((int((used < 0).sum()), len(ngrams.names)), np.nan, np.float32)
    return np.concatenate([missing, known])[place]


def _beside(parts: Sequence[npt.NDArray[Any]], count: int, kind: type[Any]) -> npt.NDArray[Any]:
    return np.concatenate(parts, axis=1) if parts else np.zeros((count, 0), kind)
