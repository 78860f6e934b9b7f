"""Lines of delimited text as rows of cells. A quote that is opened and never closed spoils no line but its own."""

import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.modalities.table.frame import BadRow

LONGEST_CELL: Final = 1_000_000
"""Letters of the longest cell: as many as a text may have in a file of its own."""
LONGEST_ROW: Final = 64 << 20
"""Letters of the longest row that goes over several lines."""
MANY: Final = 10
"""Lines in one cell from which it is told that they look like rows."""
NEARLY_ALL: Final = 0.9
"""Share of these lines that must."""
HALF: Final = 0.5
"""Share of the lines below a quote that must be rows for it to be an ordinary character."""
NAMED: Final = 4
"""Lines that are named in a sentence."""


class Rows:
    """Rows of cells, each with the line at which it begins; the first is 1. Iterating begins anew, the findings too.

    A row over several lines that is written as the csv module writes it, and as wide as the table, is read so. Of any
    other, the quote that holds it together is taken for an ordinary character where the lines below it are rows of
    the table themselves.

    Args:
        lines: The lines of the text.
        width: Cells in a row of the table.
        delimiter: What stands between cells.
        skipinitialspace: Whether blanks before a cell belong to none.
    """

    def __init__(self, lines: Iterable[str], width: int, delimiter: str, *, skipinitialspace: bool = True) -> None:
        self._lines, self._width = lines, width
        self._dialect: dict[str, Any] = {"delimiter": delimiter, "skipinitialspace": skipinitialspace}
        self._stray: list[int] = []
        self._spans: dict[str, list[tuple[int, int]]] = {}

    def __iter__(self) -> Iterator[tuple[int, list[str] | BadRow]]:
        self._stray, self._spans = [], {}
        csv.field_size_limit(LONGEST_CELL)  # the csv module has one limit for all of its readers
        held = _Held(iter(self._lines))
        reader = csv.reader(held, **self._dialect)
        number = 1
        while True:
            error = None
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as caught:
                cells, error = [], caught
            lines = held.taken()
            if len(lines) == 1 and error is None and not held.ended:
                yield number, cells
                number += 1
                continue
            row, used = self._judged(number, lines, cells, error, ended=held.ended)
            held.give_back(lines[used:])
            yield number, row
            number += used

    def findings(self, name: str) -> Iterator[Finding]:
        """What the last reading saw of quotes in a table of this name."""
        if self._stray:
            yield _stray(name, self._stray)
        yield from (_span(name, spans, how) for how, spans in self._spans.items())

    def _judged(
        self, number: int, lines: Sequence[str], cells: list[str], error: csv.Error | None, *, ended: bool
    ) -> tuple[list[str] | BadRow, int]:
        """A row over several lines, or one that cannot be split or ends with the file, and how many lines it takes."""
        fits = error is None and self._fits(cells)
        if fits and not ended and (self._width == 1 or self._well_formed(lines)):
            how = self._looks_like_rows(lines)
            if how:
                self._spans.setdefault(how, []).append((number, number + len(lines) - 1))
            return (self._ordinary(lines[0]), 1) if how == _PARTED else (cells, len(lines))
        alone = self._ordinary(lines[0])
        if self._is_stray(lines, first=self._fits(alone), fits=fits) and (ended or len(lines) > 1):
            self._stray.append(number)
            return alone, 1
        if fits:
            if ended:
                self._spans.setdefault(_OPEN, []).append((number, number + len(lines) - 1))
            return cells, len(lines)
        what, reason = unsplit(error) if error else (wrong_width(len(cells), self._width), "")
        if len(lines) > 1:
            what += f", and takes {len(lines):,} lines with it, up to line {number + len(lines) - 1:,}"
            reason = "A quote that is opened in it is closed only there, or nowhere."
        return BadRow(number, what, reason, len(lines)), len(lines)

    def _is_stray(self, lines: Sequence[str], *, first: bool, fits: bool) -> bool:
        """Whether the lines are better read each for itself."""
        share = self._share(lines[1:])
        return share >= HALF and (first or (not fits and len(lines) > MANY))

    def _looks_like_rows(self, lines: Sequence[str]) -> str:
        """Whether the many lines of a row that is well written are rows themselves: all, nearly all, or ("") not."""
        if self._width == 1 or len(lines) <= MANY:
            return ""
        share = self._share(lines[1:])
        if share == 1 and self._fits(self._ordinary(lines[0])) and all(line.strip() for line in lines):
            return _PARTED
        return _CLOSED if share >= NEARLY_ALL else ""

    def _share(self, lines: Sequence[str]) -> float:
        """The share of rows among lines that fit the table; 1 where there are none. A cut-off one does not count."""
        split = [cells for cells in self._leniently(lines) if any(cell.strip() for cell in cells)]
        if split and split[-1][-1].endswith(("\n", "\r")):
            split.pop()
        return sum(map(self._fits, split)) / len(split) if split else 1.0

    def _fits(self, cells: Sequence[str]) -> bool:
        return len(cells) >= self._width and not any(cell.strip() for cell in cells[self._width :])

    def _alone(self, line: str) -> list[str]:
        return next(self._leniently([line]), [])

    def _leniently(self, lines: Sequence[str]) -> Iterator[list[str]]:
        reader = csv.reader(lines, **self._dialect)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield []

    def _ordinary(self, line: str) -> list[str]:
        """The cells of a line at whose end a cell is open: its quote is an ordinary character."""
        cells = self._alone(line)
        rest = self._alone(cells[-1]) if cells else []
        return [*cells[:-1], f'"{rest[0] if rest else ""}', *rest[1:]]

    def _well_formed(self, lines: Sequence[str]) -> bool:
        """Whether nothing but a delimiter or the end of a line follows a quote that closes a cell."""
        try:
            next(csv.reader(lines, strict=True, **self._dialect))
        except csv.Error:
            return False
        return True


