"""What was taken: rows of a table as arrays, ordered by person and time."""

import shlex
from array import array
from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.interactions.cells import is_missing, reader_of_moments, reader_of_numbers
from understudy.modalities.interactions.columns import Columns
from understudy.modalities.interactions.question import LONGEST_NAME, Event, item_text
from understudy.modalities.interactions.sheet import Sheet

Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

USUAL: Final = 0.05
"""Share of events that take an item again from which taking again counts as usual."""
_SHOWN: Final = 50
EMPTY: Final = "have no rating, which counts as liked"
UNORDERED: Final = "Without times the order of events is unknown, so what was held out may have come first."
UNTIMED: Final = "have no time, which counts as the "
MISTIMED: Final = "have a time that cannot be read, which counts as the "
ONE: Final = {"do": "does", "have": "has"}
"""Verbs of several rows, turned for one."""


def _nothing(_person: str) -> Sequence[Event]:
    """Nobody is known."""
    return ()


@dataclass(frozen=True)
class Before:
    """What a project knows already, which rows that come later join.

    Attributes:
        of: What somebody took so far, by name; nothing of who is not known.
        people: Who is known.
        items: Some of the items that are known.
        timed: Times are known, or None where nothing came yet.
        repeats: Taking an item again is usual, or None.
        liked_from: The rating from which an event counts as liked; counts where the other two are known.
    """

    of: Callable[[str], Sequence[Event]] = field(default=_nothing)
    people: Set[str] = frozenset()
    items: Set[str] = frozenset()
    timed: bool | None = None
    repeats: bool | None = None
    liked_from: float | None = None


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
        earlier: Which events were known before the table came, (e,).
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
    earlier: npt.NDArray[np.bool_]

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
        # A table that comes later may hold nothing but ratings that are high enough.
        liked: npt.NDArray[np.bool_] = (value >= self.liked_from) | ((value >= enough) & (value > value.min()))
        return liked


def read_taken(sheet: Sheet, columns: Columns, before: Before | None = None) -> tuple[Taken, tuple[Finding, ...]]:
    """Reads all events of a table.

    A rating counts as liked when it is above the mean of all ratings: on five stars with a mean of 3.5 that is four
    and more. Where fewer than half of the times can be read, none is used. Rows that are the same in who, what, when
    and how liked count once: of two copies one could be held out and the other give it away.

    Args:
        sheet: The table.
        columns: Which of its columns say what.
        before: What is known already. What the people of the table took before comes first, and what counts as liked,
            and whether taking again is usual, stays as it is.

    Returns:
        The events, and findings about rows that could not be used.
    """
    before = before or Before()
    rows = _Rows(sheet, columns)
    for line, cells in sheet.rows():
        rows.add(line, cells)
    timed = len(rows.when) > 0 and float(np.isfinite(np.array(rows.when)).mean()) > 0.5
    findings = list(rows.findings(timed=timed, place="latest" if before.timed else "earliest"))
    if columns.when and not timed and len(rows.when):
        findings.append(_dirty(sheet.name, columns))
    events = _Events.of(rows, timed=timed).ordered(last=bool(before.timed))
    liked_from = before.liked_from if before.timed is not None else _liked_from(events.value)
    events, copies = events.once()
    if copies:
        findings.append(_copied(copies, sheet.name))
    if rows.join(before.of):
        all_of_them = _Events.of(rows, timed=timed or bool(before.timed)).ordered(last=bool(before.timed))
        joined, told = all_of_them.joined()
        events = joined.once()[0]
        findings += _known_already(told, sheet.name)
    taken = Taken(
        tuple(rows.people),
        tuple(rows.items),
        events.who,
        events.what,
        events.when,
        events.value,
        timed if before.timed is None else before.timed,
        False,
        liked_from,
        events.known,
    )
    return _repeats_told(taken, findings, sheet.name, before.repeats)


