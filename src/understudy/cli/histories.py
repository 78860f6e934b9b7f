"""Histories that a model of interactions is asked about: a table of them, one person's as JSON, or a person's name."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from understudy.cli.source import Asked, CannotRead, Source, broken, bytes_in, one
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding
from understudy.modalities.interactions.columns import Columns, find_columns
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.modalities.interactions.sheet import Sheet
from understudy.modalities.interactions.taken import Taken, read_taken
from understudy.modalities.table.frame import read_frame
from understudy.studio.collection.known_people import known_person
from understudy.studio.workspace import Workspace

AS_JSON: Final = '{"who": "Ann", "history": ["an item", "a later one"]}'
"""How one person's history is typed."""

NEAR: Final = 0.7
"""How alike two names are, 0..1, for one to be offered for the other."""


@dataclass(frozen=True)
class Found:
    """What a project knows under a name.

    Attributes:
        asked: The history of the person who bears it, or None.
        near: Else somebody whose name is written alike, or empty.
        item: Else a history of the one item that bears it as its title, or None.
    """

    asked: Asked | None = None
    near: str = ""
    item: Asked | None = None


Known = Callable[[str], Found]
"""Looks up somebody by the name under which a project knows them."""


@dataclass(frozen=True)
class Named:
    """Which column of a table says what.

    Attributes:
        given: What a person named now.
        learned: What was taken from which column when the model was trained; counts where a table has the column.
    """

    given: Columns = field(default_factory=Columns)
    learned: Mapping[str, str] = field(default_factory=dict)

    def among(self, header: Sequence[str]) -> Columns:
        """What counts for a table with these columns; the rest is to be found."""
        learned = {part: column for part, column in self.learned.items() if column in header}
        given = {part: column for part, column in vars(self.given).items() if column}
        taken = set(given.values())
        return Columns(**{part: column for part, column in learned.items() if column not in taken} | given)


def histories(given: str, named: Named, known: Known | None) -> Source:
    """What was typed as a table of who took what, else as a person whom the project knows.

    Args:
        given: A file's path, or a name.
        named: Which columns say what.
        known: Looks somebody up; None where there is no project to look in.
    """
    path = Path(given)
    if _exists(path):
        return _table(path, named)
    found = known(given) if known else None
    asked = found and (found.asked or found.item)
    return one(asked) if asked else broken(given, _nobody(given, found))


def typed_history(named: str, given: str, known: Known | None) -> Source:
    """A history that was typed as JSON; where it says nothing of what somebody had, what the project knows of them.

    Args:
        named: It, for people.
        given: As it was typed.
        known: Looks somebody up; None where there is no project to look in.
    """
    who = _named_alone(given) if known else ""
    found = known(who) if known and who else None
    if found and found.asked:
        return one(replace(found.asked, named=named))
    near = f"Perhaps “{found.near}” is meant." if found and found.near else ""
    return one(Asked(named, given.encode, remark=near))


def _named_alone(given: str) -> str:
    """Whom a history is of that names them and says nothing else; empty where it says what they had, or is none."""
    try:
        told = json.loads(given)
    except (ValueError, RecursionError):
        return ""
    who = told.get("who") if isinstance(told, dict) and "history" not in told else None
    return who if isinstance(who, str) else ""


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # longer than a name can be
        return False


def known_in(workspace: Workspace, project: str, person: str) -> Found:
    """Looks for somebody among a project's examples; their history is what is known, what came next included."""
    found = known_person(workspace.ledger.examples(project, called=person), workspace.blobs.get, person)
    if found is None:
        return Found(near=_near(person, [each.group or each.name for each in workspace.ledger.examples(project)]))
    history = found.question.history
    count = f"{len(history):,} item{'' if len(history) == 1 else 's'}"
    but = "; what came next is sealed, so it does not count" if found.sealed else ""
    remark = f"From the {count} that “{project}” knows of “{person}”{but}."
    return Found(Asked(person, partial(question_bytes, found.question), remark=remark))


def titled(names: Mapping[str, str], text: str) -> Asked | None:
    """Somebody who had the one item that bears a title, whatever its capitals; None where none or several do.

    Args:
        names: What people call items.
        text: What was typed.
    """
    items = [item for item, name in names.items() if name.casefold() == text.casefold()]
    if len(items) != 1:
        return None
    question = Question("", (Event(items[0]),))
    return Asked(text, partial(question_bytes, question), remark="Taken for what somebody had: this one item.")


def _near(person: str, names: Sequence[str]) -> str:
    """The name that is written most like a person's, whatever the capitals; empty where none is."""
    folded = {name.casefold(): name for name in reversed(names)}
    close = get_close_matches(person.casefold(), folded, 1, NEAR)
    return folded[close[0]] if close else ""


def _table(path: Path, named: Named) -> Source:
    """What everybody in a table of interactions had so far, a history each."""
    try:
        frame = read_frame(path.name, bytes_in(path))
        sheet = Sheet.of(frame)
        columns = find_columns(sheet.header, sheet.sample(), named.among(sheet.header))
        taken, findings = read_taken(sheet, columns)
        if not taken.people:
            return broken(str(path), _no_people(path))
    except UnderstudyError as error:
        return broken(str(path), error)
    remarks = tuple(_told(each) for each in (*frame.findings, *findings))
    return Source(len(taken.people), ("who",), lambda: _each(path, taken), remarks)


def _told(finding: Finding) -> str:
    """What was seen in a table, and in which lines first."""
    return f"{finding.fact} It begins with {finding.evidence[0]}." if finding.evidence else finding.fact


def _each(path: Path, taken: Taken) -> Iterator[Asked]:
    ends = np.searchsorted(taken.who, np.arange(len(taken.people)), side="right").tolist()
    for person, start, end in zip(taken.people, [0, *ends], ends, strict=False):
        events = tuple(
            Event(taken.items[taken.what[at]], _known(taken.value[at]), _known(taken.when[at]))
            for at in range(start, end)
        )
        yield Asked(f"{path}, {person}", partial(question_bytes, Question(person, events)), {"who": person})


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _nobody(given: str, found: Found | None) -> CannotRead:
    known = ", somebody whom the project knows" if found else ""
    near = f" Perhaps “{found.near}” is meant." if found and found.near else ""
    return CannotRead(
        fact=f"“{given}” is no file{', and nobody whom the project knows' if found else ''}.{near}",
        reason=f"Such a model is asked about a table of who took what{known}, or what one person had.",
        remedy=f"Write what somebody had as JSON, oldest first: '{AS_JSON}'.",
    )


def _no_people(path: Path) -> CannotRead:
    return CannotRead(
        fact="It has no rows that say who took what.",
        reason="Below its first line nothing could be used.",
        remedy=f"Fill “{path.name}”, or name another.",
    )
