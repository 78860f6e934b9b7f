"""The journal of a search of tables: finished trials with all that was fitted, on disk, so that a run can go on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.trial import Trial
from understudy.search.tables.fitted import Arrays
from understudy.search.trial_lines import TrialLines

Numbers = npt.NDArray[np.float64]

WORDS: Final = {
    "data": "the rows or their answers",
    "seed": "the seed",
    "task": "what is to be answered",
    "columns": "what the columns mean",
    "class_weights": "how much labels count (--weigh)",
    "costs": "what mistakes cost (--by-costs)",
}
"""What makes runs comparable, in words."""


@dataclass(frozen=True)
class Entry:
    """One finished trial.

    Attributes:
        trial: Its name and scores.
        candidate: What was tried; see `Candidate.key`.
        given: What it said of each row while that was held out, (n, k) or (n, 1); NaN for rows that never were.
        fits: How many fits it is made of.
        bytes: What they take on disk.
    """

    trial: Trial
    candidate: str
    given: Numbers
    fits: int
    bytes: int


class Journal:
    """Finished trials of one run, in a folder.

    What a trial fitted and said is written before its line, and a line that was cut off is dropped, so whatever ends
    the process leaves a journal that can be read.

    Args:
        folder: The run's own; made if missing.
        identity: What makes runs comparable: data, seed, task, and what its schema says. A journal of another one is
            refused.

    Raises:
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self._folder = folder
        self._lines = TrialLines(folder, identity, WORDS)
        self.entries = self._lines.read(self._whole)

    def add(self, trial: Trial, candidate: str, given: Numbers, fits: list[Arrays]) -> None:
        """Keeps a finished trial."""
        number = len(self.entries)
        with self._given(number).open("wb") as file:
            np.save(file, given.astype(np.float32), allow_pickle=False)
        size = 0
        for at, arrays in enumerate(fits):
            with self._fit(number, at).open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
                size += file.tell()
        line = {"trial": asdict(trial), "candidate": candidate, "fits": len(fits), "bytes": size}
        self._lines.add(line)
        self.entries.append(self._entry(number, line))

    def fitted(self, number: int) -> list[Arrays]:
        """What the trial of that number fitted."""
        fits = []
        for at in range(self.entries[number].fits):
            with np.load(self._fit(number, at), allow_pickle=False) as kept:
                fits.append({name: kept[name] for name in kept.files})
        return fits

    def _given(self, number: int) -> Path:
        return self._folder / f"given-{number:05d}.npy"

    def _fit(self, number: int, at: int) -> Path:
        return self._folder / f"fit-{number:05d}-{at}.npz"

    def _whole(self, number: int, line: Mapping[str, Any]) -> Entry:
        entry = self._entry(number, line)
        if not all(self._fit(number, at).exists() for at in range(entry.fits)):
            raise FileNotFoundError(f"what trial {number} fitted is gone")
        return entry

    def _entry(self, number: int, line: Mapping[str, Any]) -> Entry:
        # Read back even when it was only just written, so that a run that goes on and one that never stopped agree.
        given = np.load(self._given(number), allow_pickle=False).astype(np.float64)
        return Entry(Trial(**line["trial"]), str(line["candidate"]), given, int(line["fits"]), int(line["bytes"]))
