"""Runs jobs in processes of this machine, each of which can be stopped, limited and killed."""

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Progress
from understudy.engine.executor import (
    Cancelled,
    Failed,
    Finished,
    Job,
    Limits,
    Outcome,
    OutOfMemory,
    OutOfTime,
    Report,
    Usage,
)
from understudy.engine.watchdog import Breach, Watchdog, kill_group

_TICK = 0.020
_EXIT_GRACE = 2.0
"""Seconds that a process has to end by itself once its result is here."""
_GUARD = 'read -r _; kill -s KILL -- "-$1"'
"""Waits for the end of its standard input, which comes when this process ends, then kills the child's group."""
_NO_LIMITS = Limits()


class LocalExecutor:
    """Runs each job in a process group and session of its own.

    A job's processes end with the job, and with this process, however it ends. Ctrl-C in this process's main thread
    asks the work to stop; a second one ends it at once.

    Args:
        log_folder: Where the output of failed work is kept; the system's folder of temporary files by default.
        on_stop: Called in the thread that runs a job, once it has asked the work to stop.
    """

    def __init__(self, *, log_folder: Path | None = None, on_stop: Callable[[], None] | None = None) -> None:
        self._log_folder = log_folder
        self._on_stop = on_stop

    def run(
        self,
        job: Job,
        *,
        limits: Limits = _NO_LIMITS,
        on_progress: Report | None = None,
        stop: threading.Event | None = None,
    ) -> Outcome:
        """Runs a job; see `Executor.run`."""
        with ExitStack() as stack:
            interrupts = stack.enter_context(_counted_interrupts())
            log = stack.enter_context(_Log(self._log_folder))
            started = time.monotonic()
            child = stack.enter_context(_Child(job, log.file))
            with Watchdog(child.pid, limits, started=started) as watchdog:
                wishes = _Wishes(stop or threading.Event(), interrupts, self._on_stop)
                attendant = _Attendant(child, limits, on_progress, wishes)
                attendant.attend()
            status = child.end()
            usage = Usage(time.monotonic() - started, watchdog.peak_bytes)
            outcome = _outcome(attendant, watchdog.breach, status, usage, log)
            log.keep = isinstance(outcome, Failed) and outcome.log is not None
            return outcome


class _Log:
    """The file that takes what the work prints; removed in the end unless it is to be kept."""

    def __init__(self, folder: Path | None) -> None:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="understudy-work-", suffix=".log", dir=folder)
        self.file: IO[bytes] = os.fdopen(descriptor, "wb")
        self.path = Path(name)
        self.keep = False

    def __enter__(self) -> "_Log":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        if not self.keep:
            self.path.unlink(missing_ok=True)


class _Child:
    """The process that does the work, and the pipes to it."""

    def __init__(self, job: Job, log: IO[bytes]) -> None:
        words = json.dumps({"entry": job.entry, "payload": job.payload, "unused": job.unused}).encode()
        with ExitStack() as undo, tempfile.TemporaryFile() as task:
            task.write(words)
            task.seek(0)
            self.reports, report = _pipe(undo)
            control, self._control = _pipe(undo)
            command = [sys.executable, "-P", "-m", "understudy.engine.child"]
            command += [str(report), str(control), str(os.getpid()), job.entry]
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a checked entry
                command, stdin=task, stdout=log, stderr=log, pass_fds=(report, control), start_new_session=True
            )
            undo.callback(self._process.wait)
            undo.callback(kill_group, self._process.pid)
            self._guard = _guard(self._process.pid)
            os.close(report)
            os.close(control)
            undo.pop_all()
        os.set_blocking(self.reports, False)

    @property
    def pid(self) -> int:
        return self._process.pid

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        os.close(self.reports)
        os.close(self._control)

    def has_exited(self) -> bool:
        """Whether the process has ended; it stays unreaped, so that its number cannot fall to another."""
        if self._process.returncode is not None:
            return True
        if hasattr(os, "waitid"):
            return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return bool(psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE)

    def ask_to_stop(self) -> None:
        try:
            os.write(self._control, b"s")
        except BrokenPipeError:
            return

    def kill(self) -> None:
        """Ends the process and all that it started."""
        if self._process.returncode is None:
            kill_group(self.pid)

    def end(self) -> int:
        """Ends whatever still runs and returns the exit status; negative numbers are signals."""
        self.kill()
        if self._guard.returncode is None and self._guard.stdin is not None:
            self._guard.kill()  # before its input closes, and before the group's number is free again
            self._guard.wait()
            self._guard.stdin.close()
        return self._process.wait()


