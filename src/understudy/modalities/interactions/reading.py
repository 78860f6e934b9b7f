"""From a table of who took what to examples: a person's history as input, what came next as label."""

import shlex
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, NamedTuple

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.interactions.columns import Columns, ColumnsUnclear, find_columns
from understudy.modalities.interactions.content import Content, read_content
from understudy.modalities.interactions.question import MAX_BYTES, MOST_EVENTS, Event, Question, question_bytes
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.interactions.taken import Before, Indices, Taken, read_taken
from understudy.modalities.table.frame import read_frame

CROSSED: Final = 0.5
"""By so much more names are known from the other side before two columns are held to have changed places."""
LENGTH: Final = 10
"""Items in a list, unless the project says another number."""


class NothingTaken(UnderstudyError):
    """A table holds no interaction that something can be learned from."""


class Example(NamedTuple):
    """One example.

    Attributes:
        name: For people ("customer 17").
        data: The input's bytes.
        label: The item that came next.
        group: The person, so that nobody stands on both sides of a border.
    """

    name: str
    data: bytes
    label: str
    group: str


@dataclass(frozen=True)
class Interactions:
    """A table of interactions that was read.

    Attributes:
        columns: What was taken from which column; a person may correct it and read again.
        taken: All events.
        content: What is known of the items.
        findings: What was seen on the way.
    """

    columns: Columns
    taken: Taken
    content: Content
    findings: tuple[Finding, ...]

    def about(self) -> dict[str, Any]:
        """What a search must know of the data, ready for JSON; `content` goes beside it, as a blob."""
        return {
            "timed": self.taken.timed,
            "repeats": self.taken.repeats,
            "liked_from": self.taken.liked_from,
            "length": LENGTH,
        }

    @cached_property
    def count(self) -> int:
        """How many examples there are."""
        return len(np.unique(self.taken.who[self.taken.liked]))

    def examples(self) -> Iterator[Example]:
        """One example a person who liked anything; whoever gave everything the lowest rating has none.

        **What is held out.** With times: the last item that the person liked; its history is what came before, and
        what came after stands apart, since it was not known then. Without times: one of the liked items, drawn by a
        hash of person and item; its history is everything else. Where taking again is rare, every item stands in
        one's events once, so what is held out was never in the history.

        **How many.** One a person, so that heavy users count no more than others and examples are independent.
        """
        taken, liked = self.taken, self.taken.liked
        edges = np.searchsorted(taken.who, np.arange(len(taken.people) + 1))
        for place, person in enumerate(taken.people):
            mine = np.arange(edges[place], edges[place + 1])
            wanted = mine[liked[mine]]
            if len(wanted):
                held = int(wanted[-1]) if taken.timed else min(wanted.tolist(), key=lambda at: self._draw(person, at))
                before = mine[mine < held] if taken.timed else mine[mine != held]
                after = mine[mine > held] if taken.timed else mine[:0]
                yield self._example(person, before[-MOST_EVENTS:], held, after[-MOST_EVENTS:])

    def _draw(self, person: str, at: int) -> bytes:
        item = self.taken.items[int(self.taken.what[at])]
        return sha256(f"{len(person)}:{person}{item}".encode("utf-8", "replace")).digest()

    def _example(self, person: str, before: Indices, held: int, after: Indices) -> Example:
        history, later = (tuple(self._event(int(at)) for at in events) for events in (before, after))
        asked = _known(self.taken.when[held])
        label = self.taken.items[int(self.taken.what[held])]
        data = question_bytes(Question(person, history, asked, later))
        if len(data) > MAX_BYTES:  # the oldest half is less than nothing, which is what could be read of it
            return self._example(person, before[(len(before) + 1) // 2 :], held, after[(len(after) + 1) // 2 :])
        return Example(person, data, label, person)

    def _event(self, at: int) -> Event:
        taken = self.taken
        return Event(taken.items[int(taken.what[at])], _known(taken.value[at]), _known(taken.when[at]))


def read_interactions(
    name: str,
    sheet: Sheet,
    wanted: Columns | None = None,
    *,
    content: Mapping[str, bytes] | None = None,
    before: Before | None = None,
) -> Interactions:
    """Reads a table of interactions and the tables that describe its items.

    Args:
        name: Of the table, for people.
        sheet: Its rows.
        wanted: Columns that a person named; the others are found.
        content: Files that hold tables about items, by name; its ending says what each is.
        before: What is known already; rows join it.

    Raises:
        TableUnreadable: One of the tables about items is none.
        ColumnsUnclear: It does not show who took what.
        NothingTaken: Nobody liked anything, or there is one item only.
    """
    columns = find_columns(sheet.header, sheet.sample(), wanted or Columns())
    taken, findings = read_taken(sheet, columns, before)
    if before is not None:
        _check_sides(columns, taken, before)
    _check(name, taken)
    frames = [read_frame(each, data) for each, data in (content or {}).items()]
    known, remarks = read_content(map(Sheet.of, frames), taken.items)
    seen = (finding for frame in frames for finding in frame.findings)
    return Interactions(columns, taken, known, (*findings, *seen, *remarks, *_left_out(name, taken)))


def _left_out(name: str, taken: Taken) -> Iterator[Finding]:
    without = len(taken.people) - len(np.unique(taken.who[taken.liked]))
    if without:
        yield Finding(
            FindingKind.UNLABELLED,
            Severity.LOW,
            name,
            f"{without:,} of {len(taken.people):,} people gave the lowest rating to all they took.",
            "So they liked nothing, and nothing can come next for them.",
            "Nothing needs to be done; they are left out.",
        )
    milder = _milder(taken)
    if milder:
        yield Finding(
            FindingKind.DIRTY_VALUES,
            Severity.LOW,
            name,
            f"{milder:,} of {len(taken.people):,} people rated nothing {taken.liked_from:g} or more; of them what they "
            "rated highest counts as liked.",
            "People differ in how high they rate, and what somebody rated highest is what they liked best.",
            "Nothing needs to be done.",
        )


def _milder(taken: Taken) -> int:
    """How many people liked something, though nothing that is rated as high as counts for others."""
    if taken.liked_from is None:
        return 0
    high = np.isnan(taken.value) | (taken.value >= taken.liked_from)
    return len(np.setdiff1d(taken.who[taken.liked], taken.who[high]))


def _check(name: str, taken: Taken) -> None:
    if len(taken.items) < 2 or not taken.liked.any():
        reason = "No row tells who took what." if not len(taken.who) else "There is nothing to choose between."
        raise NothingTaken(
            fact=f"Nothing can be learned from “{name}”.",
            reason=reason,
            remedy="Give a table with a row for each time that somebody took something.",
        )


def _check_sides(columns: Columns, taken: Taken, before: Before) -> None:
    """Refuses a table whose people are the items that are known, and whose items the people."""
    new = ~taken.earlier
    people = {taken.people[at] for at in np.unique(taken.who[new]).tolist()}
    items = {taken.items[at] for at in np.unique(taken.what[new]).tolist()}
    crossed = _share(people, before.items) + _share(items, before.people)
    if crossed > _share(people, before.people) + _share(items, before.items) + CROSSED:
        raise ColumnsUnclear(
            fact=f"“{columns.who}” and “{columns.what}” seem to have changed places.",
            reason=f"What stands under “{columns.what}” is known as people, so it says who, and not what was taken.",
            remedy=f"Add the table with --who {shlex.quote(str(columns.what))} --what {shlex.quote(str(columns.who))}.",
        )


def _share(names: Set[str], known: Set[str]) -> float:
    return len(names & known) / max(len(names), 1)


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
