"""Connections that are held until a person has answered."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Protocol

from understudy.domain.opinion import Resolution
from understudy.serving.identity import utc_now

log = logging.getLogger(__name__)

INTERVAL = 0.1
"""Seconds between two looks at the ledger."""
MOST_AT_ONCE = 10_000
"""Decisions that one query asks about."""


class ResolutionLedger(Protocol):
    """The part of the ledger that says what requests ended in. Thread-safe; blocks."""

    def resolutions(self, ids: Sequence[str], now: datetime) -> Mapping[str, Resolution]:
        """The resolutions of those decisions that have one by now."""
        ...


class People:
    """Waits for people's answers. However many connections wait, the ledger is asked once in a tenth of a second.

    All methods belong to one event loop.

    Args:
        ledger: What people's answers are in.
        now: The present moment, UTC.
        interval: Seconds between two looks.
    """

    def __init__(
        self, ledger: ResolutionLedger, *, now: Callable[[], datetime] = utc_now, interval: float = INTERVAL
    ) -> None:
        self._ledger = ledger
        self._now = now
        self._interval = interval
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="people")
        self._waiting: dict[str, set[asyncio.Future[Resolution | None]]] = {}
        self._watching: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def waiting(self) -> int:
        """Connections that are held."""
        return sum(map(len, self._waiting.values()))

    async def resolved(self, decision_id: str, wait: float) -> Resolution | None:
        """What a request ended in, as soon as that is settled; None if that takes longer.

        Args:
            decision_id: The decision's id; one that nobody knows is never resolved.
            wait: Seconds to wait at most; 0 to look once.
        """
        if wait <= 0 or self._stopping:
            return (await self._look([decision_id])).get(decision_id)
        future: asyncio.Future[Resolution | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(decision_id, set()).add(future)
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(wait):
                return await future
        except TimeoutError:
            return None
        finally:
            self._forget(decision_id, future)

    def release(self) -> None:
        """Lets every held connection go without an answer, because the server is about to stop."""
        self._stopping = True
        for futures in self._waiting.values():
            for future in futures:
                if not future.done():
                    future.set_result(None)

    async def close(self) -> None:
        """Lets every connection go, and the thread."""
        self.release()
        if self._watching is not None:
            await self._watching
        self._thread.shutdown(wait=False)

    def _forget(self, decision_id: str, future: "asyncio.Future[Resolution | None]") -> None:
        futures = self._waiting.get(decision_id)
        if futures is not None:
            futures.discard(future)
            if not futures:
                del self._waiting[decision_id]

    async def _watch(self) -> None:
        while self._waiting and not self._stopping:
            try:
                found = await self._look(list(self._waiting))
            except Exception:
                log.exception("People's answers could not be looked up; that is tried again")
                found = {}
            for decision_id, resolution in found.items():
                for future in self._waiting.get(decision_id, ()):
                    if not future.done():
                        future.set_result(resolution)
            await asyncio.sleep(self._interval)
        self._watching = None

    async def _look(self, ids: Sequence[str]) -> dict[str, Resolution]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._resolutions, ids)

    def _resolutions(self, ids: Sequence[str]) -> dict[str, Resolution]:
        found: dict[str, Resolution] = {}
        rest = iter(ids)
        while some := list(islice(rest, MOST_AT_ONCE)):
            found.update(self._ledger.resolutions(some, self._now()))
        return found
