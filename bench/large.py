"""Takes in, trains on and judges many drawn inputs of a kind, and watches the memory: `make bench-large`."""

import argparse
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.command import UNDERSTUDY
from bench.large_sources import SOURCES, Source
from bench.table import Bar, bars, table

GROWTH = 1.5
"""Memory that ten times as many photos may take; if it grew with their number this would be ten."""
MOST = 4.0
"""Gigabytes that the largest set of any kind may take."""
SAMPLE_SECONDS = 0.2
PROJECT = "large"


@dataclass(frozen=True)
class Step:
    """One command.

    Attributes:
        name: What it does.
        seconds: From its start to its end.
        peak: Largest sum of resident memory over its processes, in bytes.
        own: The same without pages of files, which the system can take back at any time.
        said: What it said.
    """

    name: str
    seconds: float
    peak: int
    own: int
    said: str


@dataclass(frozen=True)
class Large:
    """One run.

    Attributes:
        count: How many inputs there were.
        steps: The commands, in order.
        disk: What the workspace takes, in bytes.
    """

    count: int
    steps: tuple[Step, ...]
    disk: int

    @property
    def own(self) -> int:
        """The most that any command took of its own, in bytes."""
        return max(step.own for step in self.steps)

    def rows(self) -> list[list[str]]:
        """A line a command, to be shown."""
        return [
            [f"{self.count:,}", each.name, f"{each.seconds:.0f}", f"{each.peak / 1e6:,.0f}", f"{each.own / 1e6:,.0f}"]
            for each in self.steps
        ]


def measure(source: Source, count: int, training: Sequence[str]) -> Large:
    """Draws so many inputs and does with them what a person does, in folders that are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-large-") as scratch:
        folder, workspace = Path(scratch) / "source", Path(scratch) / "workspace"
        folder.mkdir()
        print(f"drawing {count:,} {source.many} ...", flush=True)
        path = source.draw(count, folder)
        commands: dict[str, list[str | Path]] = {
            "new": ["new", PROJECT],
            "add": ["add", PROJECT, path, *source.options],
            "train": ["train", PROJECT, "--no-look", *training],
            "review": ["review", PROJECT],
        }
        steps = []
        for name, command in commands.items():
            steps.append(_step(name, [UNDERSTUDY, "--workspace", workspace, *command], Path(scratch)))
            last = steps[-1]
            print(f"{name}: {last.seconds:.0f} s, {last.own / 1e6:,.0f} MB of its own at most", flush=True)
        return Large(count, tuple(steps[1:]), _bytes_below(workspace))


def _step(name: str, command: Sequence[str | Path], scratch: Path) -> Step:
    started = time.perf_counter()
    with (scratch / "said").open("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        with _watched(process.pid) as memory:
            status = process.wait()
        seconds = time.perf_counter() - started
        said.seek(0)
        text = said.read()
    if status not in ({0, 3, 4} if name == "review" else {0}):  # 3 and 4 are verdicts that are no launch
        raise SystemExit(f"understudy {name} ended with {status}:\n{text}")
    return Step(name, seconds, memory.peak, memory.own, text)


@dataclass
class Memory:
    """The largest memory seen so far, in bytes; see `Step`."""

    peak: int = 0
    own: int = 0

    def look(self, process: psutil.Process) -> None:
        """Adds up what the process and its descendants hold now; a page that two share counts twice."""
        resident = own = 0
        with suppress(psutil.NoSuchProcess):
            for each in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    facts = each.memory_info()
                    resident += facts.rss
                    own += facts.rss - getattr(facts, "shared", 0)
        self.peak, self.own = max(self.peak, resident), max(self.own, own)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures each number of inputs and prints the memory beside its bar."""
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("kind", choices=list(SOURCES), nargs="?", default="photos", help="what is drawn")
    parser.add_argument("--counts", type=int, nargs="+", metavar="N", help="inputs of each run")
    parser.add_argument("--minutes", help="what training may take")
    told = parser.parse_args(arguments)
    source = SOURCES[told.kind]
    training = ["--minutes", told.minutes] if told.minutes else []
    measured = [measure(source, count, training) for count in told.counts or source.counts]
    few, many = measured[0], measured[-1]
    asked = [Bar(f"memory at {many.count:,} {source.many}", many.own / 1e9, MOST, "most", "GB", 2)]
    if many is not few and told.kind == "photos":
        growth = f"memory at {many.count:,} photos over {few.count:,}"
        asked.append(Bar(growth, many.own / few.own, GROWTH, "most", "×", 2))
    print("\n" + bars(asked))
    head = [source.many, "command", "seconds", "peak memory, MB", "without file pages, MB"]
    print("\n" + table(head, [row for each in measured for row in each.rows()]))
    if many is not few:
        each_more = (many.own - few.own) / (many.count - few.count)
        print(f"\n{each_more:,.0f} bytes for each more; the workspace takes {many.disk / 1e6:,.0f} MB on disk.")
    said = "\n".join(step.said.strip() for step in many.steps)
    print("\nWhat the last run said:\n\n" + re.sub(r"(?m)^", "  ", said))


@contextmanager
def _watched(pid: int) -> Iterator[Memory]:
    """Looks at a process's memory several times a second."""
    memory, done = Memory(), threading.Event()

    def watch() -> None:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            while not done.wait(SAMPLE_SECONDS):
                memory.look(process)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield memory
    finally:
        done.set()
        watcher.join()


def _bytes_below(folder: Path) -> int:
    return sum(512 * path.lstat().st_blocks for path in folder.rglob("*"))


if __name__ == "__main__":
    main()
