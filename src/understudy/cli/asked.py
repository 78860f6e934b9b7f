"""What a model is asked from the command line: files, texts, rows of tables and histories, one by one."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path, PurePath
from typing import Final

from understudy.cli.headers import meant_by
from understudy.cli.histories import Known, Named, histories, typed_history
from understudy.cli.source import Asked, CannotRead, Source, broken, bytes_in, one, refused
from understudy.domain.errors import UnderstudyError
from understudy.intake.recognise import SAMPLE, Looked, text_column
from understudy.intake.table import Columns, listed
from understudy.modalities.abilities import input_of
from understudy.modalities.registry import modality_named
from understudy.modalities.table.cells import Cell, text_of
from understudy.modalities.table.fit import meant_words
from understudy.modalities.table.frame import Frame, is_table, read_frame

IN_WORDS: Final = frozenset({"text", "table", "interactions"})
"""Modalities whose inputs may be typed."""
JSON: Final = ("{", "[")
"""How JSON begins."""
LONGEST: Final = 60
Where = tuple[str | None, str | None]
"""The column of texts that was named, and the one in which they stood in the project's latest table."""
_PATH: Final = re.compile(r"(?:\.{0,2}|~|[A-Za-z]:)[/\\]\S*[/\\.]\S*\Z|(?:\.{1,2}|~)/\S+\Z")
"""What nobody writes in a text that is one word: "./inbox", "/srv/mails.db", "C:\\mails"."""


def sources_of(
    modality: str,
    inputs: Sequence[str],
    *,
    column: str | None = None,
    before: str | None = None,
    named: Named | None = None,
    known: Known | None = None,
    columns: Sequence[str] = (),
) -> list[Source]:
    """What was named, in order.

    Args:
        modality: What the model answers about.
        inputs: Files' names, folders of them, or what was typed.
        column: Where texts stand in tables of them; None for the one that looks like it.
        before: Where they stood in the project's latest table; counts where a table has the column and none is named.
        named: Of interactions: which columns of a table say what.
        known: Of interactions: looks somebody up by name; None where nobody is known.
        columns: Of tables: the ones that the model sees.
    """
    where = (column, before)
    return [_source(modality, given, where, named or Named(), known, columns) for given in inputs]


def _source(
    modality: str, given: str, where: Where, named: Named, known: Known | None, columns: Sequence[str]
) -> Source:
    path = Path(given)
    if not given.strip() and modality != "text":
        return broken("an empty word", _nothing_named())
    if modality != "text" and given.lstrip().startswith(JSON) and not _is_file(path):
        return _typed(modality, given, known)
    if modality == "interactions":
        return histories(given, named, known)
    if modality == "table":
        return _rows(path, lambda frame: _as_json(frame, columns))
    if given and _is_folder(path):
        return _files(modality, path)
    return _text(path, given, where) if modality == "text" else one(Asked(given, partial(bytes_in, path)))


def _typed(modality: str, given: str, known: Known | None) -> Source:
    """What was typed as JSON."""
    if modality not in IN_WORDS:
        return broken(given, _no_json())
    if modality == "interactions":
        return typed_history(_shortened(given), given, known)
    return one(Asked(_shortened(given), given.encode))


def _text(path: Path, given: str, where: Where) -> Source:
    """A text that was typed, the one in a file, or those in a table."""
    if not _is_file(path):
        return broken(given, _no_such_file()) if _names_file(given) else one(Asked(_shortened(given), given.encode))
    if where[0] is not None or is_table(path.name):
        return _rows(path, lambda frame: _texts(frame, where))
    return one(Asked(given, partial(_input_in, "text", path)))


def _input_in(modality: str, path: Path) -> bytes:
    return input_of(modality_named(modality), bytes_in(path))


def _files(modality: str, folder: Path) -> Source:
    """The files of a folder and of those in it that hold such inputs by their endings; others are counted."""
    kind = modality_named(modality)
    found = sorted(each for each in folder.rglob("*") if not each.name.startswith(".") and each.is_file())
    wanted = [each for each in found if each.suffix.lower() in kind.suffixes]
    if not wanted:
        return broken(str(folder), _none_in(kind.plural, kind.formats))
    others = len(found) - len(wanted)
    are = "files are" if others > 1 else "file is"
    passed = f"{others:,} other {are} passed over, which by their endings are no {kind.plural}."
    asked = [Asked(str(each), partial(_input_in, modality, each)) for each in wanted]
    return Source(len(asked), (), lambda: asked, (passed,) if others else ())


