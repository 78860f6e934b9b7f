"""The journal of a run: what finished, on disk, so that a run that was stopped can go on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.domain.trial import Trial
from understudy.search.recommend.families import Setting
from understudy.search.recommend.heights import Heights
from understudy.search.trial_lines import TrialLines

WORDS: Final = {
    "data": "the histories or items",
    "seed": "the seed",
    "about": "what the table says of times, ratings and columns",
}
"""What makes runs comparable, in words."""


@dataclass(frozen=True)
class Entry:
    """One finished trial.

    Attributes:
        trial: Its name and scores.
        family: Name of its family.
        setting: What was set.
    """

    trial: Trial
    family: str
    setting: Setting


class Journal:
    """Finished trials of one run, in a folder, and what the best of each family said.

    Args:
        folder: The run's own; made if missing.
        identity: What makes runs comparable: data, seed, what is known of items. A journal of another is refused.

    Raises:
        RunMismatch: The folder holds a run of something else.
    """

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self._folder = folder
        self._lines = TrialLines(folder, identity, WORDS)
        self.entries = self._lines.read(_entry)

    def best(self, family: str) -> Entry | None:
        """The best trial of a family so far; of equal ones, the first."""
        return best_among(self.entries, family)

    def add(self, entry: Entry, said: Sequence[Heights]) -> None:
        """Keeps a finished trial, and what it said where it is its family's best, in place of the last one's."""
        best = self.best(entry.family)
        better = best is None or entry.trial.log_loss < best.trial.log_loss
        if better:
            arrays: dict[str, Any] = {f"items{at}": each.items for at, each in enumerate(said)}
            arrays |= {f"heights{at}": each.heights for at, each in enumerate(said)}
            with self._said(len(self.entries)).open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
        self._lines.add({"trial": asdict(entry.trial), "family": entry.family, "setting": dict(entry.setting)})
        self.entries.append(entry)
        if best is not None and better:
            self._said(self._place(best)).unlink(missing_ok=True)

    def keeps(self, entry: Entry) -> bool:
        """Whether what an entry said is kept."""
        return self._said(self._place(entry)).exists()

    def said(self, entry: Entry) -> list[Heights]:
        """What a family's best said, one a round."""
        with np.load(self._said(self._place(entry)), allow_pickle=False) as kept:
            count = len(kept.files) // 2
            return [Heights(kept[f"items{at}"], kept[f"heights{at}"]) for at in range(count)]

    def _place(self, entry: Entry) -> int:
        return next(place for place, each in enumerate(self.entries) if each is entry)

    def _said(self, place: int) -> Path:
        return self._folder / f"said-{place:05d}.npz"


def _entry(place: int, line: Mapping[str, Any]) -> Entry:
    del place
    return Entry(Trial(**line["trial"]), str(line["family"]), dict(line["setting"]))


def best_among(entries: Sequence[Entry], family: str) -> Entry | None:
    """The best trial of a family; of equal ones, the first."""
    own = [each for each in entries if each.family == family]
    return min(own, key=lambda each: each.trial.log_loss) if own else None
