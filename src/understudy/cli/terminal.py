"""What commands share: the workspace, progress on the terminal, and how findings are said."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from understudy.domain.finding import Finding, Severity
from understudy.domain.trial import Progress
from understudy.studio.workspace import Workspace, workspace_folder

MOST_FINDINGS = 8
SAY_EVERY = 5.0
"""Seconds between lines of progress where the output is no terminal."""
_ORDER = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


@contextmanager
def opened(context: click.Context) -> Iterator[Workspace]:
    """The workspace that the command was told of."""
    with Workspace.open(workspace_folder(context.obj)) as workspace:
        yield workspace


@dataclass
class Teller:
    """Shows progress: a bar on a terminal, else a line every few seconds.

    Attributes:
        console: Where to show it.
        clock: Seconds on a clock that only runs forward.
    """

    console: Console = field(default_factory=lambda: Console(stderr=True))
    clock: Callable[[], float] = time.monotonic
    _bars: Bars | None = None
    _said: float = 0.0
    _stage: str = ""

    @contextmanager
    def showing(self) -> Iterator["Teller"]:
        """Shows progress while inside; leaves no bar behind."""
        self._said = self.clock()
        if not self.console.is_terminal:
            yield self
            return
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        )
        with Bars(*columns, console=self.console, transient=True) as self._bars:
            yield self
        self._bars = None

    def __call__(self, progress: Progress) -> None:
        """Shows where a task stands."""
        left = "" if progress.seconds_left is None else f"about {_duration(progress.seconds_left)} left"
        if self._bars is not None:
            self._draw(progress, left)
        elif self.clock() - self._said >= SAY_EVERY:
            self._said = self.clock()
            done = f"{progress.stage}: {progress.done:,} of {progress.total:,}"
            self.console.print(f"{done}, {left}" if left else done, highlight=False)

    def counting(self, stage: str) -> Callable[[int, int], None]:
        """A reporter of one stage by numbers alone; estimates the rest from its own pace."""
        start = self.clock()

        def told(done: int, total: int) -> None:
            left = (self.clock() - start) / done * (total - done) if done else None
            self(Progress(stage, done, total, left))

        return told

    def _draw(self, progress: Progress, left: str) -> None:
        assert self._bars is not None  # noqa: S101 - the caller looked
        if progress.stage != self._stage or not self._bars.task_ids:
            for task in self._bars.task_ids:
                self._bars.remove_task(task)
            self._stage = progress.stage
            self._bars.add_task(progress.stage, total=progress.total, left=left)
        self._bars.update(self._bars.task_ids[0], completed=progress.done, total=progress.total, left=left)


def say(text: str = "") -> None:
    """Says something on standard output."""
    click.echo(text)


def say_findings(findings: Sequence[Finding], *, everything: bool = False) -> None:
    """Says what was seen in the data, the gravest first; the rest is counted."""
    if not findings:
        return
    ranked = sorted(findings, key=lambda finding: _ORDER[finding.severity])
    shown = ranked if everything else ranked[:MOST_FINDINGS]
    counted = Counter(finding.severity for finding in findings)
    say(", ".join(f"{counted[severity]} {severity.value}" for severity in Severity if counted[severity]) + " findings:")
    for finding in shown:
        say(f"  [{finding.severity.value}] {finding.fact} {finding.reason} {finding.remedy}")
    if len(shown) < len(ranked):
        say(f"  and {len(ranked) - len(shown)} more; see “understudy status PROJECT”.")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min"


def is_interactive() -> bool:
    """Whether a person is likely to be watching."""
    return sys.stdout.isatty()
