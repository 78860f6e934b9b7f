"""A time that tests move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class Clock:
    """Tells a time in 2026 until somebody moves it."""

    at: datetime = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **time: float) -> None:
        """Moves it on by so many seconds, minutes, hours or days."""
        self.at += timedelta(**time)
