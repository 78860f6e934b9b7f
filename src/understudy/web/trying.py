"""What the page of a project asks for when somebody tries its model: a file, a text, or the cells of a row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.modalities.interactions.question import read_question
from understudy.modalities.registry import modality_named
from understudy.web.body import RATED
from understudy.web.services import Services

MOST_CELLS: Final = 60
"""Columns that a form has fields for; of a wider row the rest counts as not known."""
LONGEST_CELL: Final = 200
MOST_ITEMS: Final = 20
"""Of an example's history, the last so many begin the form."""


@dataclass(frozen=True)
class Cell:
    """One field of a row.

    Attributes:
        column: Its name.
        value: An example's value, to begin with.
    """

    column: str
    value: str


@dataclass(frozen=True)
class Asks:
    """What is asked for.

    Attributes:
        way: "file", "text", "row" or "history".
        field: Name of the form's field, where there is one.
        accepts: Of a file: what a browser may offer.
        formats: Of a file: which kinds there are, for people.
        cells: Of a row: its fields, filled with an example.
        who: Of a history: an example's, to begin with.
        had: Of a history: what they had, an item a line.
        source: What more of them might come in, for a command ("photos/").
    """

    way: str
    field: str = ""
    accepts: str = ""
    formats: str = ""
    cells: Sequence[Cell] = ()
    who: str = ""
    had: str = ""
    source: str = "table.csv"


def asks_for(services: Services, project: Project) -> Asks:
    """What the project's model is asked about; an example of the project's own stands in it. Reads the ledger."""
    kind = project.task.modality
    if kind in {"photo", "sound", "video"}:
        modality, broad = modality_named(kind), {"photo": "image/*", "sound": "audio/*", "video": "video/*"}[kind]
        accepts = ",".join([broad, *sorted(modality.suffixes)])
        return Asks("file", kind, accepts, modality.formats, source=f"{modality.plural}/")
    example = _example(services, project)
    if kind == "table":
        return Asks("row", cells=_cells(example))
    if kind == "interactions":
        return _history(example)
    return Asks("text", "text")


def _example(services: Services, project: Project) -> bytes:
    """An example to learn from, never a sealed one."""
    found = (each for each in services.records.examples(project.name) if each.side is Side.TRAIN)
    first = next(found, None)
    return b"" if first is None else services.photo(first.digest)


def _history(example: bytes) -> Asks:
    if not example:
        return Asks("history")
    question = read_question(example)
    lines = [each.item if each.value is None else f"{each.item}{RATED}{each.value:g}" for each in question.history]
    return Asks("history", who=question.who, had="\n".join(lines[-MOST_ITEMS:]))


def _cells(example: bytes) -> list[Cell]:
    row = json.loads(example) if example else {}
    return [
        Cell(str(column), "" if value is None else str(value)[:LONGEST_CELL])
        for column, value in list(row.items())[:MOST_CELLS]
    ]