def _pipe(undo: ExitStack) -> tuple[int, int]:
    ends = os.pipe()
    for end in ends:
        undo.callback(os.close, end)
    return ends


def _guard(group: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - a fixed script and a number
        ["/bin/sh", "-c", _GUARD, "understudy-guard", str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


@dataclass(frozen=True)
class _Wishes:
    """Whether somebody wants the work to stop, and who is told that it was asked to."""

    stop: threading.Event
    interrupts: list[int]
    on_stop: Callable[[], None] | None

    def to_stop(self) -> bool:
        return self.stop.is_set() or bool(self.interrupts)

    def to_end_at_once(self) -> bool:
        return len(self.interrupts) > 1

    def heed(self) -> None:
        if self.on_stop is not None:
            self.on_stop()


class _Attendant:
    """Listens to a child until it ends, passes progress on, and asks it to stop when somebody wants that."""

    def __init__(self, child: _Child, limits: Limits, on_progress: Report | None, wishes: _Wishes) -> None:
        self.final: dict[str, Any] = {}
        self.stopped = False
        self._child, self._limits, self._on_progress, self._wishes = child, limits, on_progress, wishes
        self._rest = bytearray()
        self._closed = False
        self._kill_at = float("inf")

    def attend(self) -> None:
        """Returns once the child has ended and all that it said has been heard."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.reports, selectors.EVENT_READ)
            while not self._child.has_exited():
                if self._closed:
                    time.sleep(0.001)
                elif selector.select(_TICK):
                    self._hear()
                self._decide(time.monotonic())
        while self._hear():
            pass

    def _decide(self, now: float) -> None:
        if not self.stopped and not self.final and self._wishes.to_stop():
            self.stopped = True
            self._child.ask_to_stop()
            self._kill_at = now + self._limits.grace_seconds
            self._wishes.heed()
        if self.final or self._closed:
            self._kill_at = min(self._kill_at, now + _EXIT_GRACE)
        if now >= self._kill_at or self._wishes.to_end_at_once():
            self._child.kill()

    def _hear(self) -> bool:
        """Takes what has come; False when nothing has."""
        try:
            heard = os.read(self._child.reports, 1 << 20)
        except BlockingIOError:
            return False
        self._closed = not heard
        self._rest += heard
        if b"\n" in heard:
            *lines, rest = bytes(self._rest).split(b"\n")
            self._rest = bytearray(rest)
            for line in lines:
                self._take(json.loads(line))
        return bool(heard)

    def _take(self, message: dict[str, Any]) -> None:
        if "progress" not in message:
            self.final = message
        elif self._on_progress is not None:
            self._on_progress(Progress(**message["progress"]))


@contextmanager
def _counted_interrupts() -> Iterator[list[int]]:
    """Turns Ctrl-C into entries of a list, so that it cannot strike between two lines of bookkeeping.

    Only where Ctrl-C would raise KeyboardInterrupt here: in the main thread, with Python's own handler in place.
    """
    interrupts: list[int] = []
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        yield interrupts
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def _outcome(attendant: _Attendant, breach: Breach | None, status: int, usage: Usage, log: _Log) -> Outcome:
    final = attendant.final
    if attendant.stopped:
        return Cancelled(final.get("result"), usage)
    if "result" in final:
        return Finished(final["result"], usage)
    if "memory" in final or breach is Breach.MEMORY:
        return OutOfMemory(usage)
    if breach is Breach.TIME:
        return OutOfTime(usage)
    if "refusal" in final:
        return Failed(UnderstudyError(**_words(final["refusal"])), final["refusal"]["kind"], None, usage)
    return _fault(final, status, usage, log.path)


def _words(refusal: dict[str, str]) -> dict[str, str]:
    return {part: refusal[part] for part in ("fact", "reason", "remedy")}


def _fault(final: dict[str, Any], status: int, usage: Usage, log: Path) -> Failed:
    """Says how work ended that neither finished nor refused: by an error of ours, a signal or an exit."""
    if "fault" in final:
        kind, reason = final["fault"]["kind"], f"It met an error that it does not know: {final['fault']['summary']}."
    elif status == -signal.SIGKILL:
        kind = "SIGKILL"
        reason = "Another program killed it, most likely the system because memory ran out."
    elif status < 0:
        kind = signal.Signals(-status).name
        reason = f"Its process was ended by {kind}, which points at a fault in a library that it uses."
    else:
        kind, reason = "exit", f"Its process ended with status {status} before it had a result."
    error = UnderstudyError(fact="The work broke off.", reason=reason, remedy=f"What it printed is in {log}.")
    return Failed(error, kind, log, usage)
