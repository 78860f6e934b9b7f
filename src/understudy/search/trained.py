"""What comes of a run of any search."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Progress, Trial
from understudy.engine.linear_algebra import one_thread
from understudy.search.plan import TimeToFinish


@dataclass(frozen=True)
class Trained:
    """What came of a run.

    Attributes:
        model: The model file's bytes.
        trials: All candidates, in the order they were tried.
        data_version: Digest of the data it learned from.
        stopped: Somebody stopped it before all candidates were tried.
        complete: Every planned candidate was tried.
    """

    model: bytes
    trials: tuple[Trial, ...]
    data_version: str
    stopped: bool
    complete: bool

    def handed_over(self, place: Path) -> dict[str, Any]:
        """Leaves the model at a place, and returns what a search's job tells of the rest, ready for JSON."""
        place.write_bytes(self.model)
        return {
            "trials": [asdict(trial) for trial in self.trials],
            "data_version": self.data_version,
            "stopped": self.stopped,
            "complete": self.complete,
        }


class Course(Protocol):
    """The steps of a run that differ from search to search."""

    @property
    def data_version(self) -> str:
        """Digest of the data it learns from."""
        ...

    @property
    def trials(self) -> tuple[Trial, ...]:
        """What was tried so far."""
        ...

    def try_all(self) -> None:
        """Tries what is left of the plan.

        Raises:
            TimeToFinish: The budget ends, or somebody stopped it.
        """
        ...

    def finish(self) -> bytes:
        """Builds the model file from what was tried."""
        ...

    def nothing_finished(self, *, stopped: bool) -> UnderstudyError:
        """The error where nothing was tried."""
        ...


def carry_out(course: Course, report: Callable[[Progress], None]) -> Trained:
    """Tries candidates until all are tried or the budget ends, then builds the model from the best.

    Linear algebra keeps to one thread.

    Raises:
        UnderstudyError: The budget ended before the first candidate was tried.
    """
    stopped, complete = False, True
    with one_thread():
        try:
            course.try_all()
        except TimeToFinish as end:
            stopped, complete = end.stopped, False
        if not course.trials:
            raise course.nothing_finished(stopped=stopped)
        report(Progress("Building the model", 0, 1, None))
        model = course.finish()
    report(Progress("Building the model", 1, 1, 0.0))
    return Trained(model, course.trials, course.data_version, stopped, complete)
