"""The search as a job of its own process: what it is told, and what it tells."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from understudy.domain.example import Example
from understudy.domain.trial import Budget, Trial
from understudy.engine.executor import Job, Report, StopRequested
from understudy.modalities.image.features import Photo
from understudy.modalities.image.named import extractor_named
from understudy.search.training import Lesson, Settings, Training
from understudy.search.views import DEFAULT_SIZES
from understudy.store.blobs import BlobStore

ENTRY = "understudy.search.job:run"
LESSON = "lesson.jsonl"
MODEL = "model.onnx"


@dataclass(frozen=True)
class Assignment:
    """What a search job is told.

    Attributes:
        folder: The run's own; holds `LESSON`, receives the journal and `MODEL`.
        blobs: Where photos are, as the blob store's URL.
        cache: Where features are kept.
        extractor: Name of the feature extractor, or None for the built-in one.
        seed: Same seed, same trials, same model.
        budget: When to end.
        started: When the whole run began, in seconds since 1970: the time until this job's start is part of its budget.
    """

    folder: Path
    blobs: str
    cache: Path
    extractor: str | None
    seed: int
    budget: Budget
    started: float

    def job(self) -> Job:
        """The job for an executor."""
        told = asdict(self)
        return Job(ENTRY, {**told, "folder": str(self.folder), "cache": str(self.cache)})

    @classmethod
    def told(cls, payload: dict[str, Any]) -> "Assignment":
        """Reads what `job` wrote."""
        given = {**payload, "folder": Path(payload["folder"]), "cache": Path(payload["cache"])}
        return cls(**{**given, "budget": Budget(**payload["budget"])})


def write_lesson(folder: Path, examples: Iterable[Example]) -> int:
    """Writes what is to be learned: labelled training examples, a line each. Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / LESSON).open("w", encoding="utf-8") as file:
        for example in examples:
            if example.label is not None:
                file.write(json.dumps([example.digest, example.label, example.group], ensure_ascii=False) + "\n")
                count += 1
    return count


def run(payload: dict[str, Any], report: Report, stop_requested: StopRequested) -> dict[str, Any]:
    """Searches for a model. The entry point in the child's process.

    Returns:
        `trials`, `data_version`, `stopped` and `complete` as in `Trained`; the model is in the run's folder.
    """
    told = Assignment.told(payload)
    settings = Settings(extractor_named(told.extractor), DEFAULT_SIZES, told.seed, _left(told, time.time()))
    lesson = _lesson(told)
    training = Training(
        lesson, settings, told.folder / "journal", told.cache, report=report, stop_requested=stop_requested
    )
    trained = training.run()
    (told.folder / MODEL).write_bytes(trained.model)
    return {
        "trials": [asdict(trial) for trial in trained.trials],
        "data_version": trained.data_version,
        "stopped": trained.stopped,
        "complete": trained.complete,
    }


def trials_from(result: dict[str, Any]) -> tuple[Trial, ...]:
    """The trials that a job's result tells of."""
    return tuple(Trial(**trial) for trial in result["trials"])


def _left(told: Assignment, now: float) -> Budget:
    """What is left of the budget once the process has started."""
    if told.budget.seconds is None:
        return told.budget
    return replace(told.budget, seconds=max(told.budget.seconds - max(now - told.started, 0.0), 0.0))


def _lesson(told: Assignment) -> Lesson:
    blobs = BlobStore(told.blobs)
    photos, labels, groups = [], [], []
    for digest, label, group in _lines(told.folder / LESSON):
        photos.append(Photo(digest, partial(blobs.get, digest)))
        labels.append(label)
        groups.append(group)
    return Lesson(photos, labels, groups)


def _lines(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            digest, label, group = json.loads(line)
            yield digest, label, group
