"""Months with two digits beside them, such as Jan-23: of the year 2023, or the 23rd of some January."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

SHORT_YEARS: Final = ("%b-%y", "%b %y", "%b/%y", "%b'%y", "%b '%y", "%B-%y", "%B %y", "%y-%b", "%y %b")
"""Ways of writing a month of a year by its last two digits; what stands there may be a day."""
LATEST: Final = 2050
"""Years from which two digits may as well be of the century before."""
MOSTLY_DAYS: Final = 0.95
"""Share of cells whose digits can be a day, from which all of them may be."""
FEWEST: Final = 6
"""Different months that show which they are by filling a span of years."""
FILLED: Final = 0.75
"""Share of the months of a span that have to be there."""
MOST_YEARS: Final = 25
"""Years of such a span; of more, days fill it as well."""
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def says_years(cells: Mapping[str, int], way: str) -> bool:
    """Whether the digits beside months say years: too few can be days, or the months follow each other without gaps.

    Days of several months come from the whole of each, so as years they would leave gaps, or span more than
    `MOST_YEARS`. Where digits are all the same, such as in Jan-20 to Dec-20, nothing tells.

    Args:
        cells: As written, each with how often it is there.
        way: One of `SHORT_YEARS`.
    """
    months: Counter[tuple[int, int]] = Counter()
    for cell, count in cells.items():
        try:
            when = datetime.strptime(cell.strip(), way)  # noqa: DTZ007
        except ValueError:
            continue
        months[when.year, when.month] += count
    if not months or max(months)[0] > LATEST:
        return False
    days = sum(count for (year, month), count in months.items() if 1 <= year % 100 <= _DAYS[month - 1])
    return days < MOSTLY_DAYS * months.total() or _follow(months)


def _follow(months: Mapping[tuple[int, int], int]) -> bool:
    """Whether months of several years fill their span."""
    (first_year, first_month), (last_year, last_month) = min(months), max(months)
    span = 12 * (last_year - first_year) + last_month - first_month + 1
    return 0 < last_year - first_year < MOST_YEARS and len(months) >= max(FEWEST, FILLED * span)
