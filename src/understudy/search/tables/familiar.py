"""What is familiar of rows: the range of each number and the words of each category among the examples.

A row is a stranger where more than half of what it says lies outside that, or where it says nothing at all. Numbers may
go beyond the examples by as much again as these span; dates, texts and words that differ from row to row are left out,
since new ones are to be expected there.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from understudy.modalities.table.cells import Cell, NumberStyle, number_of, present, text_of
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
        ranges: By column of numbers, from where to where they may lie.
        words: By column of categories, those that are known.
    """

    columns: tuple[Column, ...]
    ranges: Mapping[str, tuple[float, float]]
    words: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, encoding: Encoding, spans: Spans) -> "Familiar":
        """From what is kept in a model's file."""
        words = {
            name: frozenset(levels)
            for name, levels in encoding.levels.items()
            if name not in encoding.ngrams and len(levels) < MOST_LEVELS
        }
        ranges = {
            name: (low - BEYOND * (high - low), high + BEYOND * (high - low)) for name, (low, high) in spans.items()
        }
        return cls(encoding.columns, ranges, words)

    def stranger(self, cells: Mapping[str, Cell]) -> bool:
        """Whether a row is unlike the examples."""
        told = [column for column in self.columns if present(cells.get(column.name))]
        if not told:
            return bool(self.columns)
        odd = sum(self._odd(column, cells[column.name]) for column in told)
        return odd > HALF * len(told)

    def remarks(self, cells: Mapping[str, Cell]) -> tuple[str, ...]:
        """What a row says in words that no example had, a sentence each; of columns with few different words."""
        new = list(self.new_words(cells).items())
        told = tuple(self._remark(name, word) for name, word in new[:MOST_NAMED])
        left = len(new) - MOST_NAMED
        return (*told, f"{left} more words are new, and count as not known.") if left > 0 else told

    def new_words(self, cells: Mapping[str, Cell]) -> dict[str, str]:
        """Words that no example had, by their columns, of those with few different ones: they count as not known."""
        words = ((column.name, cells.get(column.name)) for column in self.columns if column.name in self.words)
        return {name: text_of(cell) for name, cell in words if present(cell) and self._new(name, text_of(cell))}

    def _new(self, name: str, word: str) -> bool:
        return len(self.words[name]) <= FEW_WORDS and word not in self.words[name]

    def _remark(self, name: str, word: str) -> str:
        near = difflib.get_close_matches(word[:LONGEST], sorted(self.words[name]), 1, NEAR)
        meant = f"; perhaps {short(near[0])} is meant" if near else ""
        return f"{short(name)} holds {short(word)}, which no example had, so it counts as not known{meant}."

    def _odd(self, column: Column, cell: Cell) -> bool:
        name = column.name
        if column.kind is Kind.NUMBER:
            low, high = self.ranges.get(name, (-np.inf, np.inf))
            number = number_of(cell, NumberStyle(column.decimal))
            return not low <= number <= high
        return name in self.words and text_of(cell) not in self.words[name]
