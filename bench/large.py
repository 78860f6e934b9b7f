"""Takes in and trains on many tiny drawn photos, and watches the memory: `make bench-large`."""

import argparse
import io
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import psutil
from PIL import Image

from bench.command import UNDERSTUDY
from bench.table import Bar, bars, table

CLASSES = ("plain", "striped", "dotted")
SIDE = 32
COUNTS = (10_000, 100_000)
GROWTH = 1.5
"""Memory that ten times as many photos may take; if it grew with their number this would be ten."""
SAMPLE_SECONDS = 0.2
CHUNK = 1000


@dataclass(frozen=True)
class Large:
    """One run.

    Attributes:
        photos: How many there were.
        seconds: From the command's start to its end, the verdict included.
        peak: Largest sum of resident memory over the command's processes, in bytes.
        own: The same without pages of files, which the system can take back at any time.
        disk: What the workspace takes, in bytes.
        said: What the command said.
    """

    photos: int
    seconds: float
    peak: int
    own: int
    disk: int
    said: str

    def megabytes(self) -> list[str]:
        """Peak, own and disk, to be shown."""
        return [f"{part / 1e6:,.0f}" for part in (self.peak, self.own, self.disk)]


def draw(count: int, folder: Path, *, seed: int = 0) -> None:
    """Writes photos of 32 by 32 pixels, a folder a class; one in ten is a PNG, the others JPEGs.

    Each lies on a cloudy ground of its own, so that no two are twins, with stripes, dots or nothing of a random size,
    turn and strength on it.
    """
    for label in CLASSES:
        (folder / label).mkdir(parents=True, exist_ok=True)
    for start in range(0, count, CHUNK):
        rng = np.random.default_rng([seed, start])
        kinds = rng.integers(0, len(CLASSES), min(CHUNK, count - start))
        for place, (photo, kind) in enumerate(zip(_drawn(rng, kinds), kinds, strict=True), start):
            _write(Image.fromarray(photo), folder / CLASSES[kind] / f"{place:06}", png=place % 10 == 0)


def measure(count: int) -> Large:
    """Draws so many photos and trains on them with the command, in folders that are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-large-") as scratch:
        folder, workspace = Path(scratch) / "photos", Path(scratch) / "workspace"
        print(f"drawing {count:,} photos ...", flush=True)
        draw(count, folder)
        print("taking in and training ...", flush=True)
        command: list[str | Path] = [UNDERSTUDY, "--workspace", workspace, "train", folder]
        started = time.perf_counter()
        with (Path(scratch) / "said").open("w+") as said:
            process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
            with _watched(process.pid) as memory:
                status = process.wait()
            seconds = time.perf_counter() - started
            said.seek(0)
            text = said.read()
        if status:
            raise SystemExit(f"understudy train ended with {status}:\n{text}")
        return Large(count, seconds, memory.peak, memory.own, _bytes_below(workspace), text)


@dataclass
class Memory:
    """The largest memory seen so far, in bytes; see `Large`."""

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
    """Measures each number of photos and prints the memory beside its bar."""
    parser = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=list(COUNTS), metavar="N", help="photos of each run")
    measured = [measure(count) for count in parser.parse_args(arguments).counts]
    few, many = measured[0], measured[-1]
    grown = Bar(f"memory at {many.photos:,} photos over {few.photos:,}", many.own / few.own, GROWTH, "most", "×", 2)
    if many is not few:
        print("\n" + bars([grown]))
    head = ["photos", "seconds", "peak memory, MB", "without file pages, MB", "workspace on disk, MB"]
    rows = [[f"{each.photos:,}", f"{each.seconds:.0f}", *each.megabytes()] for each in measured]
    print("\n" + table(head, rows))
    print("\nWhat the last run said:\n\n" + re.sub(r"(?m)^", "  ", many.said.strip()))


def _drawn(rng: np.random.Generator, kinds: npt.NDArray[np.int64]) -> npt.NDArray[np.uint8]:
    """Photos of the given kinds, (n, 32, 32, 3)."""
    count = len(kinds)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    coarse = rng.normal(0, 22, (count, 9, 9, 3)).astype(np.float32)
    ground = rng.uniform(70, 180, (count, 1, 1, 3)) + _between(_between(coarse, 1), 2)
    ground += rng.normal(0, 9, (count, SIDE, SIDE, 1))
    turn, pitch = rng.uniform(0, np.pi, (count, 1, 1)), rng.uniform(4, 9, (count, 1, 1))
    along = (np.cos(turn) * x + np.sin(turn) * y) * 2 * np.pi / pitch
    across = (np.cos(turn) * y - np.sin(turn) * x) * 2 * np.pi / pitch
    stripes, dots = np.cos(along), 2 * np.cos(along) * np.cos(across)
    pattern = np.choose(kinds[:, None, None], [np.zeros_like(dots), stripes, dots])
    drawn = ground + (rng.uniform(4, 30, (count, 1, 1)) * pattern)[..., None]
    photos: npt.NDArray[np.uint8] = drawn.clip(0, 255).astype(np.uint8)
    return photos


def _between(values: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """Nine values along an axis become 32, those between them linearly."""
    places = np.linspace(0, 8, SIDE, dtype=np.float32)
    low = np.minimum(places.astype(int), 7)
    share = (places - low).reshape([-1 if place == axis else 1 for place in range(values.ndim)])
    between: npt.NDArray[np.float32] = values.take(low, axis) * (1 - share) + values.take(low + 1, axis) * share
    return between


def _write(photo: Image.Image, path: Path, *, png: bool) -> None:
    """Encodes in memory and writes at once: Pillow's own many small writes would take longer than the drawing."""
    encoded = io.BytesIO()
    photo.save(encoded, "PNG" if png else "JPEG", **({} if png else {"quality": 85}))
    path.with_suffix(".png" if png else ".jpg").write_bytes(encoded.getvalue())


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
