"""The process in which a job runs: `python -m understudy.engine.child`, started by the local executor.

It reads the job as JSON from its standard input and reports in lines of JSON on a pipe of its own, so nothing that the
work prints can corrupt a report. It imports the standard library and the entry's module, nothing else, and ends when
its parent does.
"""

import ctypes
import dataclasses
import faulthandler
import importlib
import json
import os
import resource
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from understudy.domain.disk import refused
from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Progress
from understudy.engine.absent import Absent
from understudy.engine.executor import Work

_PR_SET_PDEATHSIG = 1


class Reporter:
    """Writes lines of JSON to the parent; any thread may."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, kind: str, body: Any) -> None:
        """Sends one message; the call returns once the pipe has taken all of it."""
        line = memoryview(json.dumps({kind: body}).encode() + b"\n")
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]

    def progress(self, progress: Progress) -> None:
        """Tells the parent where the work stands."""
        self.send("progress", dataclasses.asdict(progress))


def run(entry: str, payload: dict[str, Any], reporter: Reporter, stop: threading.Event) -> int:
    """Runs the work and reports its result or its error.

    Returns:
        The process's exit status: 0 when there is a result.
    """
    try:
        result = _find(entry)(payload, reporter.progress, stop.is_set)
        reporter.send("result", _checked(entry, result))
    except UnderstudyError as error:
        _refuse(reporter, error)
    except MemoryError as error:
        reporter.send("memory", str(error))
    except BaseException as error:  # noqa: BLE001 - whatever ends the work must reach the parent
        traceback.print_exc()
        if isinstance(error, OSError) and (told := refused(error)):
            _refuse(reporter, told)
        else:
            summary = traceback.format_exception_only(error)[-1].strip()
            reporter.send("fault", {"kind": type(error).__name__, "summary": summary})
    else:
        return 0
    return 1


def _refuse(reporter: Reporter, error: UnderstudyError) -> None:
    words = {"fact": error.fact, "reason": error.reason, "remedy": error.remedy}
    reporter.send("refusal", {"kind": type(error).__name__, **words})


def _find(entry: str) -> Work:
    module, _, function = entry.partition(":")
    work: Work = getattr(importlib.import_module(module), function)
    return work


def _checked(entry: str, result: Any) -> dict[str, Any]:
    if not isinstance(result, dict):
        raise TypeError(f"{entry} returned {type(result).__name__} where a JSON object is due")
    return result


def _die_with_parent(parent: int) -> None:
    """Asks the kernel, where it can, to end this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _be_a_good_neighbour() -> None:
    """No core dumps; and when the machine runs out of memory, this process goes before its parent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        try:
            Path("/proc/self/oom_score_adj").write_text("500")
        except OSError:
            return


def _listen(control: int, stop: threading.Event) -> None:
    """Hears the parent: a byte asks to stop, the end of the pipe means that the parent is gone."""
    while os.read(control, 1):
        stop.set()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _read_job() -> dict[str, Any]:
    """Reads the job, then leaves nothing on standard input for the work to wait for."""
    job: dict[str, Any] = json.load(sys.stdin.buffer)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return job


def main(arguments: list[str]) -> int:
    """Runs one job.

    Args:
        arguments: Descriptor to report on, descriptor to hear the parent on, the parent's process id.
    """
    report, control, parent = (int(argument) for argument in arguments[:3])
    _die_with_parent(parent)
    for descriptor in (report, control):
        os.set_inheritable(descriptor, False)
    faulthandler.enable()
    _be_a_good_neighbour()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(control, stop), name="parent", daemon=True).start()
    job = _read_job()
    sys.meta_path.insert(0, Absent(frozenset(job["unused"])))
    return run(job["entry"], job["payload"], Reporter(report), stop)


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The result is with the parent. To unload the libraries the work used would take 0.3 s and change nothing.
    os._exit(status)
