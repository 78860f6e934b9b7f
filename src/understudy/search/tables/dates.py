"""Parts of a moment that may matter: the trend, the season, the day of the week, the hour."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

PARTS = ("days", "year", "month", "day", "weekday", "day of year", "hour", "minute")
CYCLES = {"month": 12, "weekday": 7, "hour": 24}
"""Parts that come round again: how many there are."""
_TINY = 1e-7


def parts_of(days: Numbers) -> dict[str, Numbers]:
    """The parts of each moment.

    Args:
        days: Since 1970, with fraction, (n,); NaN where missing.

    Returns:
        By name in `PARTS`, (n,); NaN where missing. Months and days count from 1, weekdays from 0 for Monday.
    """
    known = np.isfinite(days)
    safe = np.where(known, days, 0.0) + _TINY
    whole = np.floor(safe)
    dates = whole.astype("datetime64[D]")
    years, months = dates.astype("datetime64[Y]"), dates.astype("datetime64[M]")
    seconds = (safe - whole) * 86400
    parts = {
        "days": safe,
        "year": years.astype(np.int64) + 1970,
        "month": (months - years.astype("datetime64[M]")).astype(np.int64) + 1,
        "day": (dates - months.astype("datetime64[D]")).astype(np.int64) + 1,
        "weekday": (whole.astype(np.int64) + 3) % 7,
        "day of year": (dates - years.astype("datetime64[D]")).astype(np.int64) + 1,
        "hour": np.floor(seconds / 3600),
        "minute": np.floor(seconds / 60 % 60),
    }
    return {name: np.where(known, values.astype(np.float64), np.nan) for name, values in parts.items()}
