"""What a cell says: a number behind a currency sign, a date in one of many ways of writing, or nothing at all."""

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

from understudy.modalities.table.months import SHORT_YEARS, says_years

Cell = str | int | float | bool | None
"""One cell as it is kept: text, a number, a flag, or nothing."""

MARKERS: Final = frozenset(
    ("", "?", "na", "n/a", "#n/a", "nan", "null", "nil", "-", "--", ".", "missing", "not available", "<na>", "k.a.")
)
"""What people write where a value is missing, in small letters; “none” and “unknown” may be answers."""

LONGEST: Final = 64
"""Characters of the longest text that may be a number or a date."""
_NUMBER: Final = re.compile(
    r"(?P<sign>[-+−]|\()?\s*(?:[$€£¥₹]|[A-Z]{3}\s|CHF|Fr\.)?\s*(?P<minus>[-+−])?\s*"
    r"(?P<digits>\d{1,3}(?:(?P<mark>[ .,'’\u00a0\u202f])\d{3})+(?!\d)(?:[.,]\d+)?|\d*[.,]?\d+|\d+[.,])"
    r"(?P<power>[eE][-+]?\d+)?\s*(?:[$€£¥₹%°‰]|[A-Z]{3}|kr)?\s*\)?"
)
_GROUPED: Final = re.compile(r"-?\d{1,3}(\.\d{3})+")
_COMMA: Final = re.compile(r"\d,(\d{1,2}|\d{4,})(?!\d)(?!.*[.,])")
_BOTH: Final = re.compile(r"\d\.\d{3},\d")
_POINT: Final = re.compile(r"\.(\d{1,2}|\d{4,})(?!\d)(?!.*[.,])")
_DATES: Final = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%d-%m-%Y", "%Y%m%d", "%d %b %Y",
                 "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%m/%d/%y", "%d.%m.%y",
                 "%d/%m/%y")  # fmt: skip
_MONTHS: Final = ("%b %Y", "%B %Y", "%b-%Y", "%B-%Y", "%b/%Y", "%b, %Y", "%B, %Y", "%Y-%b", "%Y %b")
_CLOCKS: Final = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S")
WAYS: Final = (*(day + clock for day in _DATES for clock in _CLOCKS), *_MONTHS)
"""Ways of writing a date that are known besides ISO 8601, the likelier ones first."""
ISO: Final = "iso"
_PERIODS: Final = (
    re.compile(r"(?P<year>(?:19|20)\d\d)(?:[-/](?P<month>0[1-9]|1[0-2])|[-/ ]?[Qq](?P<quarter>[1-4]))"),
    re.compile(r"(?:(?P<month>0?[1-9]|1[0-2])[-/.]|[Qq](?P<quarter>[1-4])[-/ ]?)(?P<year>(?:19|20)\d\d)"),
)
"""Months and quarters, which say their first day; of our centuries, or parts and places would be some of them."""
_MONTH: Final = re.compile(r"(?:0?[1-9]|1[0-2])[./](?:19|20)\d\d")
_DATED: Final = re.compile(r"\w{1,9}[-./ ]\w{1,9}[-./ ,]+\d{1,4}(?:[T ,].{0,20})?")
"""What a date looks like, so that few other texts are tried in every way."""
FEW: Final = 20
"""Cells that a way of writing dates is tried on before it is tried on all."""
_DAY_NUMBER: Final = re.compile(r"\d{5,6}")
"""A date as a spreadsheet or a program counts days; among dates it is one, alone it is a number like any other."""
EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001
FIRST_DAY: Final = (datetime(1000, 1, 1) - EPOCH).days  # noqa: DTZ001
"""Dates before it, in years of fewer digits, are none."""
LARGEST: Final = sys.float_info.max


def present(cell: Cell) -> bool:
    """Whether a cell says anything: no marker, no number that cannot be reckoned with."""
    if cell is None:
        return False
    if isinstance(cell, str):
        return cell.strip().lower() not in MARKERS
    return reckonable(cell)