@dataclass(frozen=True)
class _Events:
    """Events as arrays.

    Attributes:
        known: Whether each was known before, (e,); these stand before those that are read.
        who: As in `Taken`.
        what: Likewise.
        when: Likewise.
        value: Likewise.
    """

    known: npt.NDArray[np.bool_]
    who: Indices
    what: Indices
    when: Numbers
    value: Numbers

    @classmethod
    def of(cls, rows: "_Rows", *, timed: bool) -> "_Events":
        """What was read, without times where these mean nothing."""
        when = np.array(rows.when) if timed else np.full(len(rows.when), np.nan)
        known = np.arange(len(rows.who)) >= rows.read if rows.read is not None else np.zeros(len(rows.who), bool)
        return cls(known, np.array(rows.who, np.int64), np.array(rows.what, np.int64), when, np.array(rows.value))

    def ordered(self, *, last: bool) -> "_Events":
        """By person and time; of equal ones what was known first. Without a time an event comes first, or last."""
        when = np.nan_to_num(self.when, nan=np.inf if last else -np.inf, posinf=np.inf)
        return self._at(np.lexsort((np.arange(len(self.who)), ~self.known, when, self.who)))

    def once(self) -> tuple["_Events", int]:
        """Without copies, and how many there were."""
        order = np.lexsort((np.arange(len(self.who)), self.value, self.when, self.what, self.who))
        copies = order[1:][self._same(order) & _equal(self.value[order])]
        return self._at(np.setdiff1d(np.arange(len(self.who)), copies)), len(copies)

    def joined(self) -> tuple["_Events", int]:
        """Without what was known already, and how much that was; of what came next the rating is known only now."""
        order = np.lexsort((np.arange(len(self.who)), ~self.known, self.when, self.what, self.who))
        first = np.concatenate([[True], ~self._same(order)])
        begins = order[np.flatnonzero(first)][np.cumsum(first) - 1]
        told = ~self.known[order] & self.known[begins]
        value = self.value.copy()
        unrated = told & np.isnan(value[begins])
        value[begins[unrated]] = value[order[unrated]]
        kept = np.setdiff1d(np.arange(len(self.who)), order[told])
        return replace(self, value=value)._at(kept), int(told.sum())

    def _same(self, order: Indices) -> npt.NDArray[np.bool_]:
        """Whether each event but the first names who, what and when as the one before it does."""
        alike: npt.NDArray[np.bool_] = _equal(self.who[order]) & _equal(self.what[order]) & _equal(self.when[order])
        return alike

    def _at(self, places: Indices) -> "_Events":
        return _Events(self.known[places], self.who[places], self.what[places], self.when[places], self.value[places])


def _equal(values: Indices | Numbers) -> npt.NDArray[np.bool_]:
    """Whether each value but the first is the one before it; what is unknown equals what is unknown."""
    same: npt.NDArray[np.bool_] = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    return same


def _liked_from(ratings: Numbers) -> float | None:
    """The smallest rating above the mean; None where all are the same or there is none, so that all count as liked."""
    ratings = ratings[np.isfinite(ratings)]
    if not len(ratings):
        return None
    above = ratings[ratings > ratings.mean()]
    return float(above.min()) if len(above) else None


