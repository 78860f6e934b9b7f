"""What was taken: rows of a table as arrays, ordered by person and time."""

from array import array
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.interactions.cells import is_missing, number, reader_of_moments
from understudy.modalities.interactions.columns import Columns
from understudy.modalities.interactions.question import LONGEST_NAME, item_text
from understudy.modalities.interactions.sheet import Sheet

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

USUAL: Final = 0.05
"""Share of events that take an item again from which taking again counts as usual."""
_SHOWN: Final = 50
ONE: Final = {"do": "does", "have": "has"}
"""Verbs of several rows, turned for one."""


@dataclass(frozen=True)
class Taken:
    """Events, by person and then by time; those of equal time in the order of rows.

    Attributes:
        people: Names, in the order of first appearance.
        items: Likewise.
        who: Place of each event's person, (e,).
        what: Place of its item, (e,).
        when: Seconds since the epoch, (e,); not a number where unknown.
        value: Its rating, (e,); not a number where there is none.
        timed: Times are known, so the order of a person's events means something.
        repeats: Taking an item again is usual.
        liked_from: The rating from which an event counts as liked, or None where nobody rates.
    """

    people: tuple[str, ...]
    items: tuple[str, ...]
    who: Indices
    what: Indices
    when: Numbers
    value: Numbers
    timed: bool
    repeats: bool
    liked_from: float | None

    @property
    def liked(self) -> npt.NDArray[np.bool_]:
        """Which events count as liked, (e,): all where nobody rates.

        Of somebody who rated nothing so high, what they rated highest does, unless that is the lowest rating there is.
        """
        if self.liked_from is None:
            return np.ones(len(self.who), bool)
        value = np.where(np.isnan(self.value), self.liked_from, self.value)
        best = np.full(len(self.people), -np.inf)
        np.maximum.at(best, self.who, value)
        enough = np.minimum(best, self.liked_from)[self.who]
        liked: npt.NDArray[np.bool_] = (value >= enough) & (value > value.min())
        return liked


def read_taken(sheet: Sheet, columns: Columns) -> tuple[Taken, tuple[Finding, ...]]:
    """Reads all events of a table.

    A rating counts as liked when it is above the mean of all ratings: on five stars with a mean of 3.5 that is four
    and more. Where fewer than half of the times can be read, none is used.

    Returns:
        The events, and findings about rows that could not be used.
    """
    rows = _Rows(sheet, columns)
    for line, cells in sheet.rows():
        rows.add(line, cells)
    when, value = np.array(rows.when), np.array(rows.value)
    findings = list(rows.findings())
    timed = len(when) > 0 and float(np.isfinite(when).mean()) > 0.5
    if columns.when and not timed and len(when):
        findings.append(_dirty(f"Few cells of “{columns.when}” are times, so none is used.", columns.when))
    when = when if timed else np.full(len(when), np.nan)
    who, what = np.array(rows.who), np.array(rows.what)
    order = np.lexsort((np.arange(len(who)), np.nan_to_num(when, nan=-np.inf), who))
    rated = np.isfinite(value)
    liked_from = _liked_from(value[rated]) if rated.any() else None
    taken = Taken(
        tuple(rows.people),
        tuple(rows.items),
        who[order],
        what[order],
        when[order],
        value[order],
        timed,
        False,
        liked_from,
    )
    return _repeats_told(taken, findings, sheet.name)


def _liked_from(ratings: Numbers) -> float | None:
    """The smallest rating above the mean; None where all are the same, so that all count as liked."""
    above = ratings[ratings > ratings.mean()]
    return float(above.min()) if len(above) else None


def _repeats_told(taken: Taken, findings: list[Finding], name: str) -> tuple[Taken, tuple[Finding, ...]]:
    """Sees whether items are taken again; where that is rare, only the first time counts."""
    _, first = np.unique(taken.who * max(len(taken.items), 1) + taken.what, return_index=True)
    again = len(taken.who) - len(first)
    fields = {**taken.__dict__}
    if again > USUAL * len(taken.who):
        return Taken(**{**fields, "repeats": True}), tuple(findings)
    if again:
        keep = np.sort(first)
        fields |= {each: fields[each][keep] for each in ("who", "what", "when", "value")}
        named = "row names" if again == 1 else "rows name"
        findings.append(
            Finding(
                FindingKind.TWIN,
                Severity.LOW,
                name,
                f"{again:,} {named} a person and an item that an earlier row names.",
                "Taking an item again is rare here, so only the first time counts.",
                "Nothing needs to be done, unless the rows should not be there.",
            )
        )
    return Taken(**fields), tuple(findings)


class _Rows:
    """Rows being read."""

    def __init__(self, sheet: Sheet, columns: Columns) -> None:
        places = {column: place for place, column in enumerate(sheet.header)}
        self._name, self._width = sheet.name, len(sheet.header)
        self._who, self._what = places[columns.who or ""], places[columns.what or ""]
        self._when = places[columns.when] if columns.when else None
        self._value = places[columns.rating] if columns.rating else None
        sample = [row[columns.when] for row in sheet.sample()] if columns.when else []
        self._moment = reader_of_moments(sample)
        self.people: dict[str, int] = {}
        self.items: dict[str, int] = {}
        self.who, self.what = array("q"), array("q")
        self.when, self.value = array("d"), array("d")
        self._bad: Counter[str] = Counter()
        self._lines: dict[str, list[str]] = {}

    def add(self, line: int, cells: object) -> None:
        """Takes a row, or notes why it cannot be used."""
        row = cells if isinstance(cells, list | tuple) else ()
        if len(row) != self._width:
            self._note(line, "do not have a cell for each column")
            return
        who, what = " ".join(row[self._who].split())[:LONGEST_NAME], item_text(row[self._what])
        if is_missing(who) or is_missing(what):
            self._note(line, "do not say who took what")
            return
        value = number(row[self._value]) if self._value is not None else None
        when = self._moment(row[self._when]) if self._when is not None else None
        if self._value is not None and value is None and not is_missing(row[self._value]):
            self._note(line, "have a rating that is no number, which is not used")
        self.who.append(self.people.setdefault(who, len(self.people)))
        self.what.append(self.items.setdefault(what, len(self.items)))
        self.when.append(np.nan if when is None else when)
        self.value.append(np.nan if value is None else value)

    def findings(self) -> list[Finding]:
        """What was noted, one finding a kind."""
        return [
            Finding(
                FindingKind.BAD_ROW,
                Severity.MEDIUM,
                self._name,
                _rows_that(count, what),
                "A row tells who took what.",
                "Mend these rows and add the table again.",
                tuple(self._lines[what]),
            )
            for what, count in self._bad.items()
        ]

    def _note(self, line: int, what: str) -> None:
        self._bad[what] += 1
        shown = self._lines.setdefault(what, [])
        if len(shown) < _SHOWN:
            shown.append(f"line {line}")


def _rows_that(count: int, what: str) -> str:
    """How many rows are so; what is said of several is turned for one."""
    if count > 1:
        return f"{count:,} rows {what}."
    verb, _, rest = what.partition(" ")
    return f"1 row {ONE[verb]} {rest}."


def _dirty(fact: str, column: str) -> Finding:
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.MEDIUM,
        column,
        fact,
        "Without times the order of events is unknown, so what was held out may have come first.",
        "Write times as 2026-05-31 14:00, or as seconds since 1970, and add the table again.",
    )
