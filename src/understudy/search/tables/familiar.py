"""What is familiar of rows: the range of each number and the words of each category among the examples.

A row is a stranger where more than half of what it says lies outside that, or where it says nothing at all. Numbers may
go beyond the examples by as much again as these span; dates, texts and words that differ from row to row are left out,
since new ones are to be expected there.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.modalities.table.cells import Cell, NumberStyle, number_of, present, shown_number, text_of
from understudy.modalities.table.fit import LONGEST, MOST_NAMED, NEAR, short
from understudy.modalities.table.schema import Column, Kind
from understudy.search.strangeness import Limit
from understudy.search.tables.columns import Cells
from understudy.search.tables.encoding import MOST_LEVELS, Encoding

BEYOND: Final = 1.0
"""Of the span of the examples' numbers, how far beyond them one may lie."""
HALF: Final = 0.5
FEW_WORDS: Final = 100
"""Different words of a column up to which a new one is remarked on; of more, new ones are to be expected."""
STRANGE: Final = Limit(0.0, 0.5)
"""What becomes of an answer to a stranger: nothing tells how often its label is right all the same."""

Spans = Mapping[str, tuple[float, float]]
"""By column of numbers, the least and the largest of the examples."""


def spans_of(cells: Cells, columns: Sequence[Column]) -> Spans:
    """The spans of all examples."""
    spans = {}
    for column in columns:
        if column.kind is Kind.NUMBER:
            known = cells.numbers[column.name][np.isfinite(cells.numbers[column.name])]
            if len(known):
                spans[column.name] = float(known.min()), float(known.max())
    return spans


@dataclass(frozen=True)
class Familiar:
    """What is familiar.

    Attributes:
        columns: Those that the model sees.
        spans: By column of numbers, from where to where the examples' lie.
        words: By column of categories, those that are known.
    """

    columns: tuple[Column, ...]
    spans: Spans
    words: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, encoding: Encoding, spans: Spans) -> "Familiar":
        """From what is kept in a model's file."""
        words = {
            name: frozenset(levels)
            for name, levels in encoding.levels.items()
            if name not in encoding.ngrams and len(levels) < MOST_LEVELS
        }
        return cls(encoding.columns, spans, words)

    def stranger(self, cells: Mapping[str, Cell]) -> bool:
        """Whether a row is unlike the examples."""
        told = [column for column in self.columns if present(cells.get(column.name))]
        if not told:
            return bool(self.columns)
        odd = sum(self._odd(column, cells[column.name]) for column in told)
        return odd > HALF * len(told)

    def remarks(self, cells: Mapping[str, Cell]) -> tuple[str, ...]:
        """What a row says that no example comes near to, a sentence each.

        Words of columns with few different ones, and numbers far beyond all others.
        """
        new = list(self._news(cells))
        said = tuple(self._remark(column, cell) for column, cell in new[:MOST_NAMED])
        left = len(new) - MOST_NAMED
        more = "1 more cell is" if left == 1 else f"{left} more cells are"
        return (*said, f"{more} as new to it.") if left > 0 else said

    def new_words(self, cells: Mapping[str, Cell]) -> dict[str, str]:
        """Words that no example had, by their columns, of those with few different ones: they count as not known."""
        return {column.name: text_of(cell) for column, cell in self._news(cells) if column.kind is not Kind.NUMBER}

    def _news(self, cells: Mapping[str, Cell]) -> Iterator[tuple[Column, Cell]]:
        told = ((column, cells.get(column.name)) for column in self.columns)
        return ((column, cell) for column, cell in told if present(cell) and self._new(column, cell))

    def _new(self, column: Column, cell: Cell) -> bool:
        if column.kind is Kind.NUMBER:
            return np.isfinite(_number(column, cell)) and self._odd(column, cell)
        return len(self.words.get(column.name, ())) <= FEW_WORDS and self._odd(column, cell)

    def _remark(self, column: Column, cell: Cell) -> str:
        told = f"{short(column.name)} holds {short(text_of(cell))}"
        if column.kind is Kind.NUMBER:
            low, high = map(shown_number, self.spans[column.name])
            return f"{told}, far beyond all examples ({low if low == high else f'{low} to {high}'})."
        near = difflib.get_close_matches(text_of(cell)[:LONGEST], sorted(self.words[column.name]), 1, NEAR)
        meant = f"; perhaps {short(near[0])} is meant" if near else ""
        return f"{told}, which no example had, so it counts as not known{meant}."

    def _odd(self, column: Column, cell: Cell) -> bool:
        name = column.name
        if column.kind is not Kind.NUMBER:
            return name in self.words and text_of(cell) not in self.words[name]
        low, high = self.spans.get(name, (-np.inf, np.inf))
        beyond = BEYOND * (high - low)
        return not low - beyond <= _number(column, cell) <= high + beyond


def _number(column: Column, cell: Cell) -> float:
    return number_of(cell, NumberStyle(column.decimal))
