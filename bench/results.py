"""What was measured so far, a JSON line each, so that a long run that was cut off goes on where it ended."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

REPOSITORY = Path(__file__).resolve().parents[1]
Side = Literal["ours", "fine-tuned"]

MAKERS: dict[Side, tuple[str, ...]] = {
    "ours": ("bench/ours.py", "bench/splits.py", "src/understudy/engine", "src/understudy/modalities/image",
             "src/understudy/search"),
    "fine-tuned": ("bench/finetune.py", "bench/network.py", "bench/splits.py",
                   "src/understudy/modalities/image/decode.py", "src/understudy/modalities/image/pixels.py"),
}  # fmt: skip
"""The code that decides what each side's figures are."""


@dataclass(frozen=True)
class Record:
    """One split, measured on one side.

    Attributes:
        set: Name of the set.
        seed: Of the split.
        accuracy: Share of the rest answered rightly.
        seconds: Wall time of the training.
        answering: Wall time of the answers for the rest.
        others: Share of the cores that other processes used meanwhile, 0..1.
    """

    set: str
    seed: int
    accuracy: float
    seconds: float
    answering: float
    others: float


class Results:
    """A file of records; one counts as long as the code that made it is what it was.

    Args:
        folder: Where the file is; made if missing.
        settings: What else decides a side's figures.
    """

    def __init__(self, folder: Path, settings: dict[Side, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "images.jsonl"
        self._makers: dict[Side, str] = {
            side: _fingerprint([REPOSITORY / name for name in names], settings.get(side, ""))
            for side, names in MAKERS.items()
        }
        self._known = dict(self._lines())

    def known(self, side: Side, name: str, seed: int) -> Record | None:
        """What was measured of a split, if it was."""
        return self._known.get((side, name, seed))

    def add(self, side: Side, record: Record) -> None:
        """Keeps a record."""
        line = {"side": side, "maker": self._makers[side], **vars(record)}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        self._known[side, record.set, record.seed] = record

    def _lines(self) -> Iterable[tuple[tuple[Side, str, int], Record]]:
        if not self.path.exists():
            return
        for text in self.path.read_text(encoding="utf-8").splitlines():
            line: dict[str, Any] = json.loads(text)
            side: Side = line.pop("side")
            if line.pop("maker") == self._makers[side]:
                record = Record(**line)
                yield (side, record.set, record.seed), record


def _fingerprint(paths: Sequence[Path], settings: str) -> str:
    digest = hashlib.sha256(settings.encode())
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
