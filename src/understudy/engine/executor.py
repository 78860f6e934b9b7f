"""Where work runs: a job, its limits and how it ended, the same for every executor."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Progress

Report = Callable[[Progress], None]
StopRequested = Callable[[], bool]
Work = Callable[[dict[str, Any], Report, StopRequested], dict[str, Any]]
"""What a job's entry point looks like: `func(payload, report, stop_requested) -> result`, both JSON objects."""


@dataclass(frozen=True)
class Job:
    """One piece of work, named so that any process can find it.

    Attributes:
        entry: Importable function, "package.module:function", of the shape of `Work`.
        payload: What it works on; anything that JSON can hold.
        unused: Packages that libraries load where they find them and that this work has no use for: to its process they
            are not installed, so it starts sooner.

    Raises:
        ValueError: The entry is not of the form "module:function".
    """

    entry: str
    payload: dict[str, Any] = field(default_factory=dict)
    unused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        module, _, function = self.entry.partition(":")
        if not all(part.isidentifier() for part in [*module.split("."), function]):
            raise ValueError(f"an entry is “package.module:function”, not {self.entry!r}")


@dataclass(frozen=True)
class Limits:
    """What a job may use; whichever is reached first ends it.

    Attributes:
        seconds: Wall-clock time from its start, or None.
        memory_bytes: Resident memory of its processes together, or None. A page that two processes share counts twice.
        grace_seconds: How long it may go on to finish after it was asked to stop.
    """

    seconds: float | None = None
    memory_bytes: int | None = None
    grace_seconds: float = 10.0


@dataclass(frozen=True)
class Usage:
    """What a job used.

    Attributes:
        seconds: Wall-clock time from its start to the end of its last process.
        peak_bytes: Largest resident memory seen, of its processes together.
    """

    seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class Finished:
    """The work ran to its end."""

    result: dict[str, Any]
    usage: Usage


@dataclass(frozen=True)
class OutOfTime:
    """The work was ended because its time was up."""

    usage: Usage


@dataclass(frozen=True)
class OutOfMemory:
    """The work was ended because it held too much memory, or could not get what it asked for."""

    usage: Usage


@dataclass(frozen=True)
class Cancelled:
    """Somebody stopped the work; `result` is there when it finished within its grace."""

    result: dict[str, Any] | None
    usage: Usage


@dataclass(frozen=True)
class Failed:
    """The work could not be done.

    Attributes:
        error: What happened, why and what to do; the work's own words where it raised an `UnderstudyError`.
        kind: Name of the error's class where it was raised, or of the signal that ended the process.
        log: What the work printed, and the traceback if there is one; None when it refused in its own words.
        usage: What it used until then.
    """

    error: UnderstudyError
    kind: str
    log: Path | None
    usage: Usage


Outcome = Finished | OutOfTime | OutOfMemory | Cancelled | Failed


class Executor(Protocol):
    """Runs jobs. The local one uses processes of this machine; others may use many machines."""

    def run(
        self,
        job: Job,
        *,
        limits: Limits = ...,
        on_progress: Report | None = None,
        stop: threading.Event | None = None,
    ) -> Outcome:
        """Runs a job to its end and says how it ended.

        Args:
            job: What to run.
            limits: What it may use.
            on_progress: Called in this thread with each progress, in order.
            stop: Set by any thread to ask the work to stop; it then has its grace.

        Returns:
            How it ended. What goes wrong in the work is an outcome, not an exception.

        Raises:
            TypeError: The payload holds something that JSON cannot.
        """
        ...
