"""Backstage: what a serving process does besides answering, and whether all of it still goes on."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import FrameType
from typing import Any, Protocol

import psutil

from understudy.serving.guard import Guard, Guarded
from understudy.serving.identity import utc_now
from understudy.serving.keeper import Chore, Keeper
from understudy.serving.router import Router
from understudy.serving.standings import Standing, Standings
from understudy.store.processes import Worker

log = logging.getLogger(__name__)

PULSE_SECONDS = 0.04
"""Between two looks at how the projects stand; with the look itself, at most a twentieth of a second goes by."""
GUARD_SECONDS = 0.3
"""With the moment that a watch stays behind, starvation is acted on well within a second of its deadline."""
BEAT_SECONDS = 1.0
DEAD_SECONDS = 10.0
"""A chore that every process needs and that was not done for so long counts as dead."""
VITAL = ("pulse", "guard")
GONE_SECONDS = 6.0
"""A worker that was not heard of for so long counts as gone."""
SWEEP_SECONDS = 30.0
END_SECONDS = 3.0
"""From the last answer to the certain end of a worker's process."""


class WorkerLedger(Protocol):
    """The part of the ledger that knows which processes serve. Thread-safe; blocks."""

    def beat(self, worker: Worker, now: datetime) -> None:
        """Says that a worker lives."""
        ...

    def tidy(self) -> None:
        """Does what the database would else have a writer do at a bad moment."""
        ...

    def workers(self, since: datetime) -> Sequence[Worker]:
        """Who was heard of since then."""
        ...

    def part(self, worker: Worker) -> None:
        """Says that a worker ends."""
        ...


@dataclass(frozen=True)
class Server:
    """The processes that were started together and share one listening socket.

    Attributes:
        name: Begins the names of all its workers.
        workers: How many there should be.
        parent: Number of the process that restarts them; None where there is only one.
    """

    name: str
    workers: int = 1
    parent: int | None = None


@dataclass(frozen=True)
class Here:
    """This process.

    Attributes:
        worker: As the ledger knows it.
        server: What it is part of.
        now: Its clock, UTC.
    """

    worker: Worker
    server: Server
    now: Callable[[], datetime] = utc_now


@dataclass(frozen=True)
class Vitals:
    """Whether what has to go on goes on.

    Attributes:
        workers: Processes of this server that were heard of lately.
        expected: How many there should be.
        ages: Seconds since each chore of this process was done last.
    """

    workers: int
    expected: int
    ages: dict[str, float]

    @property
    def dead(self) -> tuple[str, ...]:
        """Chores that every process needs and that are not done any more."""
        return tuple(name for name in VITAL if self.ages.get(name, 0.0) > DEAD_SECONDS)

    @property
    def ok(self) -> bool:
        """Whether nothing is amiss."""
        return self.workers >= self.expected and not self.dead


class Backstage:
    """Keeps standings fresh, breakers told, workers known; and whatever other chores it is given.

    Args:
        ledger: Where workers are known.
        router: Told of what changes.
        standings: Kept fresh.
        guard: Watches the models that answer.
        here: This process.
        pulse: What else is done with every look at the standings; has to be quick.
        chores: What else is to be done now and then.
    """

    def __init__(
        self,
        ledger: WorkerLedger,
        router: Router,
        standings: Standings,
        guard: Guard,
        here: Here,
        *,
        pulse: Sequence[Callable[[], None]] = (),
        chores: Sequence[Chore] = (),
    ) -> None:
        self._ledger, self._router, self._standings, self._guard = ledger, router, standings, guard
        self._worker, self._server, self._now, self._more = here.worker, here.server, here.now, pulse
        self._loop: asyncio.AbstractEventLoop | None = None
        self._adopted: dict[str, Standing] = {}
        self._beat_at = self._swept_at = float("-inf")
        vital = (Chore("pulse", PULSE_SECONDS, self._pulse), Chore("guard", GUARD_SECONDS, guard.tick))
        self._keeper = Keeper([*vital, *chores])

    @property
    def guarded(self) -> list[Guarded]:
        """The models that answer, with their breakers as this process knows them."""
        return self._guard.guarded

    def start(self) -> None:
        """Begins. Called in the event loop that the router belongs to."""
        self._loop = asyncio.get_running_loop()
        self._keeper.start()
        if threading.current_thread() is threading.main_thread():
            self._hear_of_the_end()

    def stop(self) -> None:
        """Ends. Blocks for as long as what is being done just now takes, within bounds."""
        self._loop = None
        self._keeper.stop()
        try:
            self._ledger.part(self._worker)
        except Exception:
            log.warning("This worker could not sign off; the others notice within seconds", exc_info=True)
        if self._server.parent is not None:
            _end_for_certain()

    def vitals(self) -> Vitals:
        """Whether all goes on. Blocks for one small query."""
        heard = self._ledger.workers(self._now() - timedelta(seconds=GONE_SECONDS))
        ours = [each for each in heard if each.id.startswith(f"{self._server.name}/") and self._lives(each)]
        return Vitals(len(ours), self._server.workers, self._keeper.ages())

    def _lives(self, worker: Worker) -> bool:
        """Whether a worker that was heard of lately is still there; of other machines nobody here knows better."""
        return worker.host != self._worker.host or _runs(worker.pid)

    def _pulse(self) -> None:
        self._standings.refresh()
        # Whoever notices a change first, a request or a breaker, it is made ready for here.
        changed, clock = self._news(), time.monotonic()
        if changed or clock - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = clock
            self._soon(self._router.adopt, changed)
        for work in self._more:
            work()
        if clock - self._beat_at >= BEAT_SECONDS:
            self._ledger.beat(self._worker, self._now())
            self._beat_at = clock
            self._end_with_the_parent()

    def _news(self) -> list[Standing]:
        """Standings that are not what they were when the router was last told."""
        changed = [each for each in self._standings.every() if self._adopted.get(each.project) is not each]
        self._adopted.update({each.project: each for each in changed})
        return changed

    def _soon(self, work: Callable[..., None], *arguments: Any) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(work, *arguments)

    def _hear_of_the_end(self) -> None:
        """Lets held connections go as soon as the process is told to end; the server's own handler follows."""
        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, self._releasing(before))

    def _releasing(self, before: Callable[[int, FrameType | None], Any]) -> Callable[[int, FrameType | None], None]:
        def release(number: int, frame: FrameType | None) -> None:
            self._soon(self._router.release)
            before(number, frame)

        return release

    def _end_with_the_parent(self) -> None:
        """A worker whose supervisor was killed ends too: nobody would restart or stop it."""
        if self._server.parent is not None and os.getppid() != self._server.parent:
            log.error("The process that started this worker is gone, so it ends too")
            os.kill(os.getpid(), signal.SIGTERM)


def _runs(pid: int) -> bool:
    """Whether a process of this machine is at work; one that was killed and not yet waited for is not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _end_for_certain() -> None:
    """Ends a worker's process in a moment though a thread hangs in a model: an interpreter would wait for it."""
    ending = threading.Timer(END_SECONDS, os._exit, args=[0])
    ending.daemon = True
    ending.start()
