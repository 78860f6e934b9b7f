"""Delimited text as people make it: any delimiter, any encoding, quotes, titles above the table, no header at all."""

import codecs
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Final

from understudy.domain.finding import Finding
from understudy.modalities.sniffing import SNIFFED, known_kind, what_it_is, wide_encoding
from understudy.modalities.table.cells import number_of, present
from understudy.modalities.table.frame import BadRow, Frame, Numbered, named
from understudy.modalities.table.quoting import Rows, usual_width, wrong_width
from understudy.modalities.table.source import opened
from understudy.modalities.table.unreadable import empty_table, no_table, passed_over, remark

USUAL: Final = (",", ";", "\t", "|")
RARE: Final = ("^", "~", "¦", "\x1f", ":", " ")
"""Delimiters that are tried where none of the usual ones splits the lines evenly."""
OFTEN, NEARLY_ALWAYS = 0.5, 0.9
"""Share of lines that a delimiter, a usual or a rare one, must split into as many cells: blanks split some sentences
into as many words, and a column of sentences is no table of words."""
SAMPLE: Final = 500
LONGEST_LINE: Final = 64 << 20
_MARK: Final = b"\xef\xbb\xbf"
"""Some programs begin UTF-8 with it."""


@dataclass(frozen=True)
class Layout:
    """How a table is written.

    Attributes:
        delimiter: What stands between cells.
        width: Cells in a row.
        skip: Rows before the one that names the columns.
        headless: No row names the columns.
        unnamed: Rows have a first cell more than the header names: row names, as R writes them.
    """

    delimiter: str
    width: int
    skip: int
    headless: bool
    unnamed: bool


def open_table(name: str, data: bytes | Path) -> Frame:
    """Opens delimited text; see `read_frame`."""
    lines = _Lines(name, data)
    sample = list(islice(iter(lines), SAMPLE))
    if not any(line.strip() for line in sample):
        raise empty_table(name)
    strange = any(ord(sign) < 32 and sign not in "\t\r\n\x0b\x0c\x1f" for line in sample[:1] for sign in line)
    if strange or known_kind(lines.head):
        raise no_table(name, f"It is {what_it_is(lines.head)}.", "Give a CSV, JSON lines, Parquet or Excel file.")
    layout = _layout_of(sample)
    header = next(islice(_split(sample, layout.delimiter), layout.skip, None))
    given = [cell.strip() for cell in header]
    if layout.headless:
        given = [f"column {place}" for place in range(1, layout.width + 1)]
    elif layout.unnamed:
        given = ["row", *given]
    columns, remarks = named(name, given)
    remarks += _remarks(name, layout, header)
    rows = Rows(lines, len(columns), layout.delimiter)
    return Frame(name, columns, lambda: _rows(rows, layout, len(columns)), remarks, lambda: _noticed(name, lines, rows))


class _Lines:
    """Lines of text, each decoded for itself where a file mixes encodings. Iterating begins anew, counts too."""

    def __init__(self, name: str, data: bytes | Path) -> None:
        self._name, self._data = name, data
        self.foreign = self.unicode = self.hollow = 0
        self.head = b""

    def __iter__(self) -> Iterator[str]:
        self.foreign = self.unicode = self.hollow = 0
        try:
            with opened(self._data) as raw:
                self.head = head = raw.read(SNIFFED)
                raw.seek(0)
                marked = "utf-8-sig" if head.startswith(_MARK) else wide_encoding(head)
                for line in self._wide(raw, marked) if marked else self._mixed(raw):
                    self.hollow += "\0" in line
                    yield line
        except (EOFError, zlib.error, OSError) as error:
            raise no_table(
                self._name, f"It breaks off or cannot be opened ({error}).", "Copy it again from where it came."
            ) from error

    @staticmethod
    def _wide(raw: IO[bytes], encoding: str) -> Iterator[str]:
        yield from codecs.getreader(encoding)(raw, "replace")

    def _mixed(self, raw: IO[bytes]) -> Iterator[str]:
        for line in iter(lambda: raw.readline(LONGEST_LINE), b""):
            yield from self._decoded(line)

    def _decoded(self, line: bytes) -> Iterator[str]:
        try:
            text = line.decode("utf-8")
            self.unicode += not line.isascii()
        except UnicodeDecodeError:
            text = line.decode("cp1252", "replace")
            self.foreign += 1
        if "\r" in text[:-2]:  # as old Macintosh programs end lines
            yield from (part for part in re.split(r"(?<=\r)(?!\n)", text) if part)
        else:
            yield text


