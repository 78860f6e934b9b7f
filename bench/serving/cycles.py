"""Promote a bad version, let the breaker find out, and again: what clients see of it."""

import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpx

from bench.serving.app import FOLDER, OTHER, TERMS, prepare, promote
from bench.serving.people import Auditors
from bench.serving.servers import OURS, scratch, served
from bench.serving.tables import PROJECT, ROW, VERSION
from understudy.domain.stage import Cause, Stage
from understudy.store.ledger import Ledger

CLIENTS = 8
TRIP_SECONDS = 60.0
"""A bad version that is not found out by then fails the measurement."""
WATCHED = replace(TERMS, audit_share=1.0)


@dataclass
class Seen:
    """What clients got, as they got it.

    Attributes:
        bad: Moments at which an answer of the bad version arrived, Unix seconds.
        answered: How many answers arrived.
        failed: How many requests ended in anything but 200 or 202.
    """

    bad: list[float] = field(default_factory=list)
    answered: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Cycles:
    """What came of all cycles.

    Attributes:
        cycles: How many.
        answered: Requests that were answered meanwhile.
        failed: Requests that were not.
        late: For each trip, seconds from it to the last answer of the bad version that reached a client; 0.0 if none.
        found: For each trip, seconds from the promotion to it.
    """

    cycles: int
    answered: int
    failed: int
    late: tuple[float, ...]
    found: tuple[float, ...]

    @property
    def worst(self) -> float:
        """Milliseconds that 99 of 100 trips stay below."""
        ranked = sorted(self.late)
        return ranked[min(len(ranked) - 1, len(ranked) * 99 // 100)] * 1e3

    @property
    def usual(self) -> float:
        """Seconds that a trip takes in the middle."""
        return statistics.median(self.found)


def measure(cycles: int) -> Cycles:
    """Clients ask without a pause while a good version is in service and a bad one is promoted again and again.

    Every answer is audited and every audit answered soon, so the breaker finds the bad one out by its evidence.
    """
    with scratch() as folder, Ledger.open(folder / "ledger.db") as ledger:
        prepare(ledger)
        seen, stop = Seen(), threading.Event()
        with (
            served(OURS, "/readyz", {FOLDER: str(folder)}) as ours,
            Auditors(ledger, pause=0.05),
            ThreadPoolExecutor(CLIENTS) as crowd,
        ):
            clients = [crowd.submit(_ask, ours.url, seen, stop) for _ in range(CLIENTS)]
            try:
                trips = [_cycle(ledger) for _ in range(cycles)]
                time.sleep(0.5)
            finally:
                stop.set()
            for client in clients:
                client.result()
    late, found = zip(*(_told(seen.bad, *trip) for trip in trips), strict=True)
    return Cycles(cycles, seen.answered, seen.failed, late, found)


def _cycle(ledger: Ledger) -> tuple[datetime, datetime, datetime]:
    """Promotes the bad version and waits for its trip; when it began, when it tripped, when the next one begins."""
    began = promote(ledger, Stage.LIVE, model=OTHER, fallback=VERSION, terms=WATCHED)
    deadline = time.monotonic() + TRIP_SECONDS
    while True:
        stage = ledger.stage(PROJECT)
        if stage is not None and stage.number > began.number:
            break
        if time.monotonic() > deadline:
            raise RuntimeError(f"the bad version was not found out within {TRIP_SECONDS:g} s")
        time.sleep(0.02)
    if stage.cause is not Cause.TRIPPED or stage.model != OTHER or stage.fallback != VERSION:
        raise RuntimeError(f"what followed was no trip back to the version before: {stage}")
    time.sleep(0.3)  # for late answers to arrive
    return began.at, stage.at, stage.at


def _told(bad: Sequence[float], began: datetime, tripped: datetime, _end: datetime) -> tuple[float, float]:
    trip = tripped.timestamp()
    after = [at - trip for at in bad if trip < at < trip + 0.3]
    return max(after, default=0.0), (tripped - began).total_seconds()


def _ask(url: str, seen: Seen, stop: threading.Event) -> None:
    headers = {"content-type": "application/octet-stream"}
    with httpx.Client(base_url=url, timeout=30, headers=headers) as client:
        while not stop.is_set():
            try:
                answer = client.post(f"/api/v1/projects/{PROJECT}/decisions", content=ROW)
            except httpx.TransportError:
                seen.failed += 1
                continue
            at = time.time()
            if answer.status_code not in {httpx.codes.OK, httpx.codes.ACCEPTED}:
                seen.failed += 1
                continue
            seen.answered += 1
            if answer.json()["model"] == OTHER:
                seen.bad.append(at)
