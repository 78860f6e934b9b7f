"""The task of measuring a learning curve: what its job is told, and the scores that it leaves."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from understudy.engine.executor import Job
from understudy.stats.scores import Scores

ENTRY = "understudy.search.learning_job:run"
ARRAYS = ("sizes", "right", "spread", "groups", "labels")


@dataclass(frozen=True)
class LearningTask:
    """What a job that measures a learning curve is told.

    Attributes:
        folder: Its own; holds the lesson, and rows that do not fit in memory.
        scores: The file that receives what was measured.
        blobs: Where inputs are, as the blob store's URL.
        cache: Where features are kept.
        modality: Name of the inputs' modality.
        extractor: Name of its encoder, or None for the built-in one.
        candidate: Name of the trial whose head and view are measured, or None for usual ones.
        seed: Same seed, same scores.
    """

    folder: Path
    scores: Path
    blobs: str
    cache: Path
    modality: str
    extractor: str | None
    candidate: str | None
    seed: int

    def job(self) -> Job:
        """The job for an executor."""
        told = asdict(self)
        return Job(ENTRY, {**told, **{name: str(told[name]) for name in ("folder", "scores", "cache")}})

    @classmethod
    def told(cls, payload: dict[str, Any]) -> "LearningTask":
        """Reads what `job` wrote."""
        return cls(**{**payload, **{name: Path(payload[name]) for name in ("folder", "scores", "cache")}})


def scores_name(data_version: str, candidate: str | None, extractor: str | None, seed: int) -> str:
    """Name of the file that holds the scores of one head on one state of the examples."""
    told = "\n".join([data_version, candidate or "", extractor or "", str(seed)])
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.npz"


def write_scores(path: Path, scores: Scores | None, names: Sequence[str]) -> None:
    """Writes scores, or that there are none; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {} if scores is None else {name: getattr(scores, name) for name in ARRAYS}
    repetitions = 0 if scores is None else scores.repetitions
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez(file, names=np.array(names, np.str_), repetitions=np.array(repetitions), **kept)
    unfinished.replace(path)


def read_scores(path: Path) -> tuple[Scores | None, tuple[str, ...]]:
    """Reads what `write_scores` wrote: the scores, and the names of the labels."""
    with np.load(path, allow_pickle=False) as kept:
        names = tuple(str(name) for name in kept["names"])
        repetitions = int(kept["repetitions"])
        if not repetitions:
            return None, names
        return Scores(repetitions=repetitions, **{name: kept[name] for name in ARRAYS}), names
