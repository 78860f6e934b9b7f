"""Whether resident memory stays flat under load for many minutes."""

import statistics
import threading
import time
from dataclasses import dataclass

from bench.serving.app import FOLDER, prepare
from bench.serving.load import load
from bench.serving.people import Auditors
from bench.serving.servers import OURS, Running, scratch, served
from bench.serving.tables import PROJECT, ROW
from bench.serving.throughput import KIND, check
from understudy.store.ledger import Ledger

CONNECTIONS = 16
EVERY = 1.0
"""Seconds between two looks."""
SETTLING = 0.25
"""Of the time, left out at the beginning: caches fill."""


@dataclass(frozen=True)
class Memory:
    """Resident megabytes over time.

    Attributes:
        minutes: For how long the load lasted.
        requests: Answered meanwhile.
        samples: Megabytes, one each second.
    """

    minutes: float
    requests: int
    samples: tuple[float, ...]

    @property
    def settled(self) -> tuple[float, ...]:
        """The samples without the beginning."""
        return self.samples[int(len(self.samples) * SETTLING) :]

    @property
    def growth(self) -> float:
        """By how much the last fifth of the settled time lies above its first, as a share."""
        settled, part = self.settled, max(1, len(self.settled) // 5)
        return statistics.median(settled[-part:]) / statistics.median(settled[:part]) - 1.0


def measure(minutes: float) -> Memory:
    """Full load for so many minutes, with audits that are answered and a breaker that counts them."""
    with scratch() as folder, Ledger.open(folder / "ledger.db") as ledger:
        prepare(ledger)
        with served(OURS, "/readyz", {FOLDER: str(folder)}) as ours, Auditors(ledger):
            samples: list[float] = []
            stop = threading.Event()
            watching = threading.Thread(target=_watch, args=(ours, samples, stop))
            watching.start()
            requests, end = 0, time.monotonic() + minutes * 60
            while (left := end - time.monotonic()) > 0.5:
                url = f"{ours.url}/api/v1/projects/{PROJECT}/decisions"
                requests += load(url, ROW, KIND, seconds=min(30.0, left), connections=CONNECTIONS).requests
            stop.set()
            watching.join()
        check(ledger)
    return Memory(minutes, requests, tuple(samples))


def _watch(server: Running, samples: list[float], stop: threading.Event) -> None:
    while not stop.wait(EVERY):
        samples.append(server.memory() / 1e6)
