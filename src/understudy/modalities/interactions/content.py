"""What is known of items: a name for people, and words by which items that nobody took yet are likened to others."""

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.interactions.cells import OFTEN, is_missing, reader_of_numbers
from understudy.modalities.interactions.question import LONGEST_NAME, item_text
from understudy.modalities.interactions.sheet import Sheet

Number = Callable[[str], float | None]
"""Reads the number in a cell."""

BINS: Final = 5
"""A number is told by which fifth of the column it lies in."""
MOST_WORDS: Final = 200
LONGEST_TITLE: Final = 200
"""Characters of what people call an item."""
_PARTS: Final = re.compile(r"\s*[|;,/]\s*")
_WORDS: Final = re.compile(r"\w+")
_NAMES: Final = ("title", "name", "label", "caption")
_SAMPLE: Final = 1000


@dataclass(frozen=True)
class Content:
    """What is known of items.

    Attributes:
        names: What people call an item, by item.
        words: What describes it ("genres: drama"), by item.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As kept: UTF-8 JSON, the same for the same content."""
        said = {"names": dict(self.names), "words": {item: list(each) for item, each in self.words.items()}}
        return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")

    def joined(self, later: "Content") -> "Content":
        """With what is known later; of an item that both describe, that counts."""
        return Content({**self.names, **later.names}, {**self.words, **later.words})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Content":
        """Reads what `to_bytes` wrote.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: It is something else.
        """
        given: dict[str, Any] = json.loads(data)
        words = {str(item): tuple(str(word) for word in each) for item, each in given["words"].items()}
        return cls({str(item): str(name) for item, name in given["names"].items()}, words)


def read_content(sheets: Iterable[Sheet], items: Iterable[str]) -> tuple[Content, tuple[Finding, ...]]:
    """Reads tables that describe items, one or several rows an item.

    Args:
        sheets: The tables.
        items: Items that are known from interactions; the column that holds most of them names the item.

    Returns:
        The content, and a finding for each table that describes none of the items.
    """
    known = frozenset(items)
    names: dict[str, str] = {}
    words: dict[str, dict[str, None]] = {}
    findings: list[Finding] = []
    for sheet in sheets:
        sample = sheet.sample(_SAMPLE)
        key = _item_column(sheet, known)
        if key is None:
            findings.append(_describes_nothing(sheet.name))
            continue
        name = _name_column(sheet.header, key)
        told = [(at, column) for at, column in enumerate(sheet.header) if column != key]
        describers = [(at, _describer(column, [row[column] for row in sample])) for at, column in told]
        describing = [(at, lru_cache(OFTEN)(each.words)) for at, each in describers if each is not None]
        named_by = None if name is None else sheet.header.index(name)
        for item, cells in _items(sheet, key):
            if named_by is not None and not is_missing(cells[named_by]):
                names.setdefault(item, cells[named_by][:LONGEST_TITLE])
            found = words.setdefault(item, {})
            for at, describe in describing:
                if len(found) < MOST_WORDS:
                    found.update(describe(cells[at]))
    return Content(names, {item: tuple(each) for item, each in words.items()}), tuple(findings)


def _items(sheet: Sheet, key: str) -> Iterable[tuple[str, Sequence[str]]]:
    """Each row that names an item: the item, and the row's cells."""
    at = sheet.header.index(key)
    for _, cells in sheet.rows():
        if not is_missing(cells[at]):
            yield item_text(cells[at]), cells


def _item_column(sheet: Sheet, known: frozenset[str]) -> str | None:
    """The column that holds most of the known items; None where none holds any."""
    seen: list[set[str]] = [set() for _ in sheet.header]
    for _, cells in sheet.rows():
        for found, cell in zip(seen, cells, strict=True):
            # What an item's name is kept without is seldom there, and most cells name no item.
            item = item_text(cell) if ";" in cell or len(cell) > LONGEST_NAME else cell
            if item in known:
                found.add(item)
    most = max(seen, key=len, default=set[str]())
    return sheet.header[seen.index(most)] if most else None


def _name_column(header: Sequence[str], key: str) -> str | None:
    plain = {column.strip().lower(): column for column in header if column != key}
    return next((plain[name] for name in _NAMES if name in plain), None)


class _Describer:
    """Turns the cells of one column into words."""

    def __init__(self, column: str, kind: str, number: Number, edges: Sequence[float] = ()) -> None:
        self._column, self._kind, self._number, self._edges = column, kind, number, edges

    def words(self, cell: str) -> dict[str, None]:
        """The words, in order and each once; none where the cell holds nothing."""
        if is_missing(cell):
            return {}
        if self._kind == "number":
            found = self._number(cell)
            return {} if found is None else {f"{self._column}: {bisect_left(self._edges, found)}": None}
        parts = _WORDS.findall(cell.lower()) if self._kind == "text" else _PARTS.split(cell.strip().lower())
        return {f"{self._column}: {part}": None for part in parts if part}


def _describer(column: str, cells: Sequence[str]) -> _Describer | None:
    """How a column describes items; None where it is a key, which says nothing of two items at once."""
    filled = [cell for cell in cells if not is_missing(cell)]
    number = reader_of_numbers(filled)
    found = sorted(value for cell in filled if (value := number(cell)) is not None)
    if not filled or len(set(filled)) < 2:
        return None
    if len(found) > 0.9 * len(filled) and len(set(found)) > BINS:
        return _Describer(column, "number", number, [found[len(found) * part // BINS] for part in range(1, BINS)])
    parts = [part for cell in filled for part in _PARTS.split(cell.strip().lower())]
    if len(set(parts)) <= max(0.5 * len(parts), 2):
        return _Describer(column, "category", number)
    words = [word for cell in filled for word in _WORDS.findall(cell.lower())]
    return _Describer(column, "text", number) if len(set(words)) < 0.8 * len(words) else None


def _describes_nothing(name: str) -> Finding:
    return Finding(
        FindingKind.BAD_ROW,
        Severity.MEDIUM,
        name,
        f"“{name}” describes none of the items.",
        "No column of it holds a name by which an item was taken.",
        "Add a column with the items as the interactions name them.",
    )
