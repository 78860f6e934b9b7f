"""Numbers in three parts of about the same size, with names that say where they part."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_DIGITS = 3
_MOST_DIGITS = 17
_PLAIN_DIGITS = 15
Part = tuple[str, NDArray[np.bool_]]


def thirds(values: ArrayLike) -> tuple[Part, ...]:
    """The lower, the middle and the upper third, cut where a third and two thirds of the numbers lie.

    Equal numbers are never parted, so thirds may differ in size, or fall together where most numbers are equal; but
    one part has them all only where all are equal. A name has as many digits as it takes to part the same numbers.

    Args:
        values: The numbers, (n,); those that are not finite are in no part.

    Returns:
        The parts that hold a number, rising, each with its name and which of the numbers are in it, (n,).
    """
    numbers = np.asarray(values, np.float64)
    numbers = np.where(np.isfinite(numbers), numbers, np.nan)
    distinct = np.unique(numbers[~np.isnan(numbers)])
    if not distinct.size:
        return ()
    if distinct.size == 1:
        return ((f"from {_plain(float(distinct[0]))} on", np.array(numbers >= distinct[0], np.bool_)),)
    quantiles = np.nanquantile(numbers, [1 / 3, 2 / 3])
    places = np.searchsorted(distinct, quantiles).clip(1, distinct.size - 1)
    low, high = distinct[places]
    first, last = (
        _name(distinct[place - 1], distinct[place], cut) for place, cut in zip(places, quantiles, strict=True)
    )
    if high == low:
        parts = [(f"under {first}", numbers < low), (f"from {first} on", numbers >= low)]
    else:
        middle = (numbers >= low) & (numbers < high)
        parts = [
            (f"under {first}", numbers < low),
            (f"{first} to {last}", middle),
            (f"from {last} on", numbers >= high),
        ]
    return tuple((name, np.array(members, np.bool_)) for name, members in parts)


def _name(below: float, above: float, cut: float) -> str:
    """The cut with few digits, yet above what lies below it and not above what lies above it."""
    cut = cut if below < cut <= above else above
    for digits in range(FEWEST_DIGITS, _MOST_DIGITS):
        rounded = float(f"{cut:.{digits}g}")
        if below < rounded <= above:
            return _plain(rounded)
    return _plain(cut)


def _plain(number: float) -> str:
    """All digits that a number has, and no more."""
    short = f"{number + 0.0:,.{_PLAIN_DIGITS}g}"
    return short if float(short.replace(",", "")) == number else f"{number:,.{_MOST_DIGITS}g}"
