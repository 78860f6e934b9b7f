"""Ways to give a command: in this process, and as a process of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from understudy.cli.main import run

UNDERSTUDY = Path(sys.executable).with_name("understudy")


@dataclass(frozen=True)
class Said:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


Give = Callable[..., Said]
"""Gives a command in this process: words, and the workspace's folder or None for the usual one."""


@pytest.fixture
def give(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Give:
    """Gives a command in this process; training runs in a process of its own all the same."""
    monkeypatch.delenv("UNDERSTUDY_WORKSPACE", raising=False)

    def given(*words: str | Path, workspace: Path | None = None) -> Said:
        capsys.readouterr()
        before = ["--workspace", str(workspace)] if workspace else []
        status = run([*before, *map(str, words)])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(status, said.out, said.err)

    return given


class Running:
    """A command as a process of its own."""

    def __init__(self, *words: str | Path, workspace: Path) -> None:
        self.process = subprocess.Popen(
            [UNDERSTUDY, "--workspace", workspace, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def ended(self) -> Said:
        """Waits for its end."""
        out, err = self.process.communicate(timeout=600)
        return Said(self.process.returncode, out, err)

    def press_ctrl_c(self) -> None:
        """What a terminal does: every process of the command's own group is told."""
        os.killpg(self.process.pid, signal.SIGINT)

    def children(self) -> list[psutil.Process]:
        """Its processes that train, once there are some."""
        until(lambda: bool(self._training()))
        return self._training()

    def _training(self) -> list[psutil.Process]:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if not is_gone(child) and "understudy.engine.child" in child.cmdline()]

    def line(self, pattern: str, *, err: bool = False) -> re.Match[str]:
        """Reads on to a line that matches."""
        stream = self.process.stderr if err else self.process.stdout
        assert stream is not None
        for line in stream:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"it never said {pattern}")


@pytest.fixture
def start() -> Iterator[Callable[..., Running]]:
    """Starts commands as processes of their own, and sees that none is left."""
    started: list[Running] = []

    def begin(*words: str | Path, workspace: Path) -> Running:
        started.append(Running(*words, workspace=workspace))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate()


def until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Waits until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.01)


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