class _Held:
    """Lines for the csv module; those of the row that it is about are held, and may be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._back = lines, deque[str]()
        self._taken: list[str] = []
        self._letters = 0
        self.ended = False

    def __iter__(self) -> "_Held":
        return self

    def __next__(self) -> str:
        if self._letters > LONGEST_ROW and len(self._taken) > 1:
            raise csv.Error(f"it goes on for more than {LONGEST_ROW:,} letters")
        try:
            line = self._back.popleft() if self._back else next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self._taken.append(line)
        self._letters += len(line)
        return line

    def taken(self) -> list[str]:
        """The lines since this was last asked."""
        taken, self._taken, self._letters = self._taken, [], 0
        return taken

    def give_back(self, lines: Sequence[str]) -> None:
        """Lines that come once more."""
        self._back.extendleft(reversed(lines))
        self.ended = self.ended and not lines


def usual_width(lines: Iterable[str], delimiter: str) -> int:
    """How many cells most lines have that have several, each read for itself; 1 where none has."""
    rows = Rows((), 1, delimiter)
    counts = Counter(len(cells) for cells in map(rows._alone, lines) if len(cells) > 1)
    return max(counts, key=lambda width: (counts[width], width), default=1)


def wrong_width(count: int, width: int) -> str:
    """What is the matter with a row of so many cells."""
    return f"has {count} cell{'' if count == 1 else 's'} where the first line has {width}"


def unsplit(error: csv.Error) -> tuple[str, str]:
    """Why a line could not be split into cells, to be put behind it, and the reason."""
    if "field limit" in str(error):
        longer = f"has a cell of more than {LONGEST_CELL:,} letters"
        return longer, "No text may be longer, so that none can fill the memory; often a quote was never closed."
    return f"cannot be read ({error})", ""


_OPEN: Final = "never closed, and read as one cell"
_CLOSED: Final = "closed far below, and read as one cell"
_PARTED: Final = "closed far below, and read as rows"


def _stray(name: str, lines: Sequence[int]) -> Finding:
    one = len(lines) == 1
    first = ", ".join(f"{line:,}" for line in lines[:NAMED]) + (
        f" and {len(lines) - NAMED:,} more" if len(lines) > NAMED else ""
    )
    fact = f"A quote opened in line {first} of “{name}” is never closed, so it was read as an ordinary character."
    many = f"Quotes opened in {len(lines):,} lines of “{name}” are never closed, so they were read as ordinary "
    return Finding(
        FindingKind.DIRTY_VALUES,
        Severity.LOW,
        f"{name}, line {lines[0]}",
        fact if one else f"{many}characters: {first}.",
        "As the beginning of a cell it would have swallowed the lines below, which are rows themselves."
        if one
        else "As the beginnings of cells they would have swallowed the lines below, which are rows themselves.",
        "Delete it, or close it where its cell ends." if one else "Delete them, or close them where their cells end.",
        tuple(f"line {line}" for line in lines[:50]),
    )


def _span(name: str, spans: Sequence[tuple[int, int]], how: str) -> Finding:
    """Lines that are one cell or rows, which nobody can know for sure."""
    first, last = spans[0]
    opened = f"A quote opened in line {first:,} of “{name}” is"
    fact, reason, remedy = {
        _OPEN: (
            f"{opened} never closed, so all up to line {last:,} is one cell.",
            "The file ends before the cell does.",
            "See whether the file was cut off, or delete the quote; then add the table again.",
        ),
        _CLOSED: (
            f"{opened} closed in line {last:,} only, and nearly all lines between look like rows.",
            "What stands between two quotes is one cell, so it was read as one.",
            f"If they are rows, delete the quote in line {first:,}, then add the table again.",
        ),
        _PARTED: (
            f"{opened} closed in line {last:,} only, and was read as an ordinary character.",
            "Each of these lines is a row of the table by itself.",
            "Delete both quotes if they are strays; if it is one cell, add the table as JSON lines.",
        ),
    }[how]
    more = f" There are {len(spans) - 1:,} more such quotes." if len(spans) > 1 else ""
    heavy = how != _PARTED and last - first >= MANY
    severity = Severity.HIGH if heavy else Severity.MEDIUM
    evidence = tuple(f"lines {begin} to {end}" for begin, end in spans[:50])
    return Finding(FindingKind.DIRTY_VALUES, severity, f"{name}, line {first}", fact + more, reason, remedy, evidence)
