"""Servers as processes, under the same settings of the same web server: the product's, and bare FastAPI."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

BARE = ("uvicorn", "bench.serving.bare:app", "--log-level", "warning", "--no-access-log", "--port")
OURS = ("bench.serving.ours",)
"""Bare FastAPI as uvicorn runs it unless told otherwise, on the same event loop; ours as `understudy serve` runs it."""
START_SECONDS = 90.0


@dataclass(frozen=True)
class Running:
    """A server that takes requests.

    Attributes:
        process: The process, or the supervisor of several.
        url: Where it listens.
    """

    process: "subprocess.Popen[bytes]"
    url: str

    def memory(self) -> int:
        """Resident bytes of the process and its children."""
        first = psutil.Process(self.process.pid)
        return sum(each.memory_info().rss for each in (first, *first.children(recursive=True)))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(what: tuple[str, ...], ready: str, environment: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Starts a server, waits until `ready` answers, and ends it on leaving.

    Args:
        what: A module that serves, with what it is told before its port.
        ready: A path that answers as soon as requests are taken.
        environment: Variables that it is given besides.
    """
    url = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen([sys.executable, "-m", *what, str(port)], env={**os.environ, **(environment or {})})
    try:
        wait_until(f"{url}{ready}", process)
        yield Running(process, url)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(url: str, process: "subprocess.Popen[bytes]") -> None:
    """Waits until an address answers in whatever way.

    Raises:
        RuntimeError: The process ended, or it takes too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"nothing answers at {url} (process ended: {process.poll()})")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        yield Path(folder)
