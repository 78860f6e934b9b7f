"""How much of the machine other processes used while something was measured: a busy machine spoils figures."""

import os
import time
from typing import Any

import psutil

from understudy.engine.inference import cores


class Neighbours:
    """Watches from its making on."""

    def __init__(self) -> None:
        self._wall, self._busy, self._own = time.perf_counter(), _busy(), _own()

    def share(self) -> float:
        """Mean share of this process's cores that others used since, 0..1, this process's ended children left out."""
        wall = time.perf_counter() - self._wall
        others = (_busy() - self._busy) - (_own() - self._own)
        return min(1.0, max(0.0, others / (wall * cores())))


def _busy() -> float:
    every = psutil.cpu_times(percpu=True)
    ours = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(len(every))
    return sum(_working(every[core]) for core in ours)


def _working(times: Any) -> float:
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0))


def _own() -> float:
    return sum(os.times()[:4])
