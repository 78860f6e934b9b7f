"""Which columns of a table say who, what, when and how liked: by their names, else by their shape."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.modalities.interactions.cells import moments, plain_number
from understudy.modalities.table.cells import is_month

_WORDS: Final = {
    "who": "who user customer client member visitor person reader viewer listener consumer buyer account shopper "
    "patient student player guest subscriber reviewer household session uid",
    "what": "what item product movie film place book song track article restaurant show game course recipe dish sku "
    "isbn asin title artist video page offer service material document iid",
    "when": "when timestamp time datetime date ts unixtime created createdat at day purchased ordered month monat",
    "rating": "rating ratings stars score value rate preference feedback grade liked",
}
"""Usual names of columns, by what they say."""
_MOSTLY: Final = 0.5
"""Share of a column's cells that are dates from which it says when: from there on times are used."""
_MONTHS: Final = frozenset({"month", "monat"})
_NO_YEAR: Final = 100
"""Months below it, such as those from 1 to 12, say no year, so their order is not that of time."""
_ENDINGS: Final = ("identifier", "number", "name", "code", "key", "id", "no", "nr")


class ColumnsUnclear(UnderstudyError):
    """The columns do not say which is which, or one that was named is not there."""


@dataclass(frozen=True)
class Columns:
    """Columns by what they say; None is to be found, or is not there.

    Attributes:
        who: Whose interaction a row is.
        what: The item.
        when: The time.
        rating: How it was liked.
    """

    who: str | None = None
    what: str | None = None
    when: str | None = None
    rating: str | None = None


def find_columns(header: Sequence[str], sample: Sequence[Mapping[str, str]], wanted: Columns) -> Columns:
    """Finds what was not named.

    Args:
        header: All columns, in order.
        sample: Some rows, by column.
        wanted: What a person named; "" says that there is no such column.

    Raises:
        ColumnsUnclear: A named column is missing, or nothing tells who or what.
    """
    named = [each for each in (wanted.who, wanted.what, wanted.when, wanted.rating) if each]
    missing = [each for each in named if each not in header]
    if missing:
        raise _unclear(f"The table has no column “{missing[0]}”.", header)
    left = [column for column in header if column not in named]
    found: dict[str, str | None] = {}
    months = [column for column in left if not _MONTHS.isdisjoint(_plain(column))]
    yearless = {column for column in months if _say_no_year([row.get(column, "") for row in sample])}
    for part, usual in _WORDS.items():
        given, may = getattr(wanted, part), [each for each in left if part != "when" or each not in yearless]
        found[part] = given if given is not None else _by_name(may, usual.split())
        left = [column for column in left if column != found[part]]
    found = _by_shape(found, left, sample, asked_when=wanted.when is None)
    if not found["who"] or not found["what"]:
        lacking = "who took something" if not found["who"] else "what was taken"
        raise _unclear(f"No column of the table says {lacking}.", header)
    return Columns(found["who"], found["what"], found["when"] or None, found["rating"] or None)


def _by_name(columns: Sequence[str], usual: Sequence[str]) -> str | None:
    """The column whose name is a usual one; of several, the usual one named first."""
    plain = [(column, _plain(column)) for column in columns]
    for name in usual:
        for column, (whole, stem) in plain:
            if name in (whole, stem):
                return column
    return None


def _plain(column: str) -> tuple[str, str]:
    """A column's name in small letters alone, and without an ending such as "id" or plural "s"."""
    whole = re.sub(r"[^a-z0-9]", "", column.lower())
    stem = whole
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) > len(ending):
            stem = stem[: -len(ending)]
            break
    return whole, stem.removesuffix("s") if len(stem) > 3 else stem


def _by_shape(
    found: dict[str, str | None], left: Sequence[str], sample: Sequence[Mapping[str, str]], *, asked_when: bool
) -> dict[str, str | None]:
    """Fills who and what from columns that repeat, and when from one that holds dates."""
    found = dict(found)
    rest = list(left)
    if asked_when and found["when"] is None:
        dated = [each for each in rest if _share(moments([row.get(each, "") for row in sample])) > _MOSTLY]
        dated = [each for each in dated if not _count([row.get(each, "") for row in sample])]
        found["when"] = dated[0] if dated else None
        rest = [each for each in rest if each != found["when"]]
    repeating = [each for each in rest if _repeats([row.get(each, "") for row in sample])]
    for part in ("who", "what"):
        if found[part] is None and len(repeating) == (2 if not found["who"] and not found["what"] else 1):
            found[part] = repeating.pop(0)
    return found


def _count(cells: Sequence[str]) -> bool:
    """Whether a column holds numbers; months before their year, such as 3.2024, are none."""
    found = [None if is_month(cell) else plain_number(cell) for cell in cells]
    return _share(found) >= 0.5


def _say_no_year(cells: Sequence[str]) -> bool:
    small = [found for found in map(plain_number, cells) if found is not None and 0 <= found < _NO_YEAR]
    return len(small) > _MOSTLY * len(cells)


def _repeats(cells: Sequence[str]) -> bool:
    """Whether a column names things that come again, as people and items do."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) >= 0.9 * len(cells) and 2 <= len(set(filled)) < len(filled)


def _share(values: Sequence[float | None]) -> float:
    return sum(value is not None for value in values) / len(values) if values else 0.0


def _unclear(fact: str, header: Sequence[str]) -> ColumnsUnclear:
    names = ", ".join(f"“{column}”" for column in header[:12]) or "none"
    return ColumnsUnclear(
        fact=fact,
        reason=f"Its columns are {names}.",
        remedy="Name the columns that say who, what and, where there are such, when and how liked.",
    )