def _layout_of(sample: Sequence[str]) -> Layout:
    """Finds out how a table is written from its first lines."""
    delimiter, widths = _delimiter_of(sample)
    counts = Counter(width for width in widths if width)
    width = max(counts, key=lambda each: (counts[each], each))
    first = next((place for place, each in enumerate(widths) if (each >= width - 1 and each > 1) or each == width), 0)
    skip = first if sum(widths[first + 1 :]) else 0
    rows = list(islice(_split(sample, delimiter), skip, skip + 30))
    header = rows[0] if rows else []
    numbers = [not math.isnan(number_of(cell)) for cell in header if present(cell)]
    headless = len(rows) > 1 and bool(numbers) and all(numbers) and len(set(header)) > 1
    unnamed = not headless and len(header) == width - 1 and width > 2
    return Layout(delimiter, width, skip, headless, unnamed)


def _delimiter_of(sample: Sequence[str]) -> tuple[str, list[int]]:
    """The delimiter that splits most lines into the same number of cells, and the cells of each line."""
    best: tuple[float, str, list[int]] = (0.0, ",", [1 if line.strip() else 0 for line in sample])
    for delimiters, least in ((USUAL, OFTEN), (RARE, NEARLY_ALWAYS)):
        for delimiter in delimiters:
            widths = [len(cells) for cells in _split(sample, delimiter)]
            counts = Counter(width for width in widths if width)
            width, often = max(counts.items(), key=lambda pair: (pair[1] * (pair[0] > 1), pair[0]), default=(0, 0))
            share = often / max(sum(counts.values()), 1)
            if width > 1 and share >= least and share + min(width, 100) / 1000 > best[0]:
                best = (share + min(width, 100) / 1000, delimiter, widths)
        if best[0]:
            break
    return best[1], best[2]


def _split(lines: Sequence[str], delimiter: str) -> Iterator[list[str]]:
    """The lines' cells; a row that cannot be split has none, and nor has an empty one."""
    for _, cells in Rows(lines, usual_width(lines, delimiter), delimiter):
        yield [] if isinstance(cells, BadRow) or not any(cell.strip() for cell in cells) else cells


def _rows(rows: Rows, layout: Layout, width: int) -> Iterator[Numbered | BadRow]:
    skip = layout.skip + (0 if layout.headless else 1)
    for number, cells in rows:
        if skip:
            skip -= 1
        elif isinstance(cells, BadRow):
            yield cells
        elif any(cell.strip() for cell in cells):
            yield _fitted(cells, width, number)


def _fitted(cells: list[str], width: int, number: int) -> Numbered | BadRow:
    """A row as wide as the table; empty cells at its end may be too many."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) != width:
        return BadRow(number, wrong_width(len(cells), width))
    return number, [cell.replace("\0", "").strip() or None for cell in cells]


def _remarks(name: str, layout: Layout, header: Sequence[str]) -> Iterator[Finding]:
    if layout.headless:
        yield remark(
            name,
            f"No line of “{name}” names its columns, so they got their places as names.",
            "Its first line holds nothing but numbers.",
            "Put a line with the names of the columns on top.",
            evidence=tuple(header[:20]),
        )
    elif layout.skip:
        yield passed_over(name, layout.skip)


def _noticed(name: str, lines: _Lines, rows: Rows) -> Iterator[Finding]:
    yield from rows.findings(name)
    if lines.foreign and lines.unicode:
        yield remark(
            name,
            f"“{name}” mixes encodings; each of its lines was read in its own.",
            f"Of its lines, {lines.unicode:,} are UTF-8 beyond ASCII and {lines.foreign:,} are Windows-1252.",
            "Look at names with accents, and export the table as UTF-8 if they are wrong.",
        )
    if lines.hollow:
        yield remark(
            name,
            f"“{name}” holds NUL characters, which were left out of its cells.",
            f"They stand in {lines.hollow:,} of its lines and say nothing.",
            "Look at a few of its rows, and export the table again if something is missing in them.",
        )
