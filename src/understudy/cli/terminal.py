"""What commands share: the workspace, progress on the terminal, and how findings and stops are said."""

import re
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding, Severity
from understudy.domain.trial import Progress
from understudy.studio.audits.words import naming
from understudy.studio.workspace import Workspace, workspace_folder

MOST_FINDINGS = 8
PLACES = ("workspace", "ledger", "blobs")
"""Options that say where everything is kept."""
_PASSWORD = re.compile(r"(?<=:)[^/:@]+(?=@)")
"""In an address: between the name and the host."""
SAY_EVERY = 5.0
"""Seconds between lines of progress where the output is no terminal."""
_ORDER = {Severity.HIGH: 0, Severity.MEDIUM: 1, Severity.LOW: 2}


class Stopped(UnderstudyError):
    """A person pressed Ctrl-C."""

    exit_status = 130


@contextmanager
def opened(context: click.Context, *, create: bool = False) -> Iterator[Workspace]:
    """The workspace that the command was told of."""
    told = context.find_root().params
    place = workspace_folder(context.obj)
    with Workspace.open(place, ledger=told.get("ledger"), blobs=told.get("blobs"), create=create) as workspace:
        yield workspace


@contextmanager
def stoppable(reason: str, remedy: str) -> Iterator[None]:
    """Says what Ctrl-C leaves behind.

    Raises:
        Stopped: Somebody pressed it.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(fact="Stopped.", reason=reason, remedy=remedy) from None


def command_line(words: str) -> str:
    """A command as the person would have to type it to meet this workspace again."""
    context = click.get_current_context().find_root()
    typed = [
        f"--{option} {shlex.quote(_PASSWORD.sub('***', str(context.params[option])))} "
        for option in PLACES
        if context.get_parameter_source(option) is ParameterSource.COMMANDLINE
    ]
    return f"understudy {''.join(typed)}{words}"


@dataclass
class Teller:
    """Shows progress: a bar on a terminal, else a line every few seconds.

    Attributes:
        console: Where to show it.
        clock: Seconds on a clock that only runs forward.
    """

    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True))
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
        try:
            with Bars(*columns, console=self.console, transient=True) as self._bars:
                yield self
        finally:
            self._bars = None

    def __call__(self, progress: Progress) -> None:
        """Shows where a task stands."""
        left = f"about {_duration(progress.seconds_left)} left" if progress.seconds_left else ""
        if self._bars is not None:
            self._draw(self._bars, progress, left)
        elif self.clock() - self._said >= SAY_EVERY:
            self._said = self.clock()
            done = f"{progress.stage}: {progress.done:,} of {progress.total:,}" if progress.total else progress.stage
            self.console.print(f"{done}, {left}" if left else done)

    def counting(self, stage: str, then: str = "") -> Callable[[int, int], None]:
        """A reporter of one stage by numbers alone; estimates the rest from its own pace.

        Args:
            stage: What is counted, for people.
            then: What goes on after the last, where that cannot be counted: told if the counting took long.
        """
        start = self.clock()
        first: list[tuple[float, int]] = []  # what goes before the first step, such as an audit, is not its pace

        def told(done: int, total: int) -> None:
            now = self.clock()
            if not first:
                first.append((now, done))
            since, already = first[0]
            left = (now - since) / (done - already) * (total - done) if done > already else None
            self(Progress(stage, done, total, left))
            if then and done == total and now - start >= SAY_EVERY:
                self._said = self.clock() - SAY_EVERY
                self(Progress(then, 0, 0, None))

        return told

    def steps(self, stage: str, done: int, total: int) -> None:
        """Tells steps of a stage of which nobody knows how long each takes."""
        self(Progress(stage, done, total, None))

    def stopping(self) -> None:
        """Says at once that Ctrl-C was heard."""
        self.console.print("Stopping: what was tried becomes the model. Ctrl-C again ends at once.")

    def _draw(self, bars: Bars, progress: Progress, left: str) -> None:
        if progress.stage != self._stage or not bars.task_ids:
            for task in bars.task_ids:
                bars.remove_task(task)
            self._stage = progress.stage
            bars.add_task(progress.stage, total=progress.total or None, left=left)
        bars.update(bars.task_ids[0], completed=progress.done, total=progress.total or None, left=left)


def say(text: str = "") -> None:
    """Says something on standard output."""
    click.echo(text)


def say_findings(
    findings: Sequence[Finding], *, project: str | None = None, named: str = "PROJECT", coming_in: bool = False
) -> None:
    """Says what was seen in the data, the gravest first.

    Args:
        findings: What was seen.
        project: Where the rest can be read, if only the first few are to be said.
        named: The project that remedies are about, whose commands then have its name.
        coming_in: Say that it was seen as examples came in, and not by an audit.
    """
    if not findings:
        return
    ranked = sorted(findings, key=lambda finding: _ORDER[finding.severity])
    shown = ranked if project is None else ranked[:MOST_FINDINGS]
    counted = Counter(finding.severity for finding in findings)
    said = ", ".join(f"{counted[severity]} {severity.value}" for severity in Severity if counted[severity])
    when = " as examples came in" if coming_in else ""
    say(f"{said} finding{'' if len(findings) == 1 else 's'}{when}:")
    for finding in shown:
        remedy = naming(finding, project or named).remedy
        say(f"  [{finding.severity.value}] {finding.fact} {finding.reason} {remedy}")
    if len(shown) < len(ranked):
        say(f"  and {len(ranked) - len(shown)} more: {command_line(f'status {project}')}")


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min"


def asked_reason(question: str) -> str:
    """A reason that a person types; empty where nobody sits at a terminal.

    Raises:
        Stopped: They pressed Ctrl-C.
    """
    if not sys.stdin.isatty():
        return ""
    try:
        said: str = click.prompt(question, default="", show_default=False)
    except click.Abort:
        raise Stopped(fact="Stopped.", reason="Nothing was changed.", remedy="Give the command again.") from None
    return said
