"""When a detector first raises its alarm: ours and those that others use, each as its own project ships it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.stats.restarts import evidence

Flags = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.int64]
BAR = 0.05
NEVER = np.iinfo(np.int64).max
AT_ONCE = 250
"""Runs that are followed at once, which bounds the memory."""
Z = 1.96
FEWEST = 30
"""Audits before the first interval is looked at; whoever looks sooner stops at the first error."""


@dataclass(frozen=True)
class Detector:
    """A detector of too many errors.

    Attributes:
        name: As it heads its column.
        needs: The package that it comes from, or empty.
        first: For errors in the order of the audits, shape (runs, audits), after how many audits it raised its alarm
            in each run, shape (runs,); `NEVER` if it did not.
        runs: At most so many runs are followed over 100,000 audits.
    """

    name: str
    needs: str
    first: Callable[[Flags], Moments]
    runs: int

    @property
    def present(self) -> bool:
        """Whether its package is installed."""
        return not self.needs or find_spec(self.needs) is not None


def ours(wrong: Flags) -> Moments:
    """The restarting mixture at 5%."""
    parts = (evidence(wrong[start : start + AT_ONCE], most_error=BAR) for start in range(0, len(wrong), AT_ONCE))
    return np.concatenate([_first(part >= 20.0) for part in parts])


def mapie_monitor(wrong: Flags) -> Moments:
    """MAPIE's `RiskMonitoring` with the bar as threshold; its boundary, read off between 800 points of itself."""
    bounds: Any = import_module("mapie.exchangeability_testing.bounds")
    risks: Any = import_module("mapie.exchangeability_testing")
    alpha = risks.RiskMonitoring("accuracy", test_level=0.05, threshold=BAR, warn=False).test_level_online
    mixture = bounds.GammaExponentialMixtureBound(v_opt=1, c=1, alpha_opt=alpha / 2)
    time = np.arange(1, wrong.shape[1] + 1)
    points = np.geomspace(0.01, wrong.shape[1], 800)
    heights = np.array([mixture(v=float(point), alpha=alpha / 2) for point in points])
    first = []
    for run in wrong:
        mean = np.cumsum(run) / time
        spread = np.cumsum((run - np.append(0.5, mean[:-1])) ** 2)
        first.append(_first((mean - np.interp(spread, points, heights) / time > BAR)[None])[0])
    return np.array(first, dtype=np.int64)


def adwin(wrong: Flags) -> Moments:
    """River's ADWIN as it comes."""
    drift: Any = import_module("river.drift")
    return _followed(wrong, drift.ADWIN)


def ddm(wrong: Flags) -> Moments:
    """River's DDM as it comes."""
    drift: Any = import_module("river.drift.binary")
    return _followed(wrong, drift.DDM)


def wilson(wrong: Flags) -> Moments:
    """A 95% Wilson interval of all audits so far, looked at after each of them."""
    count = np.arange(1, wrong.shape[1] + 1)
    first = [_first((_lower(np.cumsum(run), count) > BAR)[None, FEWEST - 1 :])[0] for run in wrong]
    return _later(np.array(first, dtype=np.int64), FEWEST - 1)


def wilson_of_100(wrong: Flags) -> Moments:
    """The same of the last 100 audits."""
    first = []
    for run in wrong:
        total = np.cumsum(np.append(0, run))
        first.append(_first((_lower(total[100:] - total[:-100], np.array(100)) > BAR)[None])[0])
    return _later(np.array(first, dtype=np.int64), 99)


OURS = Detector("ours", "", ours, 1_000)
PEERS = (
    Detector("MAPIE monitor", "mapie", mapie_monitor, 400),
    Detector("river ADWIN", "river", adwin, 100),
    Detector("river DDM", "river", ddm, 100),
    Detector("Wilson, every audit", "", wilson, 400),
    Detector("Wilson, last 100", "", wilson_of_100, 400),
)


def _first(alarms: Flags) -> Moments:
    """After how many audits the first alarm was, by run."""
    return np.where(alarms.any(axis=1), alarms.argmax(axis=1) + 1, NEVER).astype(np.int64)


def _later(first: Moments, audits: int) -> Moments:
    return np.where(first == NEVER, NEVER, first + audits).astype(np.int64)


def _followed(wrong: Flags, detector: Callable[[], Any]) -> Moments:
    first = np.full(len(wrong), NEVER, dtype=np.int64)
    for place, run in enumerate(wrong):
        watching = detector()
        for audit, error in enumerate(run.tolist(), start=1):
            watching.update(error)
            if watching.drift_detected:
                first[place] = audit
                break
    return first


def _lower(wrong: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    share, square = wrong / count, Z * Z / count
    middle = share + square / 2
    bound: npt.NDArray[np.float64] = (middle - np.sqrt(share * (1 - share) * square + square**2 / 4)) / (1 + square)
    return bound