def reckonable(number: float) -> bool:
    """Whether a number is one, has an end, and is not so large that no float holds it, as a whole one may be."""
    return -LARGEST <= number <= LARGEST


def endless(cell: Cell) -> bool:
    """Whether a text writes a number without end, such as “-inf” or “1e400”."""
    if not isinstance(cell, str) or len(cell) > LONGEST:
        return False
    try:
        return math.isinf(float(cell))
    except ValueError:
        return False


@dataclass(frozen=True)
class NumberStyle:
    """How a column writes its numbers.

    Attributes:
        decimal: "." or ",": what stands before the fraction.
    """

    decimal: str = "."


@cache
def style_with(decimal: str) -> NumberStyle:
    """The style with a sign before the fraction, made once: cells are asked by the million."""
    return NumberStyle(decimal)


def number_of(cell: Cell, style: NumberStyle = NumberStyle()) -> float:
    """The number in a cell; NaN where there is none. Percentages stay as written: “12%” is 12.

    Args:
        cell: As read.
        style: How its column writes numbers.
    """
    if isinstance(cell, bool | int | float):
        return float(cell) if reckonable(cell) else math.nan
    text = "" if cell is None or len(cell) > LONGEST else cell.strip()
    plain = text
    if style.decimal == ",":
        if _GROUPED.fullmatch(text):
            return _written(text, style)
        plain = text if "." in text else text.replace(",", ".", 1)
    try:
        number = float(plain)
    except ValueError:
        return math.nan if "_" in text else _written(text, style)
    return number if math.isfinite(number) and "_" not in text else math.nan


def _written(text: str, style: NumberStyle) -> float:
    found = _NUMBER.fullmatch(text)
    if found is None:
        return math.nan
    digits = found["digits"].replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    digits = digits.replace("'", "").replace("’", "")
    thousands = "," if style.decimal == "." else "."
    if thousands in digits and style.decimal not in digits and not re.fullmatch(rf"\d+(\{thousands}\d{{3}})+", digits):
        digits = digits.replace(thousands, ".")  # a lone sign that groups no thousands stands before the fraction
    else:
        digits = digits.replace(thousands, "").replace(",", ".")
    negative = found["sign"] in ("-", "−", "(") or found["minus"] in ("-", "−")
    try:
        number = float(digits + (found["power"] or ""))
    except (ValueError, OverflowError):
        return math.nan
    return math.nan if not math.isfinite(number) else -number if negative else number


def style_of(cells: Sequence[str], usual: str = ".") -> NumberStyle:
    """How numbers are written, from some of them: a comma before other than three digits is before a fraction.

    Args:
        cells: As written.
        usual: What stands before the fraction where none of them tells.
    """
    comma = both = point = 0
    for cell, count in Counter(cells).items():
        if "," in cell:
            comma += count * bool(_COMMA.search(cell))
            both += count * bool(_BOTH.search(cell))
        if "." in cell:
            point += count * bool(_POINT.search(cell))
    if not comma + both + point:
        return NumberStyle(usual)
    return NumberStyle("," if comma + both > point else ".")


def moment_of(cell: Cell, way: str = ISO) -> float:
    """The moment in a cell, in days since 1970 with fraction; NaN where there is none.

    Args:
        cell: As read.
        way: One of `WAYS` or `SHORT_YEARS`, or `ISO`; ISO 8601 is understood always, and so are months and quarters
            such as 2024-03, 03/2024 and 2024-Q1.
    """
    if not isinstance(cell, str) or not 6 <= len(cell) <= LONGEST:
        return math.nan
    text = cell.strip()
    if not text or not (text[0].isdigit() or text[0].isalpha()):
        return math.nan
    try:
        when = datetime.strptime(text, way) if way != ISO else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        return _first_day_of(text) if way == ISO else moment_of(text)
    # The offset comes off a span of time, not off a date: the last evening of the year 9999 may have none in UTC.
    days = (when.replace(tzinfo=None) - EPOCH - (when.utcoffset() or timedelta())).total_seconds() / 86400
    return days if days >= FIRST_DAY else math.nan


