"""The command line as a user meets it: how soon help comes, and how soon a folder becomes a verdict."""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.splits import PhotoSet

UNDERSTUDY = Path(sys.executable).with_name("understudy")
PROJECT = "photos"


def help_seconds(times: int) -> float:
    """Median wall time of `understudy --help`, after one start that does not count."""
    return statistics.median([_timed("--help") for _ in range(times + 1)][1:])


def verdict_seconds(folder: Path, times: int) -> float:
    """Median wall time of `understudy train FOLDER`, each in a workspace of its own."""
    return statistics.median(_training(folder) for _ in range(times))


@contextmanager
def folder_of(photos: PhotoSet, places: npt.NDArray[np.int64]) -> Iterator[Path]:
    """Some photos of a set, copied to a folder a class."""
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as scratch:
        folder = Path(scratch) / PROJECT
        for place in places:
            target = folder / photos.labels[place]
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(photos.paths[place], target)
        yield folder


def trained_workspace(folder: Path, workspace: Path) -> None:
    """Trains the project `photos` in a workspace."""
    _timed("--workspace", str(workspace), "train", str(folder), "--project", PROJECT)


def understudy(*arguments: str) -> str:
    """Runs the command and returns what it said.

    Raises:
        RuntimeError: It failed; the error holds its words.
    """
    done = subprocess.run([UNDERSTUDY, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(
            f"understudy {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def _training(folder: Path) -> float:
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as workspace:
        return _timed("--workspace", workspace, "train", str(folder))


def _timed(*arguments: str) -> float:
    started = time.perf_counter()
    understudy(*arguments)
    return time.perf_counter() - started
