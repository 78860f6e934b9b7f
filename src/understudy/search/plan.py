"""The plan of a run: when it must end, what is still to do, and how long that may take."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from understudy.domain.trial import Progress

FINISHING_SECONDS = 2.0
"""What fitting the chosen few and writing the model takes at least."""
SETTLING_SECONDS = 1.0
"""Before so long no pace is told: what is made ready first and the longest inputs, which come first, say too much."""
PACE_SECONDS, HOPELESS = 3.0, 1.2
"""After so long the pace of looking at inputs is known; a look that would take this multiple of the time left ends."""


class TimeToFinish(Exception):
    """No more trials: the time is nearly up, or somebody asked to stop. It ends the trying, and is no error."""

    def __init__(self, *, stopped: bool) -> None:
        super().__init__("stopped" if stopped else "out of time")
        self.stopped = stopped


@dataclass
class Clock:
    """Watches the budget of time.

    Attributes:
        seconds: For the whole run, or None.
        stop_requested: Whether somebody asked to stop.
        report: Receives progress.
        total_trials: How many are planned.
        now: Seconds on a clock that only runs forward.
        finishing: Seconds kept back for finishing; grows with what was seen.
        refitted: How many of what was tried are fitted anew in the end, at most; the slowest may be among them.
        refit: What that takes, as a share of what trying them took.
    """

    seconds: float | None
    stop_requested: Callable[[], bool]
    report: Callable[[Progress], None]
    total_trials: int = 0
    now: Callable[[], float] = time.monotonic
    finishing: float = FINISHING_SECONDS
    refitted: int = 1
    refit: float = 1.0
    _slowest: list[float] = field(default_factory=list, init=False)
    _repeated: float = field(default=0.0, init=False)
    _start: float = field(init=False)
    _done: int = 0
    _tried: int = 0
    _trying_since: float | None = None
    _trying_seconds: float = 0.0

    def __post_init__(self) -> None:
        self._start = self.now()

    def pulse(self) -> None:
        """Ends the trying when it must.

        Raises:
            TimeToFinish: The time that is left is needed for finishing, or a stop was requested.
        """
        if self.stop_requested():
            raise TimeToFinish(stopped=True)
        if self._spare() < 0:
            raise TimeToFinish(stopped=False)

    def open_end(self) -> None:
        """Lets the finishing take the time it needs; from now on nothing ends the work."""
        self.seconds, self.stop_requested = None, lambda: False

    def seeing(self, what: str) -> Callable[[int, int], None]:
        """A reporter of inputs done, with an estimate from their pace.

        Args:
            what: What is looked at, for people ("photos at 224 px").
        """
        return self.pacing(f"Looking at {what}")

    def pacing(self, stage: str) -> Callable[[int, int], None]:
        """A reporter of steps done at a stage of the work, all about as long, with an estimate from their pace."""
        since = self.now()

        def told(done: int, total: int) -> None:
            spent = self.now() - since
            left = spent / done * (total - done) if done and spent >= SETTLING_SECONDS else None
            self.report(Progress(stage, done, total, self.capped(left)))
            self.pulse()
            if left is not None and spent > PACE_SECONDS and self._done and left > self._spare() * HOPELESS:
                raise TimeToFinish(stopped=False)

        return told

    def tried(self, count: int, *, known: bool = False) -> None:
        """Counts finished trials; known ones are of an earlier run and took no time."""
        now = self.now()
        if not known and self._trying_since is not None:
            self._trying_seconds += now - self._trying_since
            self._tried += count
            self._slowest = sorted([*self._slowest, now - self._trying_since], reverse=True)[: self.refitted]
            self._keep_back()
        self._trying_since = now
        self._done += count
        pace = self._trying_seconds / self._tried if self._tried else None
        left = pace * (self.total_trials - self._done) if pace is not None else None
        self.report(Progress("Trying candidates", self._done, self.total_trials, self.capped(left)))

    def repeated(self, seconds: float) -> None:
        """Counts what took so long and is done once more in finishing: reading a view's features, or fine-tuning."""
        self._repeated += seconds
        self._keep_back()

    def begin_trying(self) -> None:
        """Marks the start of trials, so that looking at inputs is not counted in their pace."""
        self._trying_since = self.now()

    def _keep_back(self) -> None:
        needed = FINISHING_SECONDS + self._repeated + self.refit * sum(self._slowest)
        self.finishing = max(self.finishing, needed)

    def _spare(self) -> float:
        """Seconds that may still be spent before finishing must begin."""
        return math.inf if self.seconds is None else self.seconds - self.finishing - (self.now() - self._start)

    def capped(self, left: float | None) -> float | None:
        """An estimate in seconds, or what is left of the budget where that is less."""
        if self.seconds is None:
            return left
        rest = max(self.seconds - (self.now() - self._start), 0.0)
        return rest if left is None else min(left, rest)
