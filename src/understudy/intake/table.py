"""Tables that name files: CSV files as people make them, and Hugging Face's `metadata.csv` and `metadata.jsonl`."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from understudy.domain.finding import Finding
from understudy.domain.texts import json_in
from understudy.intake.badfile import bad_row
from understudy.intake.incoming import SourceUnreadable
from understudy.modalities.table.cells import text_of
from understudy.modalities.table.frame import BadRow, Frame
from understudy.modalities.table.quoting import Rows as SplitRows
from understudy.modalities.table.quoting import wrong_width
from understudy.modalities.table.schema import nearest

PATH_COLUMNS: Final = ("file_name", "filename", "file", "path", "filepath", "file_path", "image", "image_path", "photo")
LABEL_COLUMNS: Final = ("label", "class", "category", "target")
MOST_LISTED: Final = 20
"""Names of columns that are told one by one."""
DELIMITERS: Final = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Columns:
    """Which columns to read, by their names; None looks for the usual ones.

    Attributes:
        path: Names the file.
        label: Says what is to be predicted.
        text: Holds the text.
        time: Says when a row came about.
        who: Says whose interaction a row is.
        what: Says what was taken.
        rating: Says how it was liked.
    """

    path: str | None = None
    label: str | None = None
    text: str | None = None
    time: str | None = None
    who: str | None = None
    what: str | None = None
    rating: str | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that were named; a label with commas in it may be several, and is looked for later."""
        label = None if self.label and "," in self.label else self.label
        given = (self.path, label, self.text, self.time, self.who, self.what, self.rating)
        return tuple(dict.fromkeys(column for column in given if column))

    def or_as_before(self, before: Mapping[str, str], header: Collection[str]) -> "Columns":
        """With those of the project's latest table for what nobody names, as far as they are there.

        Args:
            before: Which column said what; several of labels have commas between them.
            header: The columns of the table.
        """
        unsaid = {part: column for part, column in before.items() if getattr(self, part) is None}
        return replace(
            self,
            **{
                part: column
                for part, column in unsaid.items()
                if column not in self.named
                and (column in header or all(each.strip() in header for each in column.split(",")))
            },
        )


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes:
        number: Its line in the file; the first is 1.
        cells: By column, as written.
    """

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    """A table that names files.

    Attributes:
        name: For people.
        path_column: Names the photo.
        label_column: Says what it shows; None if no column does.
        columns: All columns.
        rows: The rows that can be used.
        findings: The others.
    """

    name: str
    path_column: str
    label_column: str | None
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def said(self) -> dict[str, str]:
        """Which column says what, by the names of `Columns`."""
        label = {} if self.label_column is None else {"label": self.label_column}
        return {"path": self.path_column, **label}


@dataclass(frozen=True)
class LeftOut:
    """A row that cannot be used.

    Attributes:
        number: Its line in the file; the first is 1.
        finding: What is the matter with it.
    """

    number: int
    finding: Finding


@dataclass(frozen=True)
class Rows:
    """A table of any kind, row by row.

    Attributes:
        name: For people.
        columns: All columns.
        rows: The rows that can be used.
        left_out: The others.
        remarks: What else was seen in the table.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Finding, ...]


def read_rows(name: str, data: bytes) -> Rows:
    """Reads a table, whatever its columns are for.

    Args:
        name: For people; the ending says which kind it is (".jsonl", else delimited text).
        data: The file's bytes: UTF-8, UTF-16 or UTF-32, or else Latin-1 as Windows has it.

    Raises:
        SourceUnreadable: Its first line is none of a table.
    """
    text = _decoded(data)
    items = list(_json_rows(name, text) if name.lower().endswith(".jsonl") else _csv_rows(name, text))
    rows = tuple(item for item in items if isinstance(item, Row))
    columns = tuple(dict.fromkeys(column for row in rows for column in row.cells)) or tuple(_header(name, text)[0])
    left = tuple(item for item in items if isinstance(item, LeftOut))
    return Rows(name, columns, rows, left, tuple(item for item in items if isinstance(item, Finding)))


def read_table(name: str, data: bytes, wanted: Columns, before: Mapping[str, str] | None = None) -> Table:
    """Reads a table that names files.

    Args:
        name: For people; see `read_rows`.
        data: The file's bytes.
        wanted: Which columns to read.
        before: Which column said what in the project's latest table; see `Columns.or_as_before`.

    Raises:
        SourceUnreadable: There is no table in it, or a column is missing.
    """
    read = read_rows(name, data)
    wanted = wanted.or_as_before(before or {}, read.columns)
    path = column_of(name, read.columns, wanted.path, PATH_COLUMNS)
    if path is None:
        raise SourceUnreadable(
            fact=f"“{name}” has no column that names the files.",
            reason=f"Its columns are {listed(read.columns)}; looked for were {listed(PATH_COLUMNS)}.",
            remedy="Say which column holds the file names.",
        )
    label = column_of(name, read.columns, wanted.label, LABEL_COLUMNS)
    findings = (*(each.finding for each in read.left_out), *read.remarks)
    return Table(name, path, label, read.columns, read.rows, findings)


