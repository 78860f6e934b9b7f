"""Cells: what a rule of one line can see of an example, and the counts from which it is fitted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from understudy.audit.wording import shortest
from understudy.domain.rule import Fact, Rule, RuleKind, words_of

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

MOST_VALUES: Final = 50
"""A table of more values than this is no rule of one line."""
MOST_THRESHOLDS: Final = 256
MOST_WORDS: Final = 500
FEWEST_TEXTS: Final = 3
"""A word in fewer texts is chance."""
WORDY: Final = 0.2
"""A column holds texts when at least this share of its values have several words."""


class Cells(Protocol):
    """One column, cut into cells."""

    def counted(self, truth: Indices, classes: int, part: Indices, parts: int) -> Counts:
        """Examples by part, cell and label, (parts, cells, k); those whose fact is missing are in none."""
        ...

    def fit(self, counts: Counts, majority: int) -> Indices:
        """What is fitted from the counts of a training set, (cells, k)."""
        ...

    def right(self, fitted: Indices, counts: Counts, majority: int) -> int:
        """How many of the counted examples it gets right."""
        ...

    def answers(self, fitted: Indices, rows: Indices, majority: int) -> Indices:
        """What it answers for examples, (len(rows),)."""
        ...

    def rule(self, fitted: Indices, names: tuple[str, ...], majority: int) -> Rule:
        """The rule that was fitted; its accuracy is not known yet."""
        ...


def _counted(code: Indices, cells: int, truth: Indices, classes: int, part: Indices, parts: int) -> Counts:
    there = code >= 0
    place = (part[there] * cells + code[there]) * classes + truth[there]
    return np.bincount(place, minlength=parts * cells * classes).reshape(parts, cells, classes)


@dataclass(frozen=True)
class ValueCells:
    """A column of few values; each is a cell, and each says its commonest label."""

    column: str
    values: tuple[str, ...]
    code: Indices

    def counted(self, truth: Indices, classes: int, part: Indices, parts: int) -> Counts:  # noqa: D102
        return _counted(self.code, len(self.values), truth, classes, part, parts)

    def fit(self, counts: Counts, majority: int) -> Indices:
        """The label of each cell; of equally common ones, and where nothing was seen, the majority."""
        best = counts.max(axis=1)
        return np.where(counts[:, majority] == best, majority, counts.argmax(axis=1))

    def right(self, fitted: Indices, counts: Counts, majority: int) -> int:  # noqa: D102
        del majority
        return int(counts[np.arange(len(fitted)), fitted].sum())

    def answers(self, fitted: Indices, rows: Indices, majority: int) -> Indices:  # noqa: D102
        code = self.code[rows]
        return np.where(code < 0, majority, fitted[code])

    def rule(self, fitted: Indices, names: tuple[str, ...], majority: int) -> Rule:  # noqa: D102
        said = tuple((value, names[label]) for value, label in zip(self.values, fitted.tolist(), strict=True))
        return Rule(RuleKind.VALUE, self.column, None, "", said, names[majority], 0.0)


@dataclass(frozen=True)
class ThresholdCells:
    """A column of numbers, cut between some of its values; a rule is a cut and a label on each side."""

    column: str
    cuts: npt.NDArray[np.float64]
    code: Indices

    def counted(self, truth: Indices, classes: int, part: Indices, parts: int) -> Counts:  # noqa: D102
        return _counted(self.code, len(self.cuts) + 1, truth, classes, part, parts)

    def fit(self, counts: Counts, majority: int) -> Indices:
        """The best cut, the label below it and the label from it on, (3,); of equal cuts the middle one."""
        del majority
        below = counts.cumsum(axis=0)[:-1]
        above = counts.sum(axis=0)[None] - below
        right = below.max(axis=1) + above.max(axis=1)
        best = np.flatnonzero(right == right.max())
        cut = int(best[len(best) // 2])
        return np.array([cut, below[cut].argmax(), above[cut].argmax()], np.int64)

    def right(self, fitted: Indices, counts: Counts, majority: int) -> int:  # noqa: D102
        del majority
        cut, low, high = fitted.tolist()
        return int(counts[: cut + 1, low].sum() + counts[cut + 1 :, high].sum())

    def answers(self, fitted: Indices, rows: Indices, majority: int) -> Indices:  # noqa: D102
        cut, low, high = fitted.tolist()
        code = self.code[rows]
        return np.where(code < 0, majority, np.where(code > cut, high, low))

    def rule(self, fitted: Indices, names: tuple[str, ...], majority: int) -> Rule:  # noqa: D102
        cut, low, high = fitted.tolist()
        said = (("yes", names[high]), ("no", names[low]))
        return Rule(RuleKind.THRESHOLD, self.column, float(self.cuts[cut]), "", said, names[majority], 0.0)


@dataclass(frozen=True)
class KeywordCells:
    """A column of texts and one word; its cells are texts without it and with it.

    Attributes:
        column: Its name.
        word: In lower case.
        holders: Rows whose text holds the word, rising.
        there: Whether a row has a text at all, (n,).
    """

    column: str
    word: str
    holders: Indices
    there: npt.NDArray[np.bool_]

    def counted(self, truth: Indices, classes: int, part: Indices, parts: int) -> Counts:  # noqa: D102
        place = part * classes + truth
        every = np.bincount(place[self.there], minlength=parts * classes).reshape(parts, classes)
        held = np.bincount(place[self.holders], minlength=parts * classes).reshape(parts, classes)
        return np.stack([every - held, held], axis=1)

    def fit(self, counts: Counts, majority: int) -> Indices:
        """The label of texts without the word and of texts with it, (2,)."""
        best = counts.max(axis=1)
        return np.where(counts[:, majority] == best, majority, counts.argmax(axis=1))

    def right(self, fitted: Indices, counts: Counts, majority: int) -> int:  # noqa: D102
        del majority
        return int(counts[[0, 1], fitted].sum())

    def answers(self, fitted: Indices, rows: Indices, majority: int) -> Indices:  # noqa: D102
        held = np.isin(rows, self.holders)
        return np.where(~self.there[rows], majority, np.where(held, fitted[1], fitted[0]))

    def rule(self, fitted: Indices, names: tuple[str, ...], majority: int) -> Rule:  # noqa: D102
        without, with_it = fitted.tolist()
        said = (("yes", names[with_it]), ("no", names[without]))
        return Rule(RuleKind.KEYWORD, self.column, None, self.word, said, names[majority], 0.0)


def value_cells(column: str, values: Sequence[Fact]) -> ValueCells | None:
    """A column as values, or None where it has one value or too many."""
    often = Counter(str(value) for value in values if value is not None)
    if not 2 <= len(often) <= MOST_VALUES:
        return None
    kept = sorted(often)
    place = {value: index for index, value in enumerate(kept)}
    code = np.array([-1 if value is None else place[str(value)] for value in values], np.int64)
    return ValueCells(column, tuple(kept), code)


def threshold_cells(column: str, values: Sequence[Fact]) -> ThresholdCells | None:
    """A column as numbers, cut at up to `MOST_THRESHOLDS` of its quantiles, or None where it holds too few."""
    numbers = np.array([np.nan if value is None or isinstance(value, str) else float(value) for value in values])
    finite = np.isfinite(numbers)
    levels = every = np.unique(numbers[finite])
    if len(levels) < 2:
        return None
    if len(levels) > MOST_THRESHOLDS:
        levels = np.unique(np.quantile(numbers[finite], np.linspace(0, 1, MOST_THRESHOLDS), method="nearest"))
    # A cut lies at a value, so “from 640 on” says what it means; the least value of all cuts nothing off.
    cuts = cuts_at(levels[1:], every)
    code = np.where(finite, np.searchsorted(cuts, np.where(finite, numbers, 0.0), side="right"), -1).astype(np.int64)
    return ThresholdCells(column, cuts, code)


def cuts_at(values: npt.NDArray[np.float64], every: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cuts in front of some of all values there are, each told in as few digits as set it apart from the next below."""
    places = np.searchsorted(every, values)
    return np.array([shortest(*every[place - 1 : place + 1].tolist()) for place in places], np.float64)


def keyword_cells(column: str, values: Sequence[Fact], truth: Indices, classes: int) -> list[KeywordCells]:
    """The words of a column of texts that tell labels apart best, or nothing where it holds no texts.

    Only a few hundred words are kept, those that a rule would do best with on all examples. Whatever rule is best on
    some of the examples is among them, so keeping no others costs no honesty.
    """
    texts = [value for value in values[:1000] if isinstance(value, str)]
    if not texts or sum(len(text.split()) > 1 for text in texts) < WORDY * len(texts):
        return []
    there = np.array([isinstance(value, str) for value in values])
    holders: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if isinstance(value, str):
            for word in words_of(value):
                holders.setdefault(word, []).append(row)
    every = np.bincount(truth[there], minlength=classes)
    right: dict[str, int] = {}
    for word, rows in holders.items():
        if FEWEST_TEXTS <= len(rows) < len(values):
            held = np.bincount(truth[rows], minlength=classes)
            right[word] = int(held.max() + (every - held).max())
    best = sorted(right, key=lambda word: (-right[word], word))[:MOST_WORDS]
    return [KeywordCells(column, word, np.array(holders[word], np.int64), there) for word in best]
