"""The journal of a run: what finished, on disk, so that a run that was stopped can go on."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from understudy.domain.errors import UnderstudyError
from understudy.domain.trial import Trial
from understudy.search.scorers import Matrix

WORDS: Final = {
    "data": "the inputs, their labels or what belongs together",
    "seed": "the seed",
    "encoder": "the encoder",
    "precision": "the precision that this machine reckons with",
    "task": "what is to be answered",
}
"""What makes runs comparable, in words."""

_LINES: Final = "trials.jsonl"
_IDENTITY: Final = "identity.json"


class RunMismatch(UnderstudyError):
    """A run cannot be resumed, because its data or settings are no longer the same."""


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
        self._lines = folder / _LINES
        folder.mkdir(parents=True, exist_ok=True)
        if not anything_tried(folder):
            (folder / _IDENTITY).unlink(missing_ok=True)  # there is nothing that could not be compared
        check_identity(folder / _IDENTITY, identity, WORDS)
        self.entries = self._readable()

    def finished(self, view: str, family: str) -> list[Entry]:
        """The settings of a family that are done on a view, in their order."""
        return [entry for entry in self.entries if entry.view == view and entry.family == family]

    def add(self, entry: Entry) -> None:
        """Keeps a finished trial."""
        place = len(self.entries)
        scores = self._folder / f"scores-{place:05d}.npy"
        with scores.open("wb") as file:
            np.save(file, entry.scores, allow_pickle=False)
        line = {
            "trial": asdict(entry.trial),
            "view": entry.view,
            "family": entry.family,
            "setting": entry.setting,
            "sharpness": entry.sharpness,
        }
        with self._lines.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.entries.append(entry)

    def _readable(self) -> list[Entry]:
        """The entries up to the first that is damaged; what follows it is dropped."""
        if not self._lines.exists():
            return []
        text = self._lines.read_text(encoding="utf-8", errors="replace")
        entries: list[Entry] = []
        kept = ""
        for line in text.splitlines(keepends=True):
            try:
                entry = self._entry(len(entries), line)
            except (ValueError, KeyError, TypeError, OSError, EOFError):
                break
            if not line.endswith("\n"):
                break
            entries.append(entry)
            kept += line
        if kept != text:
            self._lines.write_text(kept, encoding="utf-8")
        return entries

    def _entry(self, place: int, line: str) -> Entry:
        given = json.loads(line)
        scores = np.load(self._folder / f"scores-{place:05d}.npy", allow_pickle=False)
        trial = Trial(**given["trial"])
        return Entry(trial, given["view"], given["family"], given["setting"], given["sharpness"], scores)


def anything_tried(folder: Path) -> bool:
    """Whether a run in this folder finished any trial."""
    lines = folder / _LINES
    return lines.is_file() and lines.stat().st_size > 0


def check_identity(path: Path, identity: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Writes what makes runs comparable, or makes sure that it is what an earlier run wrote.

    Args:
        path: The file that holds it.
        identity: What makes runs comparable.
        words: Each part of it, for people; what changed is named by them.

    Raises:
        RunMismatch: It was a run of something else.
    """
    if not path.exists():
        path.write_text(json.dumps(identity, sort_keys=True), encoding="utf-8")
        return
    try:
        before: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise _mismatch("What it had learned from cannot be read any more.") from error
    now: dict[str, Any] = json.loads(json.dumps(identity))
    changed = [words[part] for part in now if part not in before or before[part] != now[part]]
    if changed:
        raise _mismatch(f"Since then {' and '.join(changed)} changed, so what it tried cannot be compared.")


def _mismatch(reason: str) -> RunMismatch:
    return RunMismatch(
        fact="The earlier run cannot go on.", reason=reason, remedy="Train without --resume to start anew."
    )
