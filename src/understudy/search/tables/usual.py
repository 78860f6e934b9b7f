"""What is usual of a table's rows: each column's values, to compare later rows with.

Dates are left out, since time goes on. Of texts it is their length, and how they are worded in a few directions, drawn
by chance, so that no training row had a say in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.launch.usual import MISSING, MOST_INPUTS, MOST_TRAITS, MOST_WORDS, Trait, TraitKind, Usual, word_place
from understudy.modalities.table.schema import Column, Kind
from understudy.search.tables.columns import Cells, Wording, by_frequency
from understudy.search.tables.ngrams import BUCKETS, NGrams

WORDINGS: Final = 6
"""Directions in which a text's wording is looked at."""
LARGEST: Final = 1e30

Numbers = npt.NDArray[np.float64]


def usual_of(cells: Cells, columns: Sequence[Column], groups: npt.NDArray[np.int64], *, seed: int) -> Usual:
    """Traits of some of the rows that are learned from, one of each group.

    Args:
        cells: The training rows.
        columns: Those that the model sees.
        groups: Group of each row.
        seed: Same seed, same rows.
    """
    order = np.random.default_rng(seed).permutation(cells.count)
    firsts = np.sort(np.unique(groups[order], return_index=True)[1])[:MOST_INPUTS]
    kept = _alone(cells.some(np.sort(order[firsts])))
    named = [trait for trait, _ in _traits(kept, columns)][:MOST_TRAITS]
    words = {name: by_frequency(wording, MOST_WORDS) for name, wording in kept.words.items()}
    known = [replace(each, words=words[each.name]) if each.kind is TraitKind.WORD else each for each in named]
    return Usual(tuple(known), traits_of(kept, columns))


def traits_of(cells: Cells, columns: Sequence[Column]) -> npt.NDArray[np.float32]:
    """The traits of rows, (n, traits), in the order in which `usual_of` names them."""
    found = [values for _, values in _traits(cells, columns)][:MOST_TRAITS]
    whole = np.column_stack(found) if found else np.zeros((cells.count, 0))
    return np.asarray(whole, np.float32)


def _traits(cells: Cells, columns: Sequence[Column]) -> Iterator[tuple[Trait, Numbers]]:
    for column in columns:
        name = column.name
        if column.kind is Kind.NUMBER:
            values = cells.numbers[name]
            known = np.where(np.isfinite(values), np.clip(values, -LARGEST, LARGEST), MISSING)
            yield Trait(name, TraitKind.NUMBER), known
        elif column.kind is Kind.TEXT:
            yield from _texts(name, cells.words[name])
        elif column.kind is not Kind.DATE:
            words = cells.words[name]
            yield Trait(name, TraitKind.WORD), _looked_up(words, [word_place(word) for word in words.levels])


def _alone(cells: Cells) -> Cells:
    """The same rows without words that none of them has."""
    words = {}
    for name, each in cells.words.items():
        used, codes = np.unique(each.codes[each.codes >= 0], return_inverse=True)
        own = np.full(cells.count, -1, np.int32)
        own[each.codes >= 0] = codes
        words[name] = Wording(own, tuple(each.levels[place] for place in used))
    return Cells(cells.count, cells.numbers, words)


def _texts(name: str, texts: Wording) -> Iterator[tuple[Trait, Numbers]]:
    lengths = [float(len(text)) for text in texts.levels]
    yield Trait(f"length of {name}", TraitKind.NUMBER), _looked_up(texts, lengths)
    worded = _directions().numbers(texts.levels)
    for place in range(WORDINGS):
        yield Trait(name, TraitKind.FEATURE), _looked_up(texts, worded[:, place].tolist())


def _looked_up(words: Wording, values: Sequence[float]) -> Numbers:
    """The value of each row's word."""
    return np.array([*values, MISSING])[words.codes]


@cache
def _directions() -> NGrams:
    """Always the same: by them rows are compared that different processes look at."""
    drawn = np.random.default_rng(0).normal(size=(BUCKETS, WORDINGS))
    return NGrams(np.ones(BUCKETS, np.float32), drawn.astype(np.float32))
