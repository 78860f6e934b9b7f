"""Columns: facts by name, with their kind inferred from what they hold."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Fact
from understudy.modalities.table.cells import MARKERS

MOSTLY: Final = 0.95
WORDS_OF_TEXT: Final = 3.0
_ID_WORDS: Final = frozenset(
    "id ids uuid guid key number no nr num nummer kennung numero número numéro identifiant identificador codigo código "  # noqa: SIM905
    "codice serial reference ref 番号 编号".split()
)
_TIMES: Final = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%Y")
_ID_SHAPE: Final = re.compile(r"(?=.*\d)[\w./:-]+")

Numbers = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


class ColumnKind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    CATEGORY = "category"
    TEXT = "text"
    TIME = "time"
    ID = "id"
    EMPTY = "empty"


@dataclass(frozen=True)
class Column:
    """One fact of all examples.

    Attributes:
        name: Its name.
        kind: What it holds, as far as its values tell.
        values: As words, or None where missing.
        numbers: As numbers, (n,): of times seconds since 1970; NaN where missing or no number.
        code: Place of each value among `levels`, (n,); -1 where missing.
        levels: The different values, in order.
        markers: What stood where values were missing ("?", or "" for nothing), and how often.
    """

    name: str
    kind: ColumnKind
    values: Sequence[str | None]
    numbers: Numbers
    code: Indices
    levels: tuple[str, ...]
    markers: Mapping[str, int]

    @property
    def missing(self) -> int:
        """How many values are missing."""
        return sum(self.markers.values())

    @property
    def quantity(self) -> bool:
        """Whether its values can be ordered."""
        return self.kind in {ColumnKind.NUMBER, ColumnKind.TIME}


def columns_of(facts: Sequence[Mapping[str, Fact]]) -> tuple[Column, ...]:
    """Turns rows of facts into columns, in the order of their names."""
    return tuple(_column(name, values) for name, values in FactRows.of(facts).columns())


def words_in(name: str) -> list[str]:
    """The words of a column's name, in lower case ("customerID" is "customer" and "id")."""
    apart = re.sub(r"([a-z\d])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3 \2\4", name)
    return re.findall(r"[^\W_]+", apart.lower())


def named_like_id(name: str) -> bool:
    """Whether a column's name says that it only tells rows apart."""
    return not _ID_WORDS.isdisjoint(words_in(name))


def _column(name: str, facts: Sequence[Fact]) -> Column:
    markers: Counter[str] = Counter()
    values: list[str | None] = []
    for fact in facts:
        text = "" if fact is None else fact.strip() if isinstance(fact, str) else _written(fact)
        if text.lower() in MARKERS:
            markers[text] += 1
            values.append(None)
        else:
            values.append(text)
    levels = tuple(sorted({value for value in values if value is not None}))
    place = {level: index for index, level in enumerate(levels)}
    code = np.array([-1 if value is None else place[value] for value in values], np.int64)
    numbers, times = _numbers(levels), None
    if not _mostly(numbers):
        times = _times(levels)
    ordered = times if times is not None else numbers
    spread = np.full(len(values), np.nan)
    there = code >= 0
    if levels:
        spread[there] = ordered[code[there]]
    kind = _kind(name, levels, code, numbers, times)
    return Column(name, kind, values, spread, code, levels, dict(markers))


def _written(number: float) -> str:
    """A number as a person writes it: 3 rather than 3.0."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _kind(name: str, levels: tuple[str, ...], code: Indices, numbers: Numbers, times: Numbers | None) -> ColumnKind:
    present = int((code >= 0).sum())
    if not levels:
        return ColumnKind.EMPTY
    if times is not None:
        return ColumnKind.TIME
    if _mostly(numbers):
        return ColumnKind.ID if _counts_rows(name, numbers, present) else ColumnKind.NUMBER
    sample = levels[:: max(1, len(levels) // 500)]
    words = sum(len(level.split()) for level in sample) / len(sample)
    unique = len(levels) / present
    if words >= WORDS_OF_TEXT and unique > 0.5:
        return ColumnKind.TEXT
    shaped = sum(_ID_SHAPE.fullmatch(level) is not None for level in sample) / len(sample)
    if present >= 20 and unique >= MOSTLY and (shaped >= MOSTLY or named_like_id(name)):
        return ColumnKind.ID
    return ColumnKind.CATEGORY


def _counts_rows(name: str, numbers: Numbers, present: int) -> bool:
    """Whether whole numbers only tell rows apart: nearly all differ, and they are named or dealt out like numbers."""
    found = numbers[np.isfinite(numbers)]
    if present < 20 or len(found) < 20 or not np.array_equal(found, np.floor(found)) or found.min() < 0:
        return False
    unique = len(found) / present
    dealt = (found.max() - found.min()) <= 3 * present
    return (unique >= 0.8 and named_like_id(name)) or (unique >= MOSTLY and bool(dealt))


def _mostly(numbers: Numbers) -> bool:
    return len(numbers) > 0 and bool(np.isfinite(numbers).mean() >= MOSTLY)


def _numbers(levels: Sequence[str]) -> Numbers:
    found = np.full(len(levels), np.nan)
    for place, level in enumerate(levels):
        if "_" in level:  # Python reads “1_000” as a number; whoever filled the table in meant none
            continue
        try:
            found[place] = float(level)
        except ValueError:
            continue
    return np.where(np.isfinite(found), found, np.nan)


def _times(levels: Sequence[str]) -> Numbers | None:
    """Days and moments as seconds since 1970, or None where most values are none."""
    sample = levels[:: max(1, len(levels) // 50)]
    for form in (None, *_TIMES):
        if sum(_moment(level, form) is not None for level in sample) >= MOSTLY * len(sample):
            return np.array([np.nan if (at := _moment(level, form)) is None else at for level in levels])
    return None


def _moment(text: str, form: str | None) -> float | None:
    try:
        at = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)  # noqa: DTZ007
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