def _names_file(given: str) -> bool:
    """Whether what was typed is the name of a file, and no text: a path, or one word with a file's ending."""
    if _PATH.match(given):
        return True
    path = PurePath(given)
    return len(given.split()) == 1 and (is_table(given) or path.suffix.lower() in modality_named("text").suffixes)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # longer than a name can be
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


@dataclass(frozen=True)
class Telling:
    """How a table's rows become inputs.

    Attributes:
        told: From a row to an input.
        remarks: What was seen in its header, a sentence each.
    """

    told: Callable[[Mapping[str, Cell]], bytes]
    remarks: tuple[str, ...] = ()


def _rows(path: Path, telling: Callable[[Frame], Telling]) -> Source:
    """The rows of a table's file, one by one, and then those that cannot be used."""
    try:
        frame = read_frame(path.name, bytes_in(path))
        rows = sum(1 for _ in frame.rows())
        if not rows and not frame.bad_count:
            return broken(str(path), _no_rows())
        count, told = rows + frame.bad_count, telling(frame)
    except UnderstudyError as error:
        return broken(str(path), error)
    remarks = (*told.remarks, *(found.fact for found in frame.noticed()))
    return Source(count, frame.columns, lambda: _each(path, frame, told), remarks)


def _each(path: Path, frame: Frame, telling: Telling) -> Iterator[Asked]:
    for number, row in frame.numbered():
        yield Asked(f"{path}, row {number}", partial(telling.told, row), row, table=str(path), row=number)
    for bad in frame.bad:
        yield Asked(f"{path}, line {bad.number}", partial(refused, _bad_row(f"It {bad.what}.")))
    unnamed = frame.bad_count - len(frame.bad)
    if unnamed:
        yield Asked(str(path), partial(refused, _bad_row(f"{unnamed:,} more rows are like those above.")))


def _as_json(frame: Frame, known: Sequence[str]) -> Telling:
    """Reads a row as an object, under the names that the model knows.

    Raises:
        CannotRead: The table has none of the columns.
    """
    meant = meant_by(frame, known)

    def told(row: Mapping[str, Cell]) -> bytes:
        return json.dumps({meant.get(name, name): cell for name, cell in row.items()}, ensure_ascii=False).encode()

    return Telling(told, meant_words(meant))


def _texts(frame: Frame, where: Where) -> Telling:
    """Reads the cell of a row that holds its text.

    Raises:
        CannotRead: No column looks like texts.
        SourceUnreadable: The named one is not there.
    """
    column, before = where
    look = Looked.at(frame.name, frame.columns, list(islice(frame.rows(), SAMPLE)))
    alone = frame.columns[0] if len(frame.columns) == 1 and column is None else None
    known = {} if before is None else {"text": before}
    found = alone or text_column(look, Columns(text=column).or_as_before(known, frame.columns))
    if found is None:
        raise CannotRead(
            fact="It is a table, and no column looks like texts.",
            reason=f"Its columns are {listed(frame.columns)}.",
            remedy="Name the one that holds the texts: --text COLUMN.",
        )

    def told(row: Mapping[str, Cell]) -> bytes:
        cell = row.get(found)
        return (cell if isinstance(cell, str) else text_of(cell)).encode("utf-8", "replace")

    return Telling(told)


def _nothing_named() -> CannotRead:
    return CannotRead(
        fact="Nothing is named.",
        reason="Of what is asked about, one word is empty.",
        remedy="Leave it out, or see whether a variable in the command is empty.",
    )


def _no_such_file() -> CannotRead:
    return CannotRead(
        fact="There is no such file.",
        reason="It is written like a file's name, so it is taken for no text.",
        remedy="Correct the name; to ask about these words themselves, put them into a .txt file and name that.",
    )


def _no_json() -> CannotRead:
    return CannotRead(
        fact="It is JSON, or meant to be.",
        reason="What this model is asked about lies in files, and cannot be typed.",
        remedy="Name a file or a folder.",
    )


def _no_rows() -> CannotRead:
    return CannotRead(fact="It has no rows.", reason="There is nothing below its first line.", remedy="Name another.")


def _bad_row(reason: str) -> CannotRead:
    return CannotRead(fact="The row cannot be used.", reason=reason, remedy="Mend it, and ask again.")


def _none_in(plural: str, formats: str) -> CannotRead:
    return CannotRead(
        fact=f"It is a folder without {plural}.",
        reason=f"Neither it nor the folders in it hold a file with such an ending; known are {formats}.",
        remedy=f"Name {plural}, or a folder of them.",
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    if not line:
        return "an empty text"
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
