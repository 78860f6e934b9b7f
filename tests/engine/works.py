"""Entry points that the executor's tests run in real child processes."""
# ruff: noqa: ARG001, T201 - every entry has the same three arguments, and some misbehave on purpose

import ctypes
import importlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Progress
from understudy.engine.executor import Report, StopRequested

Payload = dict[str, Any]


class OutOfBlades(UnderstudyError):
    """A refusal of the work's own."""


def overflow(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    Path("/dev/full").write_text("more than nothing", encoding="utf-8")
    return payload


def echo(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    return payload


def import_all(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    """Imports modules, and says which of them and of some others are there in the end."""
    for name in payload["modules"]:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    return {"there": [name for name in (*payload["modules"], *payload["others"]) if name in sys.modules]}


def count(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    for done in range(payload["steps"]):
        report(Progress("Zählen", done, payload["steps"], None if done == 0 else 0.5))
    return {"counted": payload["steps"]}


def count_from_threads(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    def work(name: int) -> None:
        for done in range(payload["steps"]):
            report(Progress(f"{name}" * 5000, done, payload["steps"], None))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(payload["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {}


def hold_the_lock(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    """Spins in C code that never lets go of the interpreter's lock."""
    Path(payload["started"]).write_text(str(os.getpid()))
    re.match(r"(a+)+$", "a" * 60 + "b")
    return {}


def hoard(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    held = []
    while True:
        held.append(np.ones(payload.get("step", 1 << 20), np.uint8))


def hoard_in_a_grandchild(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    code = "held = []\nwhile True: held.append(b'x' * (1 << 20) + bytes([len(held) % 256]))"
    return {"status": subprocess.run([sys.executable, "-c", code], check=False).returncode}


def ask_for_the_moon(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    return {"size": len(bytearray(1 << 60))}


def dally(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    """Waits to be stopped, then hands over what it has; with a grandchild beside it that would outlive it."""
    sleeper = subprocess.Popen(["sleep", "600"])
    Path(payload["started"]).write_text(f"{os.getpid()} {sleeper.pid}")
    report(Progress("Waiting", 0, 1, None))
    while not (stop_requested() and payload.get("heeds", True)):
        time.sleep(0.005)
    return {"kept": "what was finished"}


def linger(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    """Has its result, but a thread that keeps the process from ending."""
    threading.Thread(target=time.sleep, args=(600,)).start()
    return {"done": True}


def crash(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    ctypes.string_at(0)
    return {}


def signal_itself(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def leave(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    os._exit(7)


def refuse(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    raise OutOfBlades(fact="Kein Blatt da.", reason="Der Ordner „Blätter“ ist leer.", remedy="Add 2 photos.")


def blunder(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    raise KeyError("the missing blade")


def give_nothing(payload: Payload, report: Report, stop_requested: StopRequested) -> Any:
    return None


def give_no_json(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    return {"object": object()}


def chatter(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    print('{"result": {"forged": true}}', flush=True)
    os.write(1, b'{"result": {"forged": true}}\n' * 10_000)
    os.write(2, b"\xff\xfe not text\n")
    return {"read": sys.stdin.read(), "forged": False}


def open_descriptors(payload: Payload, report: Report, stop_requested: StopRequested) -> Payload:
    listing = subprocess.run(["ls", "/proc/self/fd"], capture_output=True, text=True, check=True)
    return {"of_a_grandchild": listing.stdout.split()}
