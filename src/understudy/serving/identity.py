"""Names for decisions: sortable by time, unguessable."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def uuid7(at: datetime, random_bytes: Callable[[int], bytes]) -> str:
    """A version 7 UUID: 48 bits of Unix milliseconds, then 74 random bits.

    Args:
        at: When; aware of its time zone, 1970 or later.
        random_bytes: Returns so many unpredictable bytes.

    Returns:
        36 lower-case characters; sorting them as text sorts by millisecond.

    Source:
        RFC 9562, section 5.7.
    """
    milliseconds = (at - EPOCH) // MILLISECOND  # whole numbers: a float would lose milliseconds
    noise = int.from_bytes(random_bytes(10), "big")
    high = (noise >> 62) & 0xFFF
    low = noise & 0x3FFF_FFFF_FFFF_FFFF
    digits = f"{milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


class Entropy:
    """Unpredictable bytes, got from the system in bulk: to ask it for each name takes ten times as long as the name.

    Threads may share it; no byte is given twice.

    Args:
        source: Returns so many unpredictable bytes.
        bulk: So many are got at once.
    """

    def __init__(self, source: Callable[[int], bytes] = secrets.token_bytes, bulk: int = 4096) -> None:
        self._source, self._bulk = source, bulk
        self._store, self._place = b"", 0
        self._giving = threading.Lock()

    def __call__(self, count: int) -> bytes:
        """The next bytes, at most `bulk`."""
        with self._giving:
            if self._place + count > len(self._store):
                self._store, self._place = self._source(self._bulk), 0
            start, self._place = self._place, self._place + count
            return self._store[start : self._place]


@dataclass(frozen=True)
class Mint:
    """Where decisions get their time and their name.

    Attributes:
        now: The present moment, UTC.
        stopwatch: Monotonic seconds, for durations.
        random_bytes: Unpredictable bytes, for names.
    """

    now: Callable[[], datetime] = utc_now
    stopwatch: Callable[[], float] = time.perf_counter
    random_bytes: Callable[[int], bytes] = field(default_factory=Entropy)

    def name(self, at: datetime) -> str:
        """A new name for a decision made at that moment."""
        return uuid7(at, self.random_bytes)
