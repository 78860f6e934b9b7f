"""The task of measuring a learning curve: what its job is told, and the scores that it leaves."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from understudy.domain.task import Task
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
        task: What is to be answered.
        about: What the modality needs to know besides, as in `Assignment`.
        entry: Where the measuring starts, as "module:function".
    """

    folder: Path
    scores: Path
    blobs: str
    cache: Path
    modality: str
    extractor: str | None
    candidate: str | None
    seed: int
    task: Task = field(default_factory=Task)
    about: dict[str, Any] = field(default_factory=dict)
    entry: str = ENTRY

    def job(self) -> Job:
        """The job for an executor."""
        told = asdict(self)
        return Job(self.entry, {**told, **{name: str(told[name]) for name in ("folder", "scores", "cache")}})

    @classmethod
    def told(cls, payload: dict[str, Any]) -> "LearningTask":
        """Reads what `job` wrote."""
        paths = {name: Path(payload[name]) for name in ("folder", "scores", "cache")}
        return cls(**{**payload, **paths, "task": Task.from_json(payload["task"])})


def scores_name(
    data_version: str, candidate: str | None, extractor: str | None, seed: int, task: Task, about: Mapping[str, Any]
) -> str:
    """Name of the file that holds the scores of one head on one state of the examples, read and asked in one way."""
    read = json.dumps([task.to_json(), about], sort_keys=True)
    told = "\n".join([data_version, candidate or "", extractor or "", str(seed), read])
    return f"{hashlib.sha256(told.encode()).hexdigest()[:32]}.npz"


def version_of(rows: Iterable[tuple[str, str, str]], content: bytes | None = None) -> str:
    """Digest of what a search learns from, as every search names its data.

    Args:
        rows: Digest, label and group of each example, in the lesson's order.
        content: What is known of items besides, where interactions are learned from.
    """
    digest = hashlib.sha256()
    for row in rows:
        digest.update(json.dumps(list(row)).encode() + b"\n")
    if content is not None:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


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