def _first_day_of(text: str) -> float:
    """The first day of a month or a quarter, in days since 1970; NaN where a text says none."""
    found = next((found for period in _PERIODS if (found := period.fullmatch(text))), None)
    if found is None:
        return math.nan
    month = int(found["month"] or 3 * int(found["quarter"]) - 2)
    return float((datetime(int(found["year"]), month, 1) - EPOCH).days)  # noqa: DTZ001


def is_month(text: str) -> bool:
    """Whether a text may be a month before its year, such as 3.2024, which may be a number, too."""
    return _MONTH.fullmatch(text.strip()) is not None


def way_of(cells: Sequence[str], *, share: float = 0.95) -> str | None:
    """The way in which most of some cells write dates, or None where they are none; their order does not matter.

    Two digits beside a month are a year only where all of the cells together say so; see `months`.
    """
    few = spread(cells, FEW)
    # Every way has a digit in it, so that words need not be tried in a hundred of them.
    if sum(any(map(str.isdigit, cell)) for cell in few) < share * max(len(few), 1):
        return None
    # What is ISO 8601 is read in every way; the best one reads most of the others.
    others = [cell for cell in cells if math.isnan(moment_of(cell))]
    for ways in (WAYS, SHORT_YEARS):
        best, left = _best_of(ways, others)
        if len(cells) - left >= share * len(cells):
            return best if ways is WAYS or says_years(Counter(others), best) else None
    return None


def _best_of(ways: Sequence[str], cells: Sequence[str]) -> tuple[str, int]:
    """The way that reads most of some cells, and how many it does not; `ISO` where none reads any."""
    few, counts = spread(cells, FEW), Counter(cells)
    best, left = ISO, len(cells)
    for way in ways:
        if left and 2 * _unread(Counter(few), way) <= len(few):
            unread = _unread(counts, way)
            best, left = (way, unread) if unread < left else (best, left)
    return best, left


def spread(cells: Iterable[str], most: int) -> list[str]:
    """Some cells, evenly spread over all in the order of their letters, however they stand in a table."""
    ordered = sorted(cells)
    return ordered if len(ordered) <= most else [ordered[place * len(ordered) // most] for place in range(most)]


def mixed_dates(cells: Sequence[str], *, share: float = 0.95) -> bool:
    """Whether most of some cells write dates, though not all in one way; fewer than half may be numbers of days."""
    written = [cell for cell in cells if _DAY_NUMBER.fullmatch(cell.strip()) is None]
    if 2 * len(written) <= len(cells) or sum(map(_dated, written)) < share * len(written):
        return False
    dates = sum(any(not math.isnan(moment_of(cell, way)) for way in (ISO, *WAYS)) for cell in written)
    return dates >= share * len(written)


def _dated(cell: str) -> bool:
    return _DATED.fullmatch(cell.strip()) is not None


def _unread(cells: Mapping[str, int], way: str) -> int:
    """How many of some cells, of which each is there so often, say no date in a way."""
    return sum(count for cell, count in cells.items() if math.isnan(moment_of(cell, way)))


def cell_of(value: Any) -> Cell:
    """Any value that a reader gives, as a cell: dates in ISO 8601, lists and what else has parts as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=cell_of)
    if isinstance(value, int):
        return value if reckonable(value) else None
    if isinstance(value, datetime | date | time):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return _other(value)


def _other(value: Any) -> Cell:
    """A number of any type, such as a decimal; of all else what it says of itself."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return str(value)
    return number if math.isfinite(number) else None


def text_of(cell: Cell) -> str:
    """A cell as a category's name: 5, 5.0 and “5” are the same one; so are True and “true”."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else repr(cell)


def shown_number(number: float) -> str:
    """A number for people, to six digits or to the last before the point: 1,200,000 rather than 1.2e+06."""
    return f"{number:,.0f}" if 1e6 <= abs(number) < 1e15 else f"{number:,.6g}"