def _repeats_told(
    taken: Taken, findings: list[Finding], name: str, usual: bool | None
) -> tuple[Taken, tuple[Finding, ...]]:
    """Sees whether items are taken again; where that is rare, only the first time counts."""
    _, first = np.unique(taken.who * max(len(taken.items), 1) + taken.what, return_index=True)
    again = len(taken.who) - len(first)
    fields = {**taken.__dict__}
    if again > USUAL * len(taken.who) if usual is None else usual:
        return Taken(**{**fields, "repeats": True}), tuple(findings)
    if again:
        keep = np.sort(first)
        fields |= {each: fields[each][keep] for each in ("who", "what", "when", "value", "earlier")}
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
        self._name = sheet.name
        self._who, self._what = places[columns.who or ""], places[columns.what or ""]
        self._when = places[columns.when] if columns.when else None
        self._value = places[columns.rating] if columns.rating else None
        sample = sheet.sample() if columns.when or columns.rating else []
        self._moment = reader_of_moments([row[columns.when] for row in sample] if columns.when else [])
        self._number = reader_of_numbers([row[columns.rating] for row in sample] if columns.rating else [])
        self.people: dict[str, int] = {}
        self.items: dict[str, int] = {}
        self.who, self.what = array("q"), array("q")
        self.when, self.value = array("d"), array("d")
        self.read: int | None = None
        self._bad: Counter[str] = Counter()
        self._lines: dict[str, list[str]] = {}

    def add(self, line: int, row: Sequence[str]) -> None:
        """Takes a row, or notes why it cannot be used."""
        who, what = " ".join(row[self._who].split())[:LONGEST_NAME], item_text(row[self._what])
        if is_missing(who) or is_missing(what):
            self._note(line, "do not say who took what")
            return
        value = self._number(row[self._value]) if self._value is not None else None
        when = self._moment(row[self._when]) if self._when is not None else None
        if self._value is not None and value is None:
            self._note(
                line, EMPTY if is_missing(row[self._value]) else "have a rating that is no number, which is not used"
            )
        if self._when is not None and when is None:
            self._note(line, UNTIMED if is_missing(row[self._when]) else MISTIMED)
        self.who.append(self.people.setdefault(who, len(self.people)))
        self.what.append(self.items.setdefault(what, len(self.items)))
        self.when.append(np.nan if when is None else when)
        self.value.append(np.nan if value is None else value)

    def join(self, of: Callable[[str], Sequence[Event]]) -> int:
        """Adds what the people of the table took before it, and says how much that is."""
        self.read = len(self.who)
        for person, place in self.people.items():
            for event in of(person):
                self.who.append(place)
                self.what.append(self.items.setdefault(event.item, len(self.items)))
                self.when.append(np.nan if event.when is None else event.when)
                self.value.append(np.nan if event.value is None else event.value)
        return len(self.who) - self.read

    def findings(self, *, timed: bool, place: str) -> list[Finding]:
        """What was noted, one finding a kind.

        Args:
            timed: The times are used, so that those that are missing are told.
            place: Where an event without a time comes among the others.
        """
        of_time = (UNTIMED, MISTIMED)
        return [
            Finding(
                FindingKind.BAD_ROW,
                Severity.MEDIUM,
                self._name,
                _rows_that(count, f"{what}{place}" if what in of_time else what),
                UNORDERED if what in of_time else "A row tells who took what.",
                "Mend these rows and add the table again.",
                tuple(self._lines[what]),
            )
            for what, count in self._bad.items()
            if timed or what not in of_time
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


def _copied(copies: int, name: str) -> Finding:
    rows = "1 row is a copy" if copies == 1 else f"{copies:,} rows are copies"
    return Finding(
        FindingKind.TWIN,
        Severity.MEDIUM,
        name,
        f"{rows} of an earlier one, the same in who, what, when and how liked.",
        "What is held out would stand in the history through its copy, so each counts once.",
        "Nothing needs to be done, unless the copies mean something: then add when each was taken.",
    )


def _known_already(rows: int, name: str) -> list[Finding]:
    if rows < 1:
        return []
    return [
        Finding(
            FindingKind.TWIN,
            Severity.LOW,
            name,
            f"{rows:,} {'row was' if rows == 1 else 'rows were'} known already.",
            "The same was taken in before, so each counts once.",
            "Nothing needs to be done.",
        )
    ]


def _dirty(name: str, columns: Columns) -> Finding:
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.MEDIUM,
        str(columns.when),
        f"Few cells of “{columns.when}” are times, so none is used.",
        UNORDERED,
        "Write times as 2026-05-31 14:00, or as seconds since 1970, and begin another project with all rows, for those "
        f"that are there stay without: {another_project(name, columns)}.",
    )


def another_project(name: str, columns: Columns) -> str:
    """The command that takes a table in anew with its times, which rows that came without never get.

    Args:
        name: Of the table.
        columns: What it says who, what and when; without a time, the command leaves a place for the name of one.
    """
    said = {"--who": columns.who, "--what": columns.what, "--time": columns.when or "COLUMN"}
    named = " ".join(f"{option} {shlex.quote(column)}" for option, column in said.items() if column)
    return f"understudy train {shlex.quote(name)} --project NAME {named}"
