"""What a model is asked from the command line: files, texts, rows of tables and histories, one by one."""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.intake.recognise import SAMPLE, Looked, text_column
from understudy.intake.table import Columns
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.modalities.interactions.reading import read_interactions
from understudy.modalities.table.cells import Cell, text_of
from understudy.modalities.table.frame import Frame, is_table, read_frame

IN_WORDS: Final = frozenset({"text", "table", "interactions"})
"""Modalities whose inputs may be typed."""
LONGEST: Final = 60


class CannotRead(UnderstudyError):
    """An input's file cannot be read."""


@dataclass(frozen=True)
class Asked:
    """One input.

    Attributes:
        named: For people.
        read: Gives its bytes, or raises an `UnderstudyError`.
        cells: Of the row of a table that it comes from; else empty.
    """

    named: str
    read: Callable[[], bytes]
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Inputs that come together.

    Attributes:
        count: How many there are, those that cannot be read included.
        columns: Of the table they are rows of; else empty.
        asked: Gives them in order, as often as asked for.
    """

    count: int
    columns: tuple[str, ...]
    asked: Callable[[], Iterable[Asked]]


def sources_of(modality: str, inputs: Sequence[str], *, column: str | None = None) -> list[Source]:
    """What was named, in order.

    Args:
        modality: What the model answers about.
        inputs: Files' names, or what was typed.
        column: Where texts stand in tables of them; None for the one that looks like it.
    """
    return [_source(modality, given, column) for given in inputs]


def _source(modality: str, given: str, column: str | None) -> Source:
    if modality in IN_WORDS and (given.lstrip().startswith("{") or (modality == "text" and not _is_file(given))):
        return _one(Asked(_shortened(given), given.encode))
    path = Path(given)
    if modality == "interactions":
        return _people(path)
    if modality == "table" or (modality == "text" and (column is not None or is_table(path.name))):
        return _rows(path, (lambda frame: _texts(frame, column)) if modality == "text" else _as_json)
    return _one(Asked(given, partial(_bytes, path)))


def _one(asked: Asked) -> Source:
    return Source(1, (), lambda: [asked])


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except OSError:  # longer than a name can be
        return False


Told = Callable[[Mapping[str, Cell]], bytes]
"""From a row to an input."""


def _rows(path: Path, telling: Callable[[Frame], Told]) -> Source:
    """The rows of a table's file, one by one, and then those that cannot be used."""
    try:
        frame = read_frame(path.name, _bytes(path))
        told = telling(frame)
        count = sum(1 for _ in frame.rows()) + frame.bad_count
    except UnderstudyError as error:
        return _one(Asked(str(path), partial(_raise, error)))
    if not count:
        return _one(Asked(str(path), partial(_raise, _no_rows())))
    return Source(count, frame.columns, lambda: _each(path, frame, told))


def _each(path: Path, frame: Frame, told: Told) -> Iterator[Asked]:
    for place, row in enumerate(frame.rows(), start=1):
        yield Asked(f"{path}, row {place}", partial(told, row), row)
    for bad in frame.bad:
        yield Asked(f"{path}, line {bad.number}", partial(_raise, _bad_row(f"It {bad.what}.")))
    unnamed = frame.bad_count - len(frame.bad)
    if unnamed:
        yield Asked(str(path), partial(_raise, _bad_row(f"{unnamed:,} more rows are like those above.")))


def _as_json(frame: Frame) -> Told:
    del frame
    return lambda row: json.dumps(row, ensure_ascii=False).encode()


def _texts(frame: Frame, column: str | None) -> Told:
    """Reads the cell of a row that holds its text.

    Raises:
        CannotRead: No column looks like texts.
        SourceUnreadable: The named one is not there.
    """
    look = Looked.at(frame.name, frame.columns, list(islice(frame.rows(), SAMPLE)))
    alone = frame.columns[0] if len(frame.columns) == 1 and column is None else None
    found = alone or text_column(look, Columns(text=column))
    if found is None:
        named = ", ".join(f"“{each}”" for each in frame.columns[:8])
        raise CannotRead(
            fact="It is a table, and no column looks like texts.",
            reason=f"Its columns are {named}{' and others' if len(frame.columns) > 8 else ''}.",
            remedy="Name the one that holds the texts: --text COLUMN.",
        )

    def told(row: Mapping[str, Cell]) -> bytes:
        cell = row.get(found)
        return (cell if isinstance(cell, str) else text_of(cell)).encode("utf-8", "replace")

    return told


def _people(path: Path) -> Source:
    """What everybody in a table of interactions had so far, a history each."""
    try:
        taken = read_interactions(path.name, _bytes(path)).taken
    except UnderstudyError as error:
        return _one(Asked(str(path), partial(_raise, error)))

    def histories() -> Iterator[Asked]:
        for place, person in enumerate(taken.people):
            mine = np.flatnonzero(taken.who == place)
            events = tuple(
                Event(taken.items[taken.what[at]], _known(taken.value[at]), _known(taken.when[at])) for at in mine
            )
            yield Asked(f"{path}, {person}", partial(question_bytes, Question(person, events)), {"who": person})

    return Source(len(taken.people), ("who",), histories)


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _no_rows() -> CannotRead:
    return CannotRead(fact="It has no rows.", reason="There is nothing below its first line.", remedy="Name another.")


def _bad_row(reason: str) -> CannotRead:
    return CannotRead(fact="The row cannot be used.", reason=reason, remedy="Mend it, and ask again.")


def _raise(error: UnderstudyError) -> bytes:
    raise error


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise CannotRead(
            fact="It is a folder.",
            reason="Files are asked about one by one.",
            remedy=f"Name the files in it, such as {path}/*.jpg.",
        ) from error
    except OSError as error:
        raise CannotRead(
            fact="It cannot be read.", reason=f"The system says: {error.strerror}.", remedy="Name a file."
        ) from error
