"""Rows of delimited text, one after another, so that a long table never lies in memory as a whole."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from understudy.domain.errors import UnderstudyError

DELIMITERS: Final = (",", ";", "\t", "|", "::")
PEEK: Final = 1_000_000
"""Bytes from which the encoding is told."""


class SheetUnreadable(UnderstudyError):
    """There is no table in a file."""


@dataclass(frozen=True)
class Sheet:
    """A table, row by row.

    Attributes:
        name: For people.
        header: Its columns, each name once.
        rows: Begins reading: gives each row's line and its cells, which may be fewer or more than columns.
    """

    name: str
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[str]]]]

    def sample(self, count: int = 1000) -> list[dict[str, str]]:
        """The first rows that are whole, by column."""
        whole = (cells for _, cells in self.rows() if len(cells) == len(self.header))
        return [dict(zip(self.header, cells, strict=True)) for cells in islice(whole, count)]


def read_sheet(name: str, source: bytes | Path) -> Sheet:
    """Opens a table of delimited text.

    Args:
        name: For people.
        source: Its bytes or its path; UTF-8, UTF-16, or else Latin-1 as Windows has it.

    Raises:
        SheetUnreadable: Its first line names no columns.
    """
    encoding = _encoding(_start(source))

    def lines() -> Iterator[str]:
        raw = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        with raw, io.TextIOWrapper(raw, encoding, "replace", newline="") as text:
            for line in text:
                yield line.replace("\0", "")

    first = next((line for line in lines() if line.strip()), "").strip("\r\n")
    delimiter = max(DELIMITERS, key=lambda each: (first.count(each) * len(each), -DELIMITERS.index(each)))
    header = tuple(cell.strip() for cell in next(_cells(iter([first]), delimiter), (0, ()))[1])
    if len(header) < 2 or len(set(header)) < len(header):
        twice = next((each for each in header if header.count(each) > 1), None)
        raise SheetUnreadable(
            fact=f"“{name}” cannot be read as a table.",
            reason=f"The column “{twice}” is there twice."
            if twice
            else "Its first line does not name several columns.",
            remedy="Save it as CSV whose first line names each column once.",
        )

    def rows() -> Iterator[tuple[int, Sequence[str]]]:
        found = _cells(lines(), delimiter)
        next(found, None)
        return found

    return Sheet(name, header, rows)


def _cells(lines: Iterator[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Cells of each line that holds any; a quote that is never closed ends its row at 128 kB."""
    if delimiter == "::":
        yield from ((at, line.rstrip("\r\n").split("::")) for at, line in enumerate(lines, 1) if line.strip())
        return
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield reader.line_num, ()
            continue
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _start(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source[:PEEK]
    with source.open("rb") as file:
        return file.read(PEEK)


def _encoding(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4 or len(start) < PEEK:  # not just cut off within a letter
            return "cp1252"
    return "utf-8-sig"