def table_of(frame: Frame, wanted: Columns) -> Table:
    """The same of a table that was opened already, whatever file it came in.

    Raises:
        SourceUnreadable: A column is missing.
    """
    path = column_of(frame.name, frame.columns, wanted.path, PATH_COLUMNS) or frame.columns[0]
    label = column_of(frame.name, frame.columns, wanted.label, LABEL_COLUMNS)
    rows = tuple(
        Row(number, {column: text_of(cell) for column, cell in cells.items()}) for number, cells in frame.numbered()
    )
    return Table(frame.name, path, label, frame.columns, rows, frame.findings)


def has_file_names(data: bytes) -> bool:
    """Whether the first line of delimited text has a column for file names."""
    try:
        columns = {column.strip().lower() for column in _header("", _decoded(data))[0]}
    except SourceUnreadable:
        return False
    return not columns.isdisjoint(PATH_COLUMNS)


def column_of(name: str, columns: tuple[str, ...], wanted: str | None, usual: tuple[str, ...]) -> str | None:
    """The column asked for, or else the first of the usual ones; None where there is none of those.

    Raises:
        SourceUnreadable: The column asked for is not there.
    """
    if wanted is not None:
        if wanted in columns:
            return wanted
        raise SourceUnreadable(
            fact=f"“{name}” has no column “{wanted}”.",
            reason=f"Its columns are {listed(columns)}.",
            remedy=nearest(wanted, columns),
        )
    by_name = {column.strip().lower(): column for column in reversed(columns)}
    return next((by_name[one] for one in usual if one in by_name), None)


def listed(columns: Sequence[str]) -> str:
    """Columns, or other facts by name, as a person reads them; the first `MOST_LISTED`."""
    more = f" and {len(columns) - MOST_LISTED} more" if len(columns) > MOST_LISTED else ""
    return (", ".join(f"“{column}”" for column in columns[:MOST_LISTED]) or "none") + more


def left_out(columns: Iterable[str]) -> tuple[str, ...]:
    """What is said of columns that nobody looks at; nothing where there are none."""
    found = tuple(columns)
    return (f"Other columns are left out: {listed(found)}.",) if found else ()


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return data.decode("utf-32", "replace")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:2]:  # two bytes a letter without a mark: the first of a table is hardly ever beyond Latin
        return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _header(name: str, text: str) -> tuple[list[str], str]:
    """The column names and the delimiter that splits the first line into most of them."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    if any(ord(letter) < 32 and letter != "\t" for letter in first):
        raise _no_table(name)
    try:
        split = {one: next(csv.reader([first], delimiter=one), []) for one in DELIMITERS}
    except csv.Error as error:
        raise _no_table(name) from error
    delimiter = max(DELIMITERS, key=lambda one: (len(split[one]), -DELIMITERS.index(one)))
    return [column.strip() for column in split[delimiter]], delimiter


def _no_table(name: str) -> SourceUnreadable:
    return SourceUnreadable(
        fact=f"“{name}” is no table.",
        reason="Its first line cannot be read as names of columns.",
        remedy="Give a CSV file, whose first line names the columns, or JSON lines in a file that ends in .jsonl.",
    )


def _csv_rows(name: str, text: str) -> Iterator[Row | LeftOut | Finding]:
    columns, delimiter = _header(name, text)
    split = SplitRows(io.StringIO(text, newline=""), len(columns), delimiter, skipinitialspace=False)
    seen_header = False
    for number, cells in split:
        if isinstance(cells, BadRow):
            yield LeftOut(number, bad_row(name, number, cells.what, cells.reason))
        elif not any(cell.strip() for cell in cells):
            continue
        elif not seen_header:
            seen_header = True
        elif len(cells) != len(columns):
            yield LeftOut(number, bad_row(name, number, wrong_width(len(cells), len(columns))))
        else:
            yield Row(number, dict(zip(columns, cells, strict=True)))
    yield from split.findings(name)


def _json_rows(name: str, text: str) -> Iterator[Row | LeftOut]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json_in(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            yield Row(number, {str(key): "" if cell is None else str(cell) for key, cell in value.items()})
        else:
            yield LeftOut(number, bad_row(name, number, "is no JSON object"))
