"""The journal of a run: what finished, on disk, so that a run that was stopped can go on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.domain.trial import Trial
from understudy.search.scorers import Matrix
from understudy.search.trial_lines import TrialLines

WORDS: Final = {
    "data": "the inputs, their labels or what belongs together",
    "seed": "the seed",
    "encoder": "the encoder",
    "precision": "the precision that this machine reckons with",
    "task": "what is to be answered",
}
"""What makes runs comparable, in words."""


@dataclass(frozen=True)
class Entry:
    """One finished trial.

    Attributes:
        trial: Its name and scores.
        view: Name of the view it saw.
        family: Name of its family.
        setting: Its place among the family's settings.
        sharpness: Factor on its scores before the softmax.
        scores: Held-out scores, (m, k), in the order of the run's folds.
    """

    trial: Trial
    view: str
    family: str
    setting: int
    sharpness: float
    scores: Matrix


class Journal:
    """Finished trials of one run, in a folder.

    A trial's scores are written before its line, and a line that was cut off is dropped, so whatever ends the
    process leaves a journal that can be read.

    Args:
        folder: The run's own; made if missing.
        identity: What makes runs comparable: data, seed, extractor. A journal of another identity is refused.

    Raises:
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self._folder = folder
        self._lines = TrialLines(folder, identity, WORDS)
        self.entries = self._lines.read(self._entry)

    def finished(self, view: str, family: str) -> list[Entry]:
        """The settings of a family that are done on a view, in their order."""
        return [entry for entry in self.entries if entry.view == view and entry.family == family]

    def add(self, entry: Entry) -> None:
        """Keeps a finished trial."""
        place = len(self.entries)
        scores = self._folder / f"scores-{place:05d}.npy"
        with scores.open("wb") as file:
            np.save(file, entry.scores, allow_pickle=False)
        self._lines.add(
            {
                "trial": asdict(entry.trial),
                "view": entry.view,
                "family": entry.family,
                "setting": entry.setting,
                "sharpness": entry.sharpness,
            }
        )
        self.entries.append(entry)

    def _entry(self, place: int, line: dict[str, Any]) -> Entry:
        scores = np.load(self._folder / f"scores-{place:05d}.npy", allow_pickle=False)
        trial = Trial(**line["trial"])
        return Entry(trial, line["view"], line["family"], line["setting"], line["sharpness"], scores)
