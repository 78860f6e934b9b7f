"""Holds a process and its descendants to their limits, from a thread of its own."""

import os
import signal
import sys
import threading
import time
from enum import Enum
from types import TracebackType
from typing import Self

import psutil

from understudy.engine.executor import Limits

_SLOWEST, _FASTEST = 0.010, 0.001
_FILL_RATE = 8e9
"""Bytes a second; no process of an ordinary machine makes memory resident faster."""
_FAMILY_SECONDS = 0.020 if sys.platform == "linux" else 0.100
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Breach(Enum):
    """Which limit was reached."""

    TIME = "time"
    MEMORY = "memory"


class Watchdog:
    """Looks at the clock and the memory every 10 ms, the more often the nearer the memory limit, and kills.

    It runs in a thread of its own, so a slow progress callback cannot delay it.

    Args:
        pid: Leader of the process group to hold; must not be reaped before this has ended.
        limits: What the group may use.
        started: When the work began, on the monotonic clock.

    Attributes:
        breach: The limit that was reached, or None.
        peak_bytes: Largest resident memory seen.
    """

    def __init__(self, pid: int, limits: Limits, *, started: float) -> None:
        self.breach: Breach | None = None
        self.peak_bytes = 0
        self._pid, self._limits = pid, limits
        self._deadline = started + (float("inf") if limits.seconds is None else limits.seconds)
        self._memory = TreeMemory(pid)
        self._dismissed = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._dismissed.set()
        self._thread.join()

    def _watch(self) -> None:
        pause = 0.0
        while not self._dismissed.wait(pause):
            now = time.monotonic()
            held = self._memory.resident_bytes(now)
            self.peak_bytes = max(self.peak_bytes, held)
            self.breach = self._judge(now, held)
            if self.breach is not None:
                kill_group(self._pid)
                return
            pause = min(self._pause(held), self._deadline - now)

    def _judge(self, now: float, held: int) -> Breach | None:
        if self._limits.memory_bytes is not None and held > self._limits.memory_bytes:
            return Breach.MEMORY
        return Breach.TIME if now >= self._deadline else None

    def _pause(self, held: int) -> float:
        if self._limits.memory_bytes is None:
            return _SLOWEST
        return min(_SLOWEST, max(_FASTEST, (self._limits.memory_bytes - held) / _FILL_RATE))


class TreeMemory:
    """Resident memory of a process and its descendants.

    Which processes belong is looked up every 20 ms on Linux (100 ms elsewhere), their memory at every call.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._family = [pid]
        self._looked_at = float("-inf")

    def resident_bytes(self, now: float) -> int:
        """Sums the resident memory at this moment; a process that has ended counts nothing.

        Args:
            now: On the monotonic clock.
        """
        if now - self._looked_at >= _FAMILY_SECONDS:
            self._family, self._looked_at = [self._pid, *_descendants(self._pid)], now
        return sum(_resident(pid) for pid in self._family)


def kill_group(leader: int) -> None:
    """Ends a process group at once; one that has ended already is no error."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # macOS says "not permitted" when only a zombie is left
        return


def _descendants(pid: int) -> list[int]:
    try:
        return _descendants_from_proc(pid) if sys.platform == "linux" else _descendants_from_psutil(pid)
    except psutil.Error:
        return []


def _descendants_from_psutil(pid: int) -> list[int]:
    return [process.pid for process in psutil.Process(pid).children(recursive=True)]


def _descendants_from_proc(pid: int) -> list[int]:
    family = [pid]
    for parent in family:  # grows while it is walked
        try:
            threads = os.listdir(f"/proc/{parent}/task")  # noqa: PTH208 - bare names, fifty times a second
        except OSError:
            continue
        for thread in threads:
            family += [int(child) for child in _read(f"/proc/{parent}/task/{thread}/children").split()]
    return family[1:]


def _resident(pid: int) -> int:
    if sys.platform == "linux":
        fields = _read(f"/proc/{pid}/statm").split()
        return int(fields[1]) * _PAGE if len(fields) > 1 else 0
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _read(path: str) -> bytes:
    """Reads a small file of /proc; empty when its process has ended."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
