"""What the page of a project asks for when somebody tries its model: a file, a text, or the cells of a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.domain.texts import json_in
from understudy.modalities.interactions.question import read_question
from understudy.modalities.nouns import noun_of
from understudy.modalities.table.schema import Kind, TableSchema
from understudy.web.inputs import installed
from understudy.web.services import Services

MOST_CELLS: Final = 60
"""Columns that a form has fields for; of a wider row the rest counts as not known."""
LONGEST_CELL: Final = 200
ROWS_READ, MOST_OFFERED = 60, 12
"""Rows whose values a field offers, and different values up to which it does."""
BROAD: Final = {"photo": ("image/*",), "sound": ("audio/*",), "video": ("video/*",)}
"""Of files that a browser knows by their kind: all of it, as phones write endings that nobody thought of."""
CHOSEN: Final = (Kind.CATEGORY, Kind.FLAG)


@dataclass(frozen=True)
class Cell:
    """One field of a row.

    Attributes:
        column: Its name.
        value: An example's value, to begin with.
        offered: Values to choose from, where there are few; others may be typed.
    """

    column: str
    value: str
    offered: Sequence[str] = ()


@dataclass(frozen=True)
class Asks:
    """What is asked for.

    Attributes:
        way: "file", "text", "row" or "history"; "missing" where the package that offers the kind cannot be loaded.
        field: Name of the form's field, where there is one; of what is missing, the kind's.
        accepts: Of a file: what a browser may offer ("image/*,.jpg").
        formats: Of a file: which kinds there are, for people.
        cells: Of a row: its fields, filled with an example.
        who: Of a history: an example's, to begin with; what the project knows of them counts.
        source: What more of them might come in, for a command ("photos/").
    """

    way: str
    field: str = ""
    accepts: str = ""
    formats: str = ""
    cells: Sequence[Cell] = ()
    who: str = ""
    source: str = "table.csv"


def asks_for(services: Services, project: Project) -> Asks:
    """What the project's model is asked about; an example of the project's own stands in it. Reads the ledger."""
    kind = project.task.modality
    if kind == "text":
        return Asks("text", "text")
    if kind == "table":
        return Asks("row", cells=_cells(services, project))
    if kind == "interactions":
        return _history(_examples(services, project, 1))
    modality = installed(kind)
    if modality is None:
        return Asks("missing", kind, source=f"{noun_of(kind).many}/")
    if not modality.suffixes:
        return Asks("row")
    accepts = ",".join([*BROAD.get(kind, ()), *sorted(modality.suffixes)])
    return Asks("file", kind, accepts, modality.formats, source=f"{modality.plural}/")


def _examples(services: Services, project: Project, count: int) -> list[bytes]:
    """Some examples to learn from, never a sealed one."""
    found = (each for each in services.records.examples(project.name) if each.side is Side.TRAIN)
    return [services.input(each.digest) for each in islice(found, count)]


def _history(examples: Sequence[bytes]) -> Asks:
    if not examples:
        return Asks("history")
    return Asks("history", who=read_question(examples[0]).who)


def _cells(services: Services, project: Project) -> list[Cell]:
    """A field for each column that the model sees, filled with an example.

    Columns that were corrected since its training are as it knows them.
    """
    rows = [json_in(each.decode("utf-8-sig")) for each in _examples(services, project, ROWS_READ)]
    model = services.records.latest_model(project.name)
    kept = services.records.schema(project.name, at=None if model is None else model.at)
    kinds = {each.name: each.kind for each in TableSchema.from_json(kept).seen} if kept is not None else {}
    columns = [str(column) for column in (rows[0] if rows else ()) if kept is None or column in kinds]
    return [
        Cell(column, _said(rows[0][column]), _offered(rows, column) if kinds.get(column) in CHOSEN else ())
        for column in columns[:MOST_CELLS]
    ]


def _offered(rows: Sequence[dict[str, Any]], column: str) -> tuple[str, ...]:
    said = {_said(row.get(column)) for row in rows} - {""}
    return tuple(sorted(said)) if len(said) <= MOST_OFFERED else ()


def _said(value: object) -> str:
    return "" if value is None else str(value)[:LONGEST_CELL]
